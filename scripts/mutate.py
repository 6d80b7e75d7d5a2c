"""Breaks the code in small ways, one at a time, and runs the tests that cover the broken line.

A break that no test notices is a survivor: it is printed with its place. First `--collect` runs the suite once with
coverage to learn which tests run which line (kept in .mutate/ until the code has changed much); then each call takes a
sample of all breaks, the same for the same --seed. The exit code is 1 when a tenth of them or more survive.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts")]

from mutating.covering import Covering, collect  # noqa: E402
from mutating.mutants import Mutant, mutants  # noqa: E402

COPIED = ("runner", "tests", "scripts", "docs", "collections", "environments", "pyproject.toml", "README.md", "SECURITY.md")
MOST_SURVIVORS = 0.10
QUICK, SECONDS = 40, 120.0
"""Tests that are tried first, and seconds after which a mutant that has not ended counts as noticed."""


def sample(paths: list[str], size: int, seed: int, covering: Covering) -> list[Mutant]:
    """Breaks of lines that tests cover, drawn evenly from all of them."""
    files = sorted(
        {file for path in paths for file in ([ROOT / path] if path.endswith(".py") else (ROOT / path).rglob("*.py"))}
    )
    found: list[Mutant] = []
    for file in files:
        name = file.relative_to(ROOT).as_posix()
        found += (mutant for mutant in mutants(name, file.read_text()) if covering.of(name, mutant.line))
    random.Random(seed).shuffle(found)
    return found[:size]


class Copy:
    """A copy of the tree, in which one file at a time is broken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        ignore = shutil.ignore_patterns("__pycache__", "node_modules")
        for name in COPIED:
            source = ROOT / name
            shutil.copytree(source, folder / name, ignore=ignore) if source.is_dir() else shutil.copy(source, folder / name)

    def survives(self, mutant: Mutant, tests: list[str]) -> bool:
        """Whether all these tests pass with the break."""
        path = self._folder / mutant.path
        text = (ROOT / mutant.path).read_text()
        path.write_text(mutant.applied(text))
        try:
            return self._pass(tests[:QUICK]) and (len(tests) <= QUICK or self._pass(tests[QUICK:]))
        finally:
            path.write_text(text)

    def _pass(self, tests: list[str]) -> bool:
        listed = self._folder / "tests.txt"
        listed.write_text("\n".join(tests))
        words = [sys.executable, "-B", "-m", "pytest", "-x", f"--basetemp={self._folder / 'tmp'}", f"@{listed}"]
        environ = {**os.environ, "PYTHONPATH": str(self._folder)}
        with tempfile.TemporaryFile() as output:
            ran = subprocess.Popen(
                words, cwd=self._folder, env=environ, stdout=output, stderr=output, start_new_session=True
            )
            try:
                return ran.wait(SECONDS) == 0
            except subprocess.TimeoutExpired:
                os.killpg(ran.pid, 9)
                ran.wait()
                return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--collect", action="store_true", help="run the suite to learn which tests run which line")
    parser.add_argument("--tests", nargs="*", default=[], help="with --collect: only these tests")
    parser.add_argument("--paths", nargs="*", default=["runner"], help="files or folders to break (default: runner)")
    parser.add_argument("--sample", type=int, default=100, help="how many breaks are tried (default: 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    if chosen.collect:
        collect(chosen.tests, str(chosen.processes))
        return 0
    covering, start = Covering(), time.monotonic()
    drawn = sample(chosen.paths, chosen.sample, chosen.seed, covering)
    with tempfile.TemporaryDirectory(prefix="mutate-") as temporary:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(chosen.processes):
            folder = Path(temporary, str(number))
            folder.mkdir()
            copies.put(Copy(folder))

        def attempt(mutant: Mutant) -> bool:
            copy = copies.get()
            try:
                survived = copy.survives(mutant, covering.of(mutant.path, mutant.line))
            finally:
                copies.put(copy)
            if survived:
                print(f"{mutant.path}:{mutant.line}\n{mutant.diff((ROOT / mutant.path).read_text())}\n", flush=True)
            return survived

        with ThreadPoolExecutor(chosen.processes) as pool:
            survivors = sum(pool.map(attempt, drawn))
    share = survivors / max(len(drawn), 1)
    print(f"{len(drawn)} breaks, {survivors} survived ({share:.1%}), {time.monotonic() - start:.0f} s")
    return int(share >= MOST_SURVIVORS)


if __name__ == "__main__":
    sys.exit(main())
