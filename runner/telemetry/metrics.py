"""The metrics of a run: durations of requests and scripts, and how many tests passed."""

from __future__ import annotations

from opentelemetry.metrics import Meter

from runner.telemetry import names
from runner.telemetry.http import Sent, metric_attributes


class Metrics:
    """The instruments."""

    def __init__(self, meter: Meter) -> None:
        self._requests = meter.create_histogram(
            names.REQUEST_DURATION,
            unit="s",
            description="Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=names.DURATION_BUCKETS,
        )
        self._assertions = meter.create_counter(names.ASSERTIONS, unit="{assertion}", description="Tests by their result.")
        self._scripts = meter.create_histogram(
            names.SCRIPT_DURATION,
            unit="s",
            description="Duration of scripts.",
            explicit_bucket_boundaries_advisory=names.SCRIPT_BUCKETS,
        )

    def request(self, sent: Sent) -> None:
        """Count a request on the wire."""
        self._requests.record(sent.seconds, metric_attributes(sent))

    def assertion(self, result: str) -> None:
        """Count a test: passed, failed or skipped."""
        self._assertions.add(1, {names.RESULT: result})

    def script(self, listen: str, seconds: float, *, failed: bool) -> None:
        """Count a script."""
        self._scripts.record(seconds, {names.LISTEN: listen, **({names.ERROR_TYPE: "script"} if failed else {})})
