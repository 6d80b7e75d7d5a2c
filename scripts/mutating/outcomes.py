"""A plugin of pytest that adds to a file how long each test took, and whether it passed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

FILE = Path(os.environ["MUTATE_OUTCOMES"])
seconds: dict[str, float] = {}
bad: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    seconds[report.nodeid] = seconds.get(report.nodeid, 0.0) + report.duration
    if not report.passed:
        bad.add(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    FILE.write_text(json.dumps({**known, **{name: (taken, name not in bad) for name, taken in seconds.items()}}))
