"""Which tests run which line of the code, and how long each takes: runs of the suite with coverage tell it."""

from __future__ import annotations

import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STORE = ROOT / ".mutate"
SECONDS = 60.0
"""A mutant meets its tests until they took so long together when they were collected."""


def collect(tests: list[str], processes: str) -> None:
    """Run these tests and add what they run to what is known; without any, run all and forget what was known."""
    if not tests:
        shutil.rmtree(STORE, ignore_errors=True)
    STORE.mkdir(exist_ok=True)
    config = STORE / "coveragerc"
    lines = ["[run]", f"source = {ROOT / 'runner'}", f"data_file = {STORE / 'data'}", "parallel = true"]
    config.write_text("\n".join([*lines, "relative_files = true", ""]))
    words = [*tests, "-n", processes, "--cov", f"--cov-config={config}", "--cov-context=test", "--cov-report="]
    words += ["--cov-append", "-p", "mutating.outcomes"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "MUTATE_OUTCOMES": str(STORE / "outcomes.json")}
    with tempfile.TemporaryDirectory() as folder:  # not below ROOT: pytest in a test would find the settings there
        command = [sys.executable, "-m", "pytest", f"--basetemp={folder}/tests", *words]
        done = subprocess.run(command, cwd=ROOT, env=environ, check=False)
    if done.returncode > 1:
        raise SystemExit(done.returncode)
    for name in ("runner", "tests"):
        shutil.copytree(
            ROOT / name, STORE / "collected" / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("[!_]*.[!p]*")
        )


class Covering:
    """The tests of each line: those that run it, the quickest of its room first, then all others of its room."""

    def __init__(self) -> None:
        from coverage import CoverageData

        self._data = CoverageData(basename=str(STORE / "data"))
        self._data.read()
        self._outcomes: dict[str, tuple[float, bool]] = json.loads((STORE / "outcomes.json").read_text())
        self._texts: dict[str, str] = {}
        self._lines: dict[str, dict[int, list[str]]] = {}
        self._tests: dict[tuple[str, int], list[str]] = {}

    def of(self, path: str, line: int) -> list[str]:
        """The tests that run a line of a file, and those of its room: it may run at an import or in a child, too."""
        if (path, line) not in self._tests:
            self._tests[path, line] = self._tests_of(path, line)
        return self._tests[path, line]

    def _tests_of(self, path: str, line: int) -> list[str]:
        if path not in self._lines:
            found = self._data.contexts_by_lineno(path)
            self._lines[path] = {now: found.get(then, []) for now, then in _lines_then(path).items()}
        contexts = self._lines[path].get(line, [])
        room = f"tests/{path.split('/')[1].removesuffix('.py')}/"
        names = {context.rpartition("|")[0] for context in contexts if context}
        return self._chosen(names, room)

    def seconds(self, tests: list[str]) -> float:
        """How long these tests take together on a machine as it was when they were collected."""
        return sum(self._outcomes[name][0] for name in tests)

    def _chosen(self, running: set[str], room: str) -> list[str]:
        names = running | {name for name in self._outcomes if name.startswith(room)}
        passed = [name for name in names if self._outcomes.get(name, (0, False))[1] and self._is_there(name)]
        chosen: list[str] = []
        left = SECONDS
        for name in sorted(
            passed, key=lambda name: (name not in running, not name.startswith(room), self._outcomes[name][0], name)
        ):
            left -= self._outcomes[name][0]
            if left > 0 or not chosen:
                chosen.append(name)
        return chosen

    def _is_there(self, name: str) -> bool:
        file, *_, case = name.split("::")
        if file not in self._texts:
            self._texts[file] = (ROOT / file).read_text() if (ROOT / file).exists() else ""
        return f"def {case.partition('[')[0]}(" in self._texts[file]


def _lines_then(path: str) -> dict[int, int]:
    """The lines of a file as it is now that it had when the tests were collected, and their numbers then."""
    old = STORE / "collected" / path
    then = old.read_text().splitlines() if old.exists() else []
    matcher = difflib.SequenceMatcher(None, then, (ROOT / path).read_text().splitlines(), autojunk=False)
    return {now + n + 1: before + n + 1 for before, now, size in matcher.get_matching_blocks() for n in range(size)}
