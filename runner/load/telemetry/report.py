"""Tells others of a load test while it runs, as a report among reports: none of their troubles is one of the test."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from runner.load.figures.figures import Figures
from runner.load.reports.report import Outcome
from runner.load.telemetry.measured import Measured, measured
from runner.load.thresholds.threshold import Verdict

if TYPE_CHECKING:
    from runner.load.telemetry.endpoint import Endpoint
    from runner.load.telemetry.otlp import Exporting


class Telemetry:
    """Metrics for a collector (`otel`) and for whoever asks on `port`; raises `UsageError` if that is taken."""

    def __init__(self, *, otel: bool, port: int | None) -> None:
        self._figures = Figures(0.0)
        self._verdicts: Sequence[Verdict] = ()
        self._endpoint = None if port is None else _endpoint(port, self)
        self._exporting = _exporting() if otel else None
        if self._endpoint is not None:
            print(f"metrics: {self._endpoint.url}", file=sys.stderr)

    def text(self) -> str:
        """What Prometheus gets now."""
        from runner.load.telemetry.prometheus import prometheus_text

        return prometheus_text(self._measured())

    def on_start(self, figures: Figures) -> None:
        """The first request is about to be sent."""
        self._figures = figures

    def on_progress(self, figures: Figures, verdicts: Sequence[Verdict]) -> None:
        """Send what came so far, if it is time to."""
        self._figures, self._verdicts = figures, verdicts
        if self._exporting is not None and self._exporting.due:
            self._exporting.send(self._measured(), figures.started)

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> None:
        """Send the last figures, and answer no more."""
        self._figures, self._verdicts = figures, verdicts
        if self._endpoint is not None:
            self._endpoint.close()
        warning = self._exporting.finish(self._measured(), figures.started) if self._exporting is not None else ""
        if warning:
            print(f"warning: {warning}", file=sys.stderr)

    def _measured(self) -> list[Measured]:
        return measured(self._figures, self._verdicts)


def _endpoint(port: int, telemetry: Telemetry) -> Endpoint:
    from runner.load.telemetry.endpoint import Endpoint

    return Endpoint(port, telemetry.text)


def _exporting() -> Exporting | None:
    """None if the environment turns it off."""
    from runner.telemetry.opening import disabled

    if disabled(os.environ) or os.environ.get("OTEL_METRICS_EXPORTER", "").strip() == "none":
        return None
    from runner.load.telemetry.otlp import Exporting

    return Exporting()
