"""Breaks the code in small ways, one at a time, and runs the tests that cover the broken line.

A break that no test notices is a survivor: it is printed with its place. First `--collect` runs the suite once with
coverage to learn which tests run which line (kept in .mutate/ until the code has changed much; with --tests it learns
some tests anew); then each call takes a sample of all breaks, the same for the same --seed. With --room nothing has to be
collected: the breaks of one room meet its tests and those that import it. A break whose tests do not end is printed, too,
and counted apart. The exit code is 1 when a tenth of all breaks or more survive.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import cache_from_source
from itertools import islice
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts")]

from mutating.covering import Covering, collect  # noqa: E402
from mutating.mutants import Mutant, mutants  # noqa: E402
from mutating.room import RoomTests  # noqa: E402
from mutating.tried import Tried  # noqa: E402

COPIED = (
    *("runner", "tests", "scripts", "docs", "collections", "environments"),
    *("pyproject.toml", "README.md", "SECURITY.md", ".pre-commit-hooks.yaml"),
)
MOST_SURVIVORS = 0.10
QUICK = 40
"""Tests that are tried before the rest."""
SECONDS, SLOWER = 120.0, 10.0
"""Tests have not ended if they take so long, and so many times longer than when they were collected."""
NOTICED, SURVIVED, ENDLESS = "noticed", "survived", "did not end"


def sample(paths: list[str], size: int, seed: int) -> list[Mutant]:
    """Breaks, drawn evenly from all of them."""
    files = sorted(
        {file for path in paths for file in ([ROOT / path] if path.endswith(".py") else (ROOT / path).rglob("*.py"))}
    )
    found: list[Mutant] = []
    for file in (file for file in files if "node_modules" not in file.parts):
        name = file.relative_to(ROOT).as_posix()
        found += mutants(name, file.read_text())
    random.Random(seed).shuffle(found)
    return list(islice((mutant for mutant in found if mutant.compiles((ROOT / mutant.path).read_text())), size))


class Copy:
    """A copy of the tree, in which one file at a time is broken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ran: subprocess.Popen[bytes] | None = None
        self.stopped = False
        ignore = shutil.ignore_patterns("node_modules")
        for name in COPIED:
            source = ROOT / name
            shutil.copytree(source, folder / name, ignore=ignore) if source.is_dir() else shutil.copy(source, folder / name)

    def outcome(self, mutant: Mutant, tests: list[str], seconds: float) -> str:
        """What these tests say to a break; without it they take so many seconds."""
        text = (ROOT / mutant.path).read_text()
        self._write(mutant.path, mutant.applied(text))
        try:
            first = self.run(tests[:QUICK], seconds)
            return self.run(tests[QUICK:], seconds) if first == SURVIVED and len(tests) > QUICK else first
        finally:
            self._write(mutant.path, text)

    def stop(self) -> None:
        """Kill the tests that run now, whose outcome says nothing then, and run no others."""
        self.stopped = True
        self._kill()

    def _kill(self) -> None:
        if self._ran is not None and self._ran.poll() is None:
            os.killpg(self._ran.pid, signal.SIGKILL)

    def _write(self, path: str, text: str) -> None:
        """Write a module whose compiled form is not that of the text before: its age in seconds may be the same."""
        file = self._folder / path
        file.write_text(text)
        Path(cache_from_source(str(file))).unlink(missing_ok=True)

    def run(self, tests: list[str], seconds: float) -> str:
        """What these tests say to the tree as it is now; without a break they take so many seconds."""
        listed, output = self._folder / "tests.txt", self._folder / "output.txt"
        listed.write_text("\n".join(tests))
        words = [sys.executable, "-m", "pytest", "-x", f"--basetemp={self._folder / 'tmp'}", f"@{listed}"]
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environ["PYTHONPATH"] = str(self._folder)
        with output.open("wb") as out:
            more = {"cwd": self._folder, "env": environ, "start_new_session": True}
            ran = self._ran = subprocess.Popen(words, stdout=out, stderr=out, **more)
            try:
                code = ran.wait(max(SECONDS, SLOWER * seconds))
            except subprocess.TimeoutExpired:
                self._kill()
                ran.wait()
                return ENDLESS
            except BaseException:
                self._kill()
                raise
        said = output.read_text(errors="replace")
        if (code and "+ Timeout +" in said) or "Failed: Timeout" in said:
            return ENDLESS
        if gone := set(re.findall(rf"^ERROR: not found: {re.escape(str(self._folder))}/(.*)$", said, re.M)):
            left = [test for test in tests if test not in gone]
            return self.run(left, seconds) if left else SURVIVED
        named = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
        failed = [test for test in tests if any(line.partition(" ")[2].startswith(test) for line in named)]
        if code and failed and len(tests) > 1:  # once more, alone: on a busy machine a test may fail for no reason
            left = [test for test in tests if test not in failed]
            again = self.run(failed[:1], seconds)
            return self.run(left, seconds) if again == SURVIVED and left else again
        return f"{NOTICED}: {named[-1] if named else f'exit code {code}'}" if code else SURVIVED


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--collect", action="store_true", help="run the suite to learn which tests run which line")
    parser.add_argument("--tests", nargs="*", default=[], help="with --collect or --room: only these tests")
    parser.add_argument("--room", help="break runner/ROOM, and run only tests/ROOM and the tests that import it")
    parser.add_argument("--paths", nargs="*", help="files or folders to break (default: runner, or the room)")
    parser.add_argument("--sample", type=int, default=100, help="how many breaks are tried (default: 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true", help="take over what earlier calls noticed in the same code")
    parser.add_argument("--all", action="store_true", help="print the breaks that were noticed, too, each with its test")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    # A job in the background ignores SIGINT, and so would the tests of signals.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if chosen.collect:
        collect(chosen.tests, str(chosen.processes))
        return 0
    start = time.monotonic()
    drawn = sample(chosen.paths or [f"runner/{chosen.room}" if chosen.room else "runner"], chosen.sample, chosen.seed)
    tried, outcomes = Tried(chosen.resume), list[str]()
    with tempfile.TemporaryDirectory(prefix="mutate-") as temporary:
        copies: SimpleQueue[Copy] = SimpleQueue()
        made: list[Copy] = []
        for number in range(chosen.processes):
            folder = Path(temporary, str(number))
            folder.mkdir()
            made.append(Copy(folder))
            copies.put(made[-1])
        covering = RoomTests(chosen.room, chosen.tests, made[0].run) if chosen.room else Covering()

        def attempt(mutant: Mutant) -> None:
            outcome = tried.noticed(mutant)
            tests = covering.of(mutant.path, mutant.line)
            if outcome is None:
                copy = copies.get()
                try:
                    outcome = copy.outcome(mutant, tests, covering.seconds(tests)) if tests else SURVIVED
                finally:
                    copies.put(copy)
                if copy.stopped:
                    return
                if outcome.startswith(NOTICED):
                    tried.add(mutant, outcome)
            outcomes.append(outcome)
            if chosen.all or not outcome.startswith(NOTICED):
                diff = mutant.diff((ROOT / mutant.path).read_text())
                print(f"{mutant.path}:{mutant.line} {outcome} ({len(tests)} tests)\n{diff}\n", flush=True)
            if not outcome.startswith(NOTICED) or len(outcomes) % 10 == 0:
                print(f"{told(outcomes)} of {len(drawn)}\n", flush=True)

        pool = ThreadPoolExecutor(chosen.processes)
        try:
            list(pool.map(attempt, drawn))
        except KeyboardInterrupt:
            print(f"{told(outcomes)}; --resume takes over what was noticed")
            return 130
        finally:  # Ctrl-C must not wait for tests
            pool.shutdown(wait=False, cancel_futures=True)
            for copy in made:
                copy.stop()
            pool.shutdown()
    print(f"{told(outcomes)}, {time.monotonic() - start:.0f} s")
    return int(outcomes.count(SURVIVED) >= MOST_SURVIVORS * max(len(outcomes), 1))


def told(outcomes: list[str]) -> str:
    """How many breaks survived of those that were tried."""
    survived, endless = outcomes.count(SURVIVED), outcomes.count(ENDLESS)
    share = survived / max(len(outcomes), 1)
    return f"{survived} survived ({share:.1%}), {endless} did not end, {len(outcomes)} tried"


if __name__ == "__main__":
    sys.exit(main())
