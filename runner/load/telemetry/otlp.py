"""Metrics on their way to an OpenTelemetry collector, from the process that leads the test."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from itertools import pairwise
from time import monotonic, time_ns

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from runner.load.telemetry.measured import Labels, Measured, Spread
from runner.telemetry.export import FLUSH_LIMIT, SCOPE, MetricExporter, Signal, Troubles, resource
from runner.version import __version__

INTERVAL = "OTEL_METRIC_EXPORT_INTERVAL"
USUAL_MS = 60_000.0


class Exporting:
    """Sends metrics each `OTEL_METRIC_EXPORT_INTERVAL` and at the end, on threads of its own; nothing here fails a test."""

    def __init__(self) -> None:
        self._signal = Signal()
        self._troubles = Troubles(None, self._signal)
        self._exporter = MetricExporter(self._signal)
        try:
            self._seconds = max(float(os.environ.get(INTERVAL) or USUAL_MS), 100.0) / 1000
        except ValueError:
            self._seconds = USUAL_MS / 1000
        self._resource = resource()
        self._next = monotonic() + self._seconds
        self._thread: threading.Thread | None = None

    @property
    def due(self) -> bool:
        """Whether the next export should begin: its time has come, and the one before is over."""
        return monotonic() >= self._next and not (self._thread is not None and self._thread.is_alive())

    def send(self, metrics: Iterable[Measured], started: float) -> None:
        """Begin an export of what is measured since `started`, seconds since the epoch."""
        self._next = monotonic() + self._seconds
        data = self._data(metrics, started)
        self._thread = threading.Thread(target=self._exporter.export, args=(data,), daemon=True)
        self._thread.start()

    def finish(self, metrics: Iterable[Measured], started: float) -> str:
        """The last export, as at the end of a run; returns a warning, or nothing."""
        data = self._data(metrics, started)
        self._signal.flush(lambda: self._exporter.export(data))
        self._signal.end.wait(FLUSH_LIMIT)
        told = self._troubles.told() or ("" if self._signal.complete else f"there was no answer for {FLUSH_LIMIT:g} s")
        self._signal.give_up()
        self._signal.join()
        self._troubles.leave()
        return f"--otel: not all telemetry was exported: {told}" if told else ""

    def _data(self, metrics: Iterable[Measured], started: float) -> MetricsData:
        begin, now = int(started * 1e9), time_ns()
        shown = [_metric(one, begin, now) for one in metrics if one.values]
        scope = ScopeMetrics(scope=InstrumentationScope(SCOPE, __version__), metrics=shown, schema_url="")
        return MetricsData([ResourceMetrics(resource=self._resource, scope_metrics=[scope], schema_url="")])


def _metric(metric: Measured, begin: int, now: int) -> Metric:
    data: Gauge | Sum | Histogram
    total = AggregationTemporality.CUMULATIVE
    if metric.kind == "histogram":
        spreads = [_spread(labels, value, begin, now) for labels, value in metric.values if isinstance(value, Spread)]
        data = Histogram(data_points=spreads, aggregation_temporality=total)
    else:
        points = [
            NumberDataPoint(attributes=labels, start_time_unix_nano=begin, time_unix_nano=now, value=value)
            for labels, value in metric.values
            if not isinstance(value, Spread)
        ]
        rising = Sum(data_points=points, aggregation_temporality=total, is_monotonic=True)
        data = rising if metric.kind == "counter" else Gauge(data_points=points)
    return Metric(name=metric.name, description=metric.about, unit=metric.unit, data=data)


def _spread(labels: Labels, value: Spread, begin: int, now: int) -> HistogramDataPoint:
    """Counted between two bounds, as OTLP does."""
    below = (0, *value.below, value.total)
    return HistogramDataPoint(
        attributes=labels,
        start_time_unix_nano=begin,
        time_unix_nano=now,
        count=value.total,
        sum=value.sum,
        bucket_counts=[high - low for low, high in pairwise(below)],
        explicit_bounds=list(value.bounds),
        min=value.least,
        max=value.most,
    )
