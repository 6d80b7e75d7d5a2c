"""Which requests a failure is about: the same answer for every report.

- A request that failed is about itself; one that could not be signed also about the answer its auth got.
- A failure in a script is about what the script's `pm.sendRequest` or `pm.execution.runRequest` got last before it, and in
  a test script about the item's own request too. Answers that came together stand together.
"""

from __future__ import annotations

from dataclasses import field

from runner.events import (
    AssertionChecked,
    Event,
    ItemEvent,
    ItemFinished,
    NextRequestSet,
    RequestEvent,
    RequestFailed,
    RunFinished,
    ScriptFinished,
)
from runner.model.quick_dataclass import dataclass
from runner.rules.url import url_text

MOST = 3
"""The most simultaneous answers that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """A request that a failure is about: who sent it (`item`, `script`, `auth`), and its status code if it was answered."""

    source: str
    method: str
    url: str
    code: int | None = None


def sent_request(event: RequestEvent) -> SentRequest:
    """A request without its bodies."""
    return SentRequest(
        source=event.source,
        method=event.method,
        url=event.exchange.request.href if event.exchange else url_text(event.request.url),
        code=event.response.code if event.response else None,
    )


@dataclass(slots=True)
class _Execution:
    nested: bool = False
    own: RequestEvent | None = None
    auth: RequestEvent | None = None
    answers: list[RequestEvent] = field(default_factory=list)
    ended: bool = True


class Evidence:
    """Watches every event of a run, in order; it keeps only the requests of open executions."""

    def __init__(self) -> None:
        self._open: dict[str, _Execution] = {}

    def on(self, event: Event) -> tuple[RequestEvent, ...]:
        """Take one event; returns the requests that it is about if it is a failure, in the order they were sent."""
        if not isinstance(event, ItemEvent):
            if isinstance(event, RunFinished):
                self._open.clear()
            return ()
        if isinstance(event, NextRequestSet):  # which comes after the item
            return ()
        ref = event.cursor.ref
        execution = self._open.get(ref)
        if execution is None:
            execution = self._open[ref] = _Execution(nested=bool(self._open))
        if isinstance(event, RequestEvent):
            return _request(execution, event)
        execution.ended = True
        if isinstance(event, ItemFinished):
            self._finish(ref)
        elif isinstance(event, AssertionChecked | ScriptFinished):
            return _script(execution, event)
        return ()

    def _finish(self, ref: str) -> None:
        """Forget an execution. What a script ran with `pm.execution.runRequest` counts as an answer to that script."""
        execution = self._open.pop(ref)
        if self._open and execution.answers:
            outer = self._open[next(reversed(self._open))]
            outer.answers, outer.ended = execution.answers, True


def _script(execution: _Execution, event: AssertionChecked | ScriptFinished) -> tuple[RequestEvent, ...]:
    answers = execution.answers
    if isinstance(event, ScriptFinished) and not execution.nested:  # the request of a nested item is such an answer
        execution.answers = []
    if not event.failed:
        return ()
    return (*answers, *((execution.own,) if execution.own and event.listen == "test" else ()))


def _request(execution: _Execution, event: RequestEvent) -> tuple[RequestEvent, ...]:
    if isinstance(event, RequestFailed):
        execution.own = event
        return (*((execution.auth,) if execution.auth else ()), event)
    if event.source == "script":
        execution.answers = [] if execution.ended else execution.answers
        execution.answers = [*execution.answers, event][-MOST:]
        execution.ended = False
    elif event.source == "auth":
        execution.auth = event
    else:
        execution.own = event
    return (event,) if event.failed else ()
