"""What pytest-xdist does to a chain of requests."""

from __future__ import annotations

import pytest

from runner.reporters.text import plural


class Distribution:
    """Counts the requests that ran only because others need them, in a run that spreads a collection over workers."""

    def __init__(self, dist: str) -> None:
        self._dist = dist
        self._requests = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what ran in the setup of an item."""
        if report.when == "setup":
            self._requests += sum(text.count("\n") for name, text in report.sections if name == "Captured ran before setup")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what keeps a collection in one worker."""
        if self._requests:
            what = f"postrunner: {plural(self._requests, 'request')} ran in setups of others, because --dist {self._dist}"
            terminalreporter.write_line(f"{what} spreads a collection over workers; --dist loadfile keeps it in one")
