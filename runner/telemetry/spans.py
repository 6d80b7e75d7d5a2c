"""The spans of a run from the outside in: the call, its collections, their iterations, and what is in these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from runner.clock import Clock
from runner.telemetry import names
from runner.telemetry.export import Pipeline
from runner.telemetry.http import LONGEST, Sent, Value, span_attributes

SUCCESS, FAILURE, ABORTED, SKIPPED = "success", "failure", "aborted", "skipped"
"""What `test.suite.run.status` says."""

TASK_RESULTS = {ABORTED: "cancellation", SKIPPED: "skip"}
"""The words of `cicd.pipeline.task.run.result` that are other ones."""


class SpanMaker:
    """Makes spans with times of the past, for events tell of what is over; all of them are in the trace of `root`."""

    def __init__(self, pipeline: Pipeline, root: Span) -> None:
        self._pipeline = pipeline
        self.root = root

    def begin(
        self, name: str, ms: float, parent: Span | Context | None = None, attributes: Mapping[str, Value] | None = None
    ) -> Span:
        """A span that began so many milliseconds after the epoch."""
        return begin(
            self._pipeline, name, ms, set_span_in_context(parent) if isinstance(parent, Span) else parent, attributes
        )

    def add_request(self, parent: Span, sent: Sent, resent: int, more: Mapping[str, Value]) -> None:
        """The client span of a request on the wire, under the id that it was sent with."""
        self._pipeline.ids.next_span = sent.traced.span
        span = self._pipeline.tracer.start_span(
            sent.name,
            set_span_in_context(parent),
            SpanKind.CLIENT,
            {**span_attributes(sent, resent), **more},
            start_time=nanoseconds(sent.traced.started * 1000),
        )
        self._pipeline.ids.next_span = 0  # a span that is not sampled takes none
        if sent.error_type:
            span.set_status(Status(StatusCode.ERROR, sent.message or None))
        span.end(max(nanoseconds(sent.traced.ended * 1000), nanoseconds(sent.traced.started * 1000)))

    def headers(self, span: int) -> tuple[tuple[str, str], ...]:
        """What tells a server of the span of its request (W3C Trace Context); for any thread."""
        context = self.root.get_span_context()
        found = (("traceparent", f"00-{context.trace_id:032x}-{span:016x}-{context.trace_flags:02x}"),)
        state = context.trace_state.to_header() if context.trace_state else ""
        return (*found, ("tracestate", state)) if state else found


class Spans(SpanMaker):
    """Those of a run.

    The first span begins at once, since requests need the trace before anything is told. It is that of the collection if
    that is `alone`. `attributes` tell of the pipeline; `TRACEPARENT` and `TRACESTATE` name the parent.
    """

    def __init__(
        self, pipeline: Pipeline, clock: Clock, environ: Mapping[str, str], attributes: Mapping[str, Value], *, alone: bool
    ) -> None:
        self._alone = alone
        self.wrong_parent, parent = parent_of(environ)
        first = begin(pipeline, "run", clock.now() * 1000, parent, {names.TASK_TYPE: "test", **attributes})
        super().__init__(pipeline, first)

    def begin_run(self, name: str, ms: float) -> Span:
        """The span of a collection."""
        title, attributes = f"run {name}", {names.SUITE_NAME: name}
        if not self._alone:
            return self.begin(title, ms, self.root, attributes)
        self.root.update_name(title)
        self.root.set_attributes(attributes)
        return self.root

    def end_run(self, span: Span, status: str, ms: float, message: str = "") -> None:
        """End the span of a collection, or that of all."""
        span.set_attribute(names.SUITE_STATUS, status)
        if span is self.root:
            span.set_attribute(names.TASK_RESULT, TASK_RESULTS.get(status, status))
        end(span, ms, message or status if status in (FAILURE, ABORTED) else "")


def parent_of(environ: Mapping[str, str]) -> tuple[str, Context]:
    """The context that `TRACEPARENT` and `TRACESTATE` name, and the former if it names none."""
    given = {name: environ.get(name.upper(), "") for name in ("traceparent", "tracestate")}
    parent = TraceContextTextMapPropagator().extract({name: value for name, value in given.items() if value})
    return given["traceparent"] if not get_current_span(parent).get_span_context().is_valid else "", parent


def begin(
    pipeline: Pipeline,
    name: str,
    ms: float,
    context: Context | None,
    attributes: Mapping[str, Value] | None = None,
    links: Sequence[Link] = (),
) -> Span:
    """A span that began so many milliseconds after the epoch."""
    kind, start = SpanKind.INTERNAL, nanoseconds(ms)
    return pipeline.tracer.start_span(name, context, kind, attributes, links, start_time=start)


def end(span: Span, ms: float, failure: str = "") -> None:
    """End a span at this moment, as failed for a reason if there is one."""
    if failure:
        span.set_status(Status(StatusCode.ERROR, failure[:LONGEST]))
    started = getattr(span, "start_time", None) or 0  # a clock may have been set back
    span.end(max(nanoseconds(ms), started))


def nanoseconds(ms: float) -> int:
    """Nanoseconds of milliseconds."""
    return int(ms * 1_000_000)
