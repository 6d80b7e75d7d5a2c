"""Which tests run which line of the code, and how long each takes: a run of the suite with coverage tells it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STORE = ROOT / ".mutate"


def collect(tests: list[str], processes: str) -> None:
    """Run these tests (all of them, if none is named) and keep what they run."""
    STORE.mkdir(exist_ok=True)
    config = STORE / "coveragerc"
    config.write_text(f"[run]\nsource = {ROOT / 'runner'}\ndata_file = {STORE / 'data'}\nparallel = true\n")
    for old in STORE.glob("data*"):
        old.unlink()
    words = [*tests, "-n", processes, "--cov", f"--cov-config={config}", "--cov-context=test", "--cov-report="]
    words += [f"--junit-xml={STORE / 'times.xml'}", "-o", "junit_duration_report=call", f"--basetemp={STORE / 'tmp'}"]
    done = subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, check=False)
    if done.returncode > 1:
        raise SystemExit(done.returncode)
    (STORE / "failed").write_text(json.dumps(sorted(_failed())))


def _cases() -> list[tuple[str, float, bool]]:
    from xml.etree import ElementTree

    cases = []
    for case in ElementTree.parse(STORE / "times.xml").iter("testcase"):
        path = case.get("classname", "").replace(".", "/") + ".py"
        failed = any(child.tag in ("failure", "error", "skipped") for child in case)
        cases.append((f"{path}::{case.get('name')}", float(case.get("time", 0)), failed))
    return cases


def _failed() -> set[str]:
    """Tests that do not pass on the code as it is: they tell nothing about a mutant."""
    return {name for name, _, failed in _cases() if failed}


class Covering:
    """The tests of each line, the quickest first."""

    def __init__(self) -> None:
        from coverage import CoverageData

        self._data = CoverageData(basename=str(STORE / "data"))
        self._data.read()
        self._failed = set(json.loads((STORE / "failed").read_text()))
        self._times = {name: seconds for name, seconds, _ in _cases()}
        self._lines: dict[str, dict[int, list[str]]] = {}

    def of(self, path: str, line: int) -> list[str]:
        """The tests that run a line of a file below the root."""
        if path not in self._lines:
            found = self._data.contexts_by_lineno(os.path.join(ROOT, path))
            self._lines[path] = defaultdict(list, {line: self._sorted(contexts) for line, contexts in found.items()})
        return self._lines[path][line]

    def _sorted(self, contexts: list[str]) -> list[str]:
        names = {context.rpartition("|")[0] for context in contexts if context} - self._failed
        return sorted(names, key=lambda name: (self._times.get(name, 1.0), name))
