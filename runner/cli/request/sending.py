"""Sends one request as a run of it alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from runner.api import run
from runner.cli.request.adding import Place
from runner.deep_json import dumps
from runner.errors import PostrunnerError, RunFailed
from runner.events import Event, RequestEvent, Warned
from runner.foreign.curl.single import Single
from runner.formats.postman.v2 import SCHEMA
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.model.response import Response
from runner.options import RunOptions
from runner.results.execution import Execution
from runner.results.result import Result


class Sent:
    """What came of a request: `response` as it is, `shown` without secrets; `warnings` and `errors` are masked."""

    def __init__(self, result: Result, shown: Execution | None, warnings: list[str]) -> None:
        self._result = result
        self.warnings = warnings
        self.shown: RequestEvent | None = shown.own if shown else None
        own = next((one.own for one in result.executions if one.own is not None), None)
        self.response: Response | None = own.response if own else None

    @property
    def errors(self) -> Iterator[PostrunnerError]:
        """Why there is no response, and what failed besides."""
        if self.shown is not None and self.shown.error is not None:
            yield self.shown.error
        for failure in self._result.failures:
            if self.shown is None or failure.kind != "request":
                yield RunFailed(str(failure), [failure])
        if self.shown is None and not self._result.failures:
            yield PostrunnerError("no request was sent")

    def holds_secret(self, item: JsonObject) -> bool:
        """Whether a secret stands in an item as it is."""
        masker = self._result.executions.masker
        return masker is not None and masker.secrets.shows_secret(dumps(item))


def send(made: Single, options: RunOptions, place: Place | None) -> Sent:
    """Send a request by itself, or as a part of the collection that it is placed in; raises what `run` does."""
    given: JsonObject | Collection
    if place is None:
        given = {"info": {"name": "request", "schema": SCHEMA}, "variable": made.variables, "item": [made.item]}
    else:
        given, options = place.collection.as_run(), replace(options, item=(place.id,))
    shown: list[Execution] = []
    warnings: list[str] = []

    def hear(event: Event) -> None:
        if isinstance(event, Warned) and not event.note:
            warnings.append(f"{event.where}: {event.message}" if event.where else event.message)

    result = run(given, options, on_event=hear, on_execution=shown.append)
    return Sent(result, next((one for one in shown if one.own is not None), None), warnings)
