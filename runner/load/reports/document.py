"""The `json` report of a load test: one document with k6's figures under k6's names, and ours."""

from __future__ import annotations

from collections.abc import Sequence

from runner.deep_json import indented
from runner.load.figures.figures import Figures
from runner.load.reports.report import About, Outcome
from runner.load.reports.shapes import summary_json, timeline_json
from runner.load.thresholds.threshold import Verdict
from runner.logs import json_visible
from runner.outputs import write_text
from runner.reporters.context import ReporterContext
from runner.reporters.report_files import report_path

NAME = "json"


class Document:
    """Writes the document when the test is over."""

    def __init__(self, context: ReporterContext, about: About) -> None:
        self._context = context
        self._about = about
        self._path = report_path(context, NAME, "json")

    def on_start(self, figures: Figures) -> None:
        """Nothing is written before the test is over."""

    def on_progress(self, figures: Figures, verdicts: Sequence[Verdict]) -> None:
        """Nothing is written before the test is over."""

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> None:
        """Write the document; raises `ExportError`."""
        shape = {**summary_json(figures, verdicts, outcome, self._about), "timeline": timeline_json(figures)}
        write_text(self._path, self._context.markers.in_json(json_visible(indented(shape, "\n"))) + "\n")
