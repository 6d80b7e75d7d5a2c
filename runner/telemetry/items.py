"""The spans of one item, made when it is over: its scripts, its requests, its tests as events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from opentelemetry.trace import Span

from runner.events import (
    AssertionChecked,
    ItemEvent,
    ItemFinished,
    ItemStarted,
    RequestEvent,
    RequestFinished,
    ScriptFinished,
    ScriptStarted,
)
from runner.model.quick_dataclass import dataclass
from runner.results.execution import Execution
from runner.telemetry import names
from runner.telemetry.http import LONGEST, Value, sent_by
from runner.telemetry.metrics import Metrics
from runner.telemetry.spans import SpanMaker, end, nanoseconds


@dataclass(slots=True)
class OpenItem:
    """The span of an item, and those of its scripts so far; `running` is the one that what happens now belongs to."""

    span: Span
    running: Span
    scripts: list[Span] = field(default_factory=list)


class OpenItems:
    """The items that are under way: their spans begin with their events, because what is inside names them as parent."""

    def __init__(self, spans: SpanMaker, metrics: Metrics | None = None) -> None:
        self._spans, self._metrics = spans, metrics
        self._items: dict[str, OpenItem] = {}
        self._under_way: list[OpenItem] = []

    def start(self, event: ItemStarted, parent: Span) -> None:
        """Begin an item below the script that runs it, else below `parent`."""
        if event.cursor.ref in self._items:  # another attempt
            return
        name = "/".join((*event.path, event.item.name))
        attributes: dict[str, Value] = {names.CASE_NAME: name, names.ITERATION: event.cursor.iteration}
        parent = self._under_way[-1].running if self._under_way else parent
        span = self._spans.begin(f"item {name}", event.wall, parent, attributes)
        self._items[event.cursor.ref] = opened = OpenItem(span, span)
        self._under_way.append(opened)

    def leave(self, event: ItemFinished) -> None:
        """An item is over; its execution follows."""
        self._under_way.remove(self._items[event.cursor.ref])

    def leave_all(self) -> None:
        """The end of an iteration ends what is under way in it."""
        self._under_way.clear()

    def start_script(self, event: ScriptStarted) -> None:
        """Begin a script."""
        item = self._items[event.cursor.ref]
        attributes = {names.LISTEN: event.listen, names.OWNER: event.owner}
        item.running = self._spans.begin(f"script {event.listen}", event.wall, item.span, attributes)
        item.scripts.append(item.running)

    def leave_script(self, event: ScriptFinished) -> None:
        """A script is over."""
        item = self._items[event.cursor.ref]
        item.running = item.span

    def finish(self, execution: Execution) -> None:
        """Fill and end the spans of an execution, and of what its attempts ran."""
        for within in executions_within(execution):
            self.finish(within)
        ItemSpans(self._spans, self._metrics, execution, self._items.pop(execution.cursor.ref)).finish()


class ItemSpans:
    """Ends the spans of an execution: what happened in each attempt, then the item's own."""

    def __init__(self, spans: SpanMaker, metrics: Metrics | None, execution: Execution, opened: OpenItem) -> None:
        self._spans, self._metrics = spans, metrics
        self._execution, self._opened = execution, opened
        self._scripts = iter(opened.scripts)
        self._current, self._started = opened.span, 0
        self._sent = 0

    def finish(self) -> None:
        """Make them all."""
        execution, span = self._execution, self._opened.span
        for number, attempt in enumerate(execution.attempts, 1):
            self._take(attempt.execution.facts, {names.ATTEMPT: number}, counts=False)
            attributes: dict[str, Value] = {names.REASON: attempt.reason[:LONGEST], names.ATTEMPT: number}
            span.add_event(names.RETRY_EVENT, attributes, nanoseconds(attempt.execution.ended))
        more: dict[str, Value] = {names.ATTEMPT: len(execution.attempts) + 1} if execution.attempts else {}
        self._take(execution.facts, more, counts=True)
        if self._current is not span:  # the run ended in a script
            end(self._current, execution.ended, "the run ended")
        if not execution.skipped:
            span.set_attribute(names.CASE_STATUS, "fail" if execution.failed or not execution.finished else "pass")
        failure = str(execution.failures[0]) if execution.failures else "" if execution.finished else "the run ended"
        end(span, execution.ended, failure)

    def _take(self, facts: list[ItemEvent], more: dict[str, Value], *, counts: bool) -> None:
        for fact in facts:
            match fact:
                case ScriptStarted():
                    self._current, self._started = next(self._scripts, self._opened.span), fact.at
                case ScriptFinished():
                    self._end_script(fact, more)
                case AssertionChecked():
                    self._add_assertion(fact, more)
                    if counts and self._metrics is not None:
                        self._metrics.assertion(result_of(fact))
                case RequestFinished() if sent_by(fact):
                    self._add_requests(fact, more)
                case RequestEvent() if fact.error is not None:  # it never left
                    error = fact.error
                    self._add_exception(self._current, type(error).__name__, error.message, fact.wall)

    def _end_script(self, fact: ScriptFinished, more: dict[str, Value]) -> None:
        span, failure = self._current, ""
        if fact.error is not None:
            failure = f"{fact.error.name}: {fact.error.message}"
            self._add_exception(span, fact.error.name, fact.error.message, fact.wall, fact.error.stack)
            span.set_attribute(names.ERROR_TYPE, fact.error.name)
        if span is not self._opened.span:
            span.set_attributes(more)
            end(span, fact.wall, failure)
        if self._metrics is not None:
            self._metrics.script(fact.listen, max(0, fact.at - self._started) / 1e9, failed=fact.failed)
        self._current = self._opened.span

    def _add_assertion(self, fact: AssertionChecked, more: dict[str, Value]) -> None:
        attributes: dict[str, Value] = {names.ASSERTION_NAME: fact.name[:LONGEST], names.RESULT: result_of(fact), **more}
        if fact.error is not None:
            attributes |= {
                names.EXCEPTION_TYPE: fact.error.name,
                names.EXCEPTION_MESSAGE: fact.error.message[:LONGEST],
            }
        self._opened.span.add_event(names.ASSERTION_EVENT, attributes, nanoseconds(fact.wall))

    def _add_requests(self, fact: RequestFinished, more: dict[str, Value]) -> None:
        own = self._execution.item.request.id
        again = bool(own) and fact.request.id == own  # a challenge, a redirect, a retry: the same request once more
        for number, sent in enumerate(sent_by(fact)):
            resent = self._sent if again else number
            self._sent += again
            self._spans.add_request(self._current, sent, resent, {names.SOURCE: fact.source, **more})
            if self._metrics is not None:
                self._metrics.request(sent)

    def _add_exception(self, span: Span, name: str, message: str, ms: float, stack: str = "") -> None:
        attributes = {names.EXCEPTION_TYPE: name, names.EXCEPTION_MESSAGE: message[:LONGEST]}
        if stack:
            attributes[names.EXCEPTION_STACK] = stack[:LONGEST]
        span.add_event(names.EXCEPTION, attributes, nanoseconds(ms))


def result_of(fact: AssertionChecked) -> str:
    """What came of a test, in one word."""
    return "skipped" if fact.assertion.skipped else "failed" if fact.failed else "passed"


def executions_within(execution: Execution) -> Iterator[Execution]:
    """What the scripts of attempts that do not count ran with `pm.execution.runRequest`."""
    for attempt in execution.attempts:
        yield from attempt.within
