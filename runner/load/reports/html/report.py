"""The `html` report of a load test: one page with charts, which needs neither a server nor the network."""

from __future__ import annotations

from collections.abc import Sequence

from runner.load.figures.figures import Figures
from runner.load.reports.html.page import write_page
from runner.load.reports.report import About, Outcome
from runner.load.thresholds.threshold import Verdict
from runner.outputs import writing
from runner.reporters.context import ReporterContext
from runner.reporters.report_files import report_path

NAME = "html"


class HtmlReport:
    """Writes the page when the test is over."""

    def __init__(self, context: ReporterContext, about: About) -> None:
        self._context = context
        self._about = about
        self._path = report_path(context, NAME, "html")

    def on_start(self, figures: Figures) -> None:
        """Nothing is written before the test is over."""

    def on_progress(self, figures: Figures, verdicts: Sequence[Verdict]) -> None:
        """Nothing is written before the test is over."""

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> None:
        """Write the page; raises `ExportError`."""
        with writing(self._path) as file:
            write_page(file, figures, verdicts, outcome, self._about, self._context)
