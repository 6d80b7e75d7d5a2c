"""The way to the collector: providers and exporters of the SDK, what goes wrong with them, and their end.

Nothing here may cost the run anything: exports go on in threads of the SDK, its logs become one warning, and at the end
there is a limit of time for all of it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExportResult, MetricReader, MetricsData, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Sampler

from runner.cancel import Cancel
from runner.interruption import Interrupt, writing_out
from runner.version import __version__

FLUSH_LIMIT = 5.0
"""Seconds that the end of a run waits for the last exports."""

LAST_WORDS = 0.5
"""Seconds that an export which was given up gets to end."""

LONGEST = 300
"""Characters of a message of the SDK that are told."""

RETRYING = "Transient error"
PASSING = (RETRYING, "Shutdown in progress", "Exporter already shutdown", "OTLP client already shutdown")
"""How messages begin that tell of nothing lost: what is tried again, and what our own end causes."""

SCOPE = "postrunner"


class Ids(RandomIdGenerator):
    """Random ids; the next span gets the one that its request was sent with."""

    def __init__(self) -> None:
        self.next_span = 0

    def generate_span_id(self) -> int:
        """The id that was asked for, once, else a random one."""
        chosen, self.next_span = self.next_span, 0
        return chosen or super().generate_span_id()


class Signal:
    """Traces or metrics on their way: `failing` says that the latest export did not succeed, or is being tried again."""

    def __init__(self) -> None:
        self.failing = False
        self.end = Cancel()
        """Set when its last export is over, or given up."""
        self.ending = self.complete = False
        self.shut_down: Callable[[], None] = lambda: None
        self._thread: threading.Thread | None = None

    def take(self, *, success: bool) -> None:
        """Note what came of an export, or of a try at one."""
        self.failing = not success
        if self.failing and self.ending:  # no use in trying again for seconds: the run is over
            self.end.set()

    def flush(self, send: Callable[[], object]) -> None:
        """Send what is left, on a thread of its own; without hope only that ends which would go on sending."""

        def work() -> None:
            send()
            self.complete = not self.failing
            self.end.set()

        self.ending = True
        if self.failing:
            self.give_up()
        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def give_up(self) -> None:
        """End all retries; exports fail from now on."""
        self.end.set()
        self.shut_down()

    def join(self) -> None:
        """Wait for what was given up to notice it, so that the log hears its last words."""
        if self._thread is not None:
            self._thread.join(LAST_WORDS)


class Troubles(logging.Handler):
    """Takes the log of the SDK in place of the terminal, and says in one sentence what was lost.

    What is said of a signal that is None belongs to somebody else in this process.
    """

    def __init__(self, traces: Signal | None, metrics: Signal | None) -> None:
        super().__init__(logging.WARNING)
        self._traces, self._metrics = traces, metrics
        self._lost: list[str] = []
        self._retried = ""
        self._logger = logging.getLogger("opentelemetry")
        self._before = self._logger.propagate, self._logger.level
        self._logger.addHandler(self)
        self._logger.propagate = False
        self._logger.setLevel(logging.WARNING)  # whatever the root has: a retry has to be heard of

    def emit(self, record: logging.LogRecord) -> None:
        """Take a message, on whatever thread."""
        message = " ".join(record.getMessage().split())[:LONGEST]
        signal = self._metrics if "metric" in record.name else self._traces
        if signal is None:
            return
        if message.startswith(RETRYING):
            self._retried = message.removeprefix(RETRYING).partition(" encountered while")[0].strip()
            signal.take(success=False)
        elif not message.startswith(PASSING):
            self._lost.append(message)

    def told(self) -> str:
        """The first reason; empty if nothing was lost."""
        failing = any(signal is not None and signal.failing for signal in (self._traces, self._metrics))
        if self._retried and (self._lost or failing):
            return self._retried
        return self._lost[0] if self._lost else ""

    def leave(self) -> None:
        """Give the log back."""
        self._logger.removeHandler(self)
        self._logger.propagate, level = self._before
        self._logger.setLevel(level)
        self.close()


class SpanExporter(OTLPSpanExporter):
    """The exporter of the SDK, which notes its results."""

    def __init__(self, signal: Signal) -> None:
        super().__init__()
        self._signal = signal
        signal.shut_down = self.shutdown

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans."""
        result = super().export(spans)
        self._signal.take(success=result is SpanExportResult.SUCCESS)
        return result


class MetricExporter(OTLPMetricExporter):
    """The exporter of the SDK, which notes its results."""

    def __init__(self, signal: Signal) -> None:
        super().__init__()
        self._signal = signal
        signal.shut_down = self.shutdown

    def export(
        self, metrics_data: MetricsData, timeout_millis: float | None = 10_000, **kwargs: object
    ) -> MetricExportResult:
        """Send metrics."""
        result = super().export(metrics_data, timeout_millis, **kwargs)
        self._signal.take(success=result is MetricExportResult.SUCCESS)
        return result


class Pipeline:
    """Tracer and meter of one run, and their end. `processors` and `readers` take what they make."""

    def __init__(
        self,
        traces: Signal,
        metrics: Signal,
        processors: Sequence[SpanProcessor],
        readers: Sequence[MetricReader],
        troubles: Troubles,
        sampler: Sampler | None = None,
    ) -> None:
        self.ids = Ids()
        self._signals = (traces, metrics)
        self._troubles = troubles
        own = resource()
        self._traces = TracerProvider(sampler, own, id_generator=self.ids, shutdown_on_exit=False)
        for processor in processors:
            self._traces.add_span_processor(processor)
        self._metrics = MeterProvider(readers, resource=own, shutdown_on_exit=False)
        self.tracer = self._traces.get_tracer(SCOPE, __version__)
        self.meter = self._metrics.get_meter(SCOPE, __version__)
        self._open = True

    def finish(self, cancel: Cancel) -> list[str]:
        """Send what is left, within `FLUSH_LIMIT` and as long as there is hope; returns at most one warning.

        Of a run that was ended it is sent, too; who asks for the end once more ends this.
        """
        if not self._open:
            return []
        traces, metrics = self._signals
        traces.flush(self._traces.shutdown)
        metrics.flush(self._metrics.shutdown)
        limit = monotonic() + FLUSH_LIMIT
        try:
            with (Cancel() if cancel.is_set else cancel).waking(self._give_up), writing_out():
                for signal in self._signals:
                    signal.end.wait(max(0.0, limit - monotonic()))
        except Interrupt:
            self._give_up()
        told = self._troubles.told()
        if not told and not all(signal.complete for signal in self._signals):
            told = "it was interrupted" if monotonic() < limit else f"there was no answer for {FLUSH_LIMIT:g} s"
        self.abandon()
        return [f"--otel: not all telemetry was exported: {told}"] if told else []

    def _give_up(self) -> None:
        for signal in self._signals:
            signal.give_up()

    def abandon(self) -> None:
        """End all retries, and let go; what is not sent is lost."""
        if not self._open:
            return
        self._open = False
        for signal, end in zip(self._signals, (self._traces.shutdown, self._metrics.shutdown), strict=True):
            signal.give_up()
            if not signal.ending:
                signal.flush(end)
            signal.join()
        self._troubles.leave()


def open_pipeline(
    environ: Mapping[str, str],
    *,
    metrics_too: bool = True,
    sampler: Sampler | None = None,
) -> Pipeline:
    """The exporters that the environment asks for: OTLP over HTTP for both signals, unless one is turned off.

    `sampler` is used in place of that of the environment.
    """
    traces, metrics = Signal(), Signal()
    troubles = Troubles(traces, metrics if metrics_too else None)  # before anything that may say something
    wanted = [environ.get(f"OTEL_{name}_EXPORTER", "").strip() != "none" for name in ("TRACES", "METRICS")]
    processors = [BatchSpanProcessor(SpanExporter(traces))] if wanted[0] else []
    readers = [PeriodicExportingMetricReader(MetricExporter(metrics))] if wanted[1] and metrics_too else []
    return Pipeline(traces, metrics, processors, readers, troubles, sampler)


def resource() -> Resource:
    """What the environment says of the service, else that it is postrunner."""
    own = Resource({"service.name": SCOPE, "service.version": __version__})
    told = Resource.create()
    if str(told.attributes["service.name"]).startswith("unknown_service"):
        return told.merge(own)
    return own.merge(told)
