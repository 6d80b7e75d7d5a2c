"""One user of a load test: runs the plan again and again, with variables, cookies, connections and scripts of its own."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from runner.engine.place import Place
from runner.engine.run import Run
from runner.errors import PostrunnerError, RequestError, unforeseen
from runner.events import (
    AssertionChecked,
    Event,
    ItemEvent,
    ItemFinished,
    ItemStarted,
    RequestEvent,
    RequestFailed,
    RequestFinished,
    ScriptError,
    ScriptFinished,
    Warned,
)
from runner.load.users.crew import Crew
from runner.model.json import JsonObject
from runner.model.payload import BodyBytes
from runner.model.response import Exchange

if TYPE_CHECKING:
    from runner.load.telemetry.traces import IterationTrace

Hear = Callable[[str, str, float | None, int, str], None]
"""Hears of a request: method, name, ms (None if it was not sent), bytes of the answer, and why it failed."""

BROKEN_OFF = "it was broken off: the test was over"

BESIDE = {"script": "pm.sendRequest", "auth": "auth"}
"""What requests are called that an item sends beside its own."""


class VirtualUser:
    """Goes on from what its last iteration left, as a run does from one iteration to the next.

    `hear` is told each request, too.
    """

    def __init__(self, crew: Crew, hear: Hear | None = None) -> None:
        self._crew = crew
        self._hear = hear
        self._recorder, self._texts = crew.recorder, crew.texts
        number = crew.number()
        self._number = str(number)
        entropy = crew.units.entropy(f"user {number}")
        state = crew.state()
        self._sandbox = crew.sandbox(entropy)
        self._client = crew.client(state.jar)
        ports = crew.units.ports(crew.inputs, state, self._sandbox, entropy, self._client, crew.memo)
        self._run = Run(crew.inputs, crew.options, ports, self._emit, unit=str(number), scopes=state.scopes)
        self._place = Place(crew.inputs.plan, crew.job.load.iterations or 1, crew.references)
        self._iterations = 0
        self._late = 0.0
        self._failed = False
        self._item_error = ""
        self._name = crew.inputs.plan.collection.name
        self._main: RequestEvent | None = None
        self._traced: Callable[[Event], None] | None = None

    def iterate(self, row: JsonObject, late: float = 0.0) -> None:
        """Run one iteration with this row.

        It should have started `late` seconds ago: that counts for it and for its first request.
        """
        began = perf_counter() - late
        self._late, self._failed, self._main, self._item_error = late * 1000, False, None, ""
        number, self._iterations = self._iterations, self._iterations + 1
        self._crew.busy += 1
        trace = self._begin_trace(number) if self._crew.traces is not None else None
        try:
            self._run.iterate(self._place, number, row)
        except Exception as caught:  # a defect fails the iteration, not the user
            error = caught if isinstance(caught, PostrunnerError) else unforeseen(caught)
            self._fail("script", self._texts.report(error.message))
        finally:
            self._crew.busy -= 1
            self._crew.last = self._crew.clock.now()
            if trace is not None:
                trace.finish(failed=self._failed)
        self._recorder.iteration(self._crew.last, (perf_counter() - began) * 1000, self._failed)

    def _begin_trace(self, number: int) -> IterationTrace:
        assert self._crew.traces is not None
        trace = self._crew.traces.begin(self._number, number)
        self._traced = trace.hear
        self._client.trace(trace.tracing)
        return trace

    def close(self) -> None:
        """End what it has open.

        A request that is under way, or whose scripts are, counts as one that failed: the server may have seen it.
        """
        self._run.leave()
        main, self._main = self._main, None
        if main is not None:
            self._count(self._name, main, self._error_of(main) or self._item_error or BROKEN_OFF)
        for method, ms in self._client.under_way():
            self._recorder.request(self._name, method, self._crew.clock.now(), ms + self._late, 0, 0, 0, BROKEN_OFF)
        self._sandbox.close()
        self._client.close()

    # -- what happens in it -----------------------------------------------------------------------------------------

    def _emit(self, event: Event) -> None:
        hear = HEARD.get(type(event))
        if hear is not None:
            hear(self, event)
        if self._traced is not None:
            self._traced(event)

    def _on_start(self, event: ItemStarted) -> None:
        self._name = _name_of(event)

    def _on_request(self, event: RequestEvent) -> None:
        if event.source == "item":
            self._main = event
            return
        name = f"{self._name} ({BESIDE.get(event.source, event.source)})"
        self._count(name, event, self._error_of(event))

    def _on_assertion(self, event: AssertionChecked) -> None:
        assertion = event.assertion
        if assertion.skipped:
            return
        shown = self._texts.test(assertion.name)
        message = _said(assertion.error) if assertion.error else ""
        if not assertion.passed:
            message = self._texts.report(message)
            self._failed, self._item_error = True, self._item_error or shown
        self._recorder.check(self._name, shown, assertion.passed, message)

    def _on_script(self, event: ScriptFinished) -> None:
        if event.error is not None:
            message = self._texts.report(_said(event.error))
            self._failed, self._item_error = True, self._item_error or message
            self._recorder.failure(self._name, "script", message)

    def _on_item(self, event: ItemFinished) -> None:
        main, self._main = self._main, None
        if main is not None:
            self._count(self._name, main, self._error_of(main) or self._item_error)
        self._item_error = ""

    def _on_warning(self, event: Warned) -> None:
        self._crew.warn(event)

    def _error_of(self, event: RequestEvent) -> str:
        if event.error is None:
            return ""
        self._failed = self._failed or event.source == "item"
        return self._texts.report(str(event.error.message)) or type(event.error).__name__

    def _fail(self, kind: str, message: str) -> None:
        self._failed = True
        self._recorder.failure(self._crew.inputs.plan.collection.name, kind, message)

    def _count(self, name: str, event: RequestEvent, error: str) -> None:
        exchange = event.exchange
        ms: float | None = None
        sent = received = status = 0
        if exchange is not None:
            ms, sent, received, status = _figures_of(exchange)
        elif event.error is not None:
            ms = event.error.elapsed if isinstance(event.error, RequestError) else None
        if ms is not None:
            ms, self._late = ms + self._late, 0.0
        self._recorder.request(name, event.method, self._crew.clock.now(), ms, sent, received, status, error)
        if self._hear is not None:
            self._hear(event.method, name, ms, received, error)


HEARD: dict[type[Event], Callable[..., None]] = {
    ItemStarted: VirtualUser._on_start,
    RequestFinished: VirtualUser._on_request,
    RequestFailed: VirtualUser._on_request,
    AssertionChecked: VirtualUser._on_assertion,
    ScriptFinished: VirtualUser._on_script,
    ItemFinished: VirtualUser._on_item,
    Warned: VirtualUser._on_warning,
}


def _name_of(event: ItemEvent) -> str:
    return " / ".join((*event.path, event.item.name)) if event.path else event.item.name


def _said(error: ScriptError) -> str:
    return f"{error.name}: {error.message}"


def _figures_of(exchange: Exchange) -> tuple[float, int, int, int]:
    """Milliseconds, bytes sent, bytes received and the status of an exchange with its redirects."""
    ms, sent, received = 0.0, 0, 0
    for hop in exchange.hops:
        response = hop.response
        ms += response.timings.total if response.timings is not None else response.time
        sent += sum([len(name) + len(value) + 4 for name, value in hop.headers]) + len(hop.method) + 12
        received += response.sizes.header + response.sizes.body
    return ms, sent + _size(exchange.request.body), received, exchange.response.code


def _size(body: BodyBytes) -> int:
    return len(body) if body else 0
