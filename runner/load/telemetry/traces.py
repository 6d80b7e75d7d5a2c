"""Traces of some of the iterations of a load test: of all of them nobody could read, or pay for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Sampler, TraceIdRatioBased
from opentelemetry.trace import Link, get_current_span

from runner.cancel import Cancel
from runner.client.tracing import Tracing
from runner.clock import Clock
from runner.events import Event, ItemEvent, ItemFinished, ItemStarted, ScriptFinished, ScriptStarted
from runner.load.telemetry.forks import WithoutForkHooks
from runner.results.fold import Fold
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker
from runner.telemetry import names
from runner.telemetry.export import open_pipeline
from runner.telemetry.http import Value
from runner.telemetry.items import OpenItems
from runner.telemetry.spans import SpanMaker, begin, end, parent_of

USUAL_RATIO = 0.01
"""The share of iterations that have a trace, unless `OTEL_TRACES_SAMPLER` says otherwise."""


class Traces:
    """Begins a trace for each iteration of a worker, most of which are not sampled and cost next to nothing.

    `name` is that of the collection, masked. Each is a trace of its own, with a link to what `TRACEPARENT` names. With
    `header` every request tells its server of the trace, sampled or not.
    """

    def __init__(self, name: str, clock: Clock, secrets: Secrets, *, header: bool, environ: Mapping[str, str] = os.environ):
        with WithoutForkHooks():
            self._pipeline = open_pipeline(environ, metrics_too=False, sampler=_sampler(environ))
        self._clock, self._masker, self._header = clock, Masker(secrets), header
        self._attributes: dict[str, Value] = {names.SUITE_NAME: name}
        _, parent = parent_of(environ)
        context = get_current_span(parent).get_span_context()
        self._links = [Link(context)] if context.is_valid else []

    def begin(self, user: str, number: int) -> IterationTrace:
        """The trace of the iteration with this number of this user."""
        attributes = {**self._attributes, names.ITERATION: number, names.USER: user}
        now = self._clock.now() * 1000
        root = begin(self._pipeline, f"iteration {number + 1}", now, Context(), attributes, self._links)
        return IterationTrace(SpanMaker(self._pipeline, root), self._masker, self._clock, header=self._header)

    def close(self) -> list[str]:
        """Send what is left; returns at most one warning."""
        return self._pipeline.finish(Cancel())


class IterationTrace:
    """The spans of one iteration; `tracing` is what its requests get to know, `hear` takes its events if it is sampled."""

    def __init__(self, spans: SpanMaker, masker: Masker, clock: Clock, *, header: bool) -> None:
        self._spans, self._show, self._clock = spans, masker.masked, clock
        self._items, self._fold = OpenItems(spans), Fold(masker)
        sampled, self._broken = spans.root.is_recording(), ""
        self.hear: Callable[[Event], None] | None = self._hear if sampled else None
        self.tracing = Tracing(clock, spans.headers if header else None) if sampled or header else None

    def finish(self, *, failed: bool) -> None:
        """End it."""
        now = self._clock.now() * 1000
        try:
            for execution in () if self._broken else self._fold.end(now):  # it was broken off
                self._items.finish(execution)
        except Exception as error:
            self._broken = f"the trace ends early: {type(error).__name__}"
        end(self._spans.root, now, self._broken or ("something failed in it" if failed else ""))

    def _hear(self, event: Event) -> None:
        if self._broken or not isinstance(event, ItemEvent):
            return
        try:
            self._take(event)
        except Exception as error:  # no defect of telemetry may end a user
            self._broken = f"the trace ends early: {type(error).__name__}"

    def _take(self, event: ItemEvent) -> None:
        shown = self._show(event)
        match shown:
            case ItemStarted():
                self._items.start(shown, self._spans.root)
            case ItemFinished():
                self._items.leave(shown)
            case ScriptStarted():
                self._items.start_script(shown)
            case ScriptFinished():
                self._items.leave_script(shown)
        for _, executions in self._fold.on(shown):
            for execution in executions:
                self._items.finish(execution)


def _sampler(environ: Mapping[str, str]) -> Sampler | None:
    return None if environ.get("OTEL_TRACES_SAMPLER", "").strip() else TraceIdRatioBased(USUAL_RATIO)


def traces_of(
    name: str, clock: Clock, secrets: Secrets, *, header: bool, environ: Mapping[str, str] = os.environ
) -> Traces | None:
    """The traces of a worker; None if the environment turns them off."""
    from runner.telemetry.opening import disabled

    if disabled(environ) or environ.get("OTEL_TRACES_EXPORTER", "").strip() == "none":
        return None
    return Traces(name, clock, secrets, header=header, environ=environ)
