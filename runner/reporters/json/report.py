"""The `json` reporter: Newman's report, key for key, with sub-requests under their item and secrets masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from runner.deep_json import indented
from runner.errors import UsageError
from runner.events import (
    AssertionChecked,
    Event,
    RequestEvent,
    RequestFailed,
    RequestFinished,
    ScriptFinished,
)
from runner.logs import Rewritten, json_visible
from runner.model.collection import Item
from runner.model.json import JsonObject
from runner.model.variable import Environment
from runner.outputs import writing
from runner.reporters.context import ReporterContext
from runner.reporters.json.nodes import NodeShapes, collection_json
from runner.reporters.json.own import KEY, head
from runner.reporters.json.shapes import (
    assertion_json,
    coverage_json,
    cursor_json,
    environment_json,
    failure_json,
    flaky_json,
    request_error_json,
    request_json,
    response_json,
    script_error_json,
    slow_json,
    snapshots_json,
)
from runner.reporters.omit import leave_out, omitted
from runner.reporters.report_files import report_path
from runner.results.execution import Attempt, Execution
from runner.results.failure import checksum, error_name, script_place
from runner.results.spool import MaskedHeap, MaskedSpool
from runner.results.summary import CollectionRun, Summary
from runner.results.whole import Whole
from runner.secrets.outgoing.masked import unmasked
from runner.secrets.outgoing.nodes import mask_node

if TYPE_CHECKING:
    from runner.reporters.json.shard import ShardEvents

NAME = "json"
STRUCTURE = "newman"
"""The Postman CLI's name for the structure of this report (`--reporter-json-structure newman`)."""


class JsonReport:
    """Writes one JSON document when the run is over.

    Masked executions go to a temporary file as they end, so that a long run needs no more memory than a short one.
    Everything is masked again if a secret becomes known later.
    """

    def __init__(self, context: ReporterContext) -> None:
        structure = context.options.reporter_option(NAME, "structure") or STRUCTURE
        if structure != STRUCTURE:
            hint = f"{STRUCTURE} is the only one, and the default"
            raise UsageError(f"there is no structure {structure!r}", where="--reporter-json-structure", hint=hint)
        self._context = context
        self._secrets = context.secrets
        self._nodes = NodeShapes(context.secrets)
        self._items: dict[int, int] = {}
        self._ran: RequestEvent | None = None
        self._listed_items: list[Item] = []
        self._path = report_path(context, NAME, "json")
        self._omit = omitted(context, NAME)
        secrets = context.secrets
        self._spool, self._parts, self._bodies = MaskedSpool(secrets), MaskedSpool(secrets), MaskedHeap(secrets)
        self._mark = context.entropy.uuid()
        self._events = self._open_events() if context.options.shard else None
        self.hears_all = self._events is not None

    def _open_events(self) -> ShardEvents:
        from runner.reporters.json.shard import ShardEvents

        return ShardEvents(self._context, self._omit)

    def hear(self, event: Event) -> None:
        """Put an event of a shard aside."""
        if self._events is not None:
            self._events.hear(event)

    def on(self, event: Event) -> None:
        """Nothing is written before the run is over."""

    def on_execution(self, execution: Execution) -> None:
        """Store an execution with its earlier attempts."""
        self._spool.add(self._shape(execution))

    def _shape(self, execution: Execution) -> JsonObject:
        number = self._items.setdefault(id(execution.item), len(self._items))
        if number == len(self._listed_items):
            self._listed_items.append(execution.item)
        found: JsonObject = {"cursor": cursor_json(execution.cursor), "item": number, "id": execution.item.id}
        if execution.part:
            found["part"] = execution.part
        if execution.run:
            found["collectionIndex"] = execution.run
        self._ran = execution.ran if execution.within else None
        for fact in execution.facts:
            add = _ADDS.get(type(fact))
            if add is not None:
                add(self, found, fact)
        if execution.skipped:
            found["skipped"] = True
            found["skipReason"] = execution.skip_reason
        if execution.attempts:
            found["attempts"] = [self._parts.add(self._attempt(attempt)) for attempt in execution.attempts]
            found["flaky"] = execution.flaky
        return found

    def _attempt(self, attempt: Attempt) -> JsonObject:
        """An attempt that does not count: why, its outcome, and what its scripts ran."""
        own = self._shape(attempt.execution)
        found = {
            "reason": attempt.reason,
            "delay": attempt.delay,
            **{key: own[key] for key in own if key not in ("item", "id")},
        }
        if attempt.within:
            found["within"] = [self._parts.add(self._shape(one)) for one in attempt.within]
        return found

    def close(self, summary: Summary) -> None:
        """Write the document; raises `ExportError`."""
        try:
            with writing(self._path) as file:
                self._write(Rewritten(file, lambda text: self._context.markers.in_json(json_visible(text))), summary)
        finally:
            for heap in (self._spool, self._parts, self._bodies, self._events):
                if heap is not None:
                    heap.close()

    def _add_request(self, execution: JsonObject, event: RequestFinished) -> None:
        found: JsonObject = {"request": request_json(event)}
        if event.exchange is not None:
            found["response"] = response_json(event.exchange.response, self._context.entropy.uuid())
        elif event.error is not None:
            found["requestError"] = request_error_json(event.error)
        leave_out(found, self._omit)
        if event.exchange is not None and not self._omit.response_bodies:
            found["response"]["stream"]["data"] = self._bodies.put(event.exchange.response.body)
        if event.source == "item":
            execution["cursor"] = cursor_json(event.cursor, self._context.entropy.uuid())
            execution.update(found)
        else:
            own = {"own": True} if event is self._ran else {}
            number = self._parts.add({"source": event.source, **own, **found})
            execution.setdefault("subRequests", []).append(number)

    def _add_unsent(self, execution: JsonObject, event: RequestFailed) -> None:
        error = request_error_json(event.error)
        found = {"request": request_json(event), "requestError": error}
        leave_out(found, self._omit)
        execution.update(found)

    def _add_assertion(self, execution: JsonObject, event: AssertionChecked) -> None:
        execution.setdefault("assertions", []).append(assertion_json(event))

    def _add_script(self, execution: JsonObject, event: ScriptFinished) -> None:
        if event.error is not None:
            named = script_error_json(event.error)
            at = script_place(event.listen, event.error)
            named["checksum"] = checksum(error_name(event.error), event.error.message, at, event.item)
            named |= {
                "id": self._context.entropy.uuid(),
                "timestamp": int(self._context.clock.now() * 1000),
                "stacktrace": [],
            }
            execution.setdefault(f"{event.listen}Script", []).append({"error": named})

    def _write(self, file: Rewritten, summary: Summary) -> None:
        runs = summary.runs
        finished = runs[0].finished if runs else None
        file.write('{\n  "collection": ')
        file.write(_text(self._collection(runs[0]) if runs else {}, 2))
        if len(runs) > 1:  # Newman knows only one; each execution names its own by `collectionIndex`
            file.write(',\n  "collections": ' + _text([self._collection(run) for run in runs], 2))
        for name in ("environment", "globals"):
            state = getattr(finished, name) if finished else Environment(name=name, scope=name)
            state = state if state.id else replace(state, id=self._context.entropy.uuid())
            file.write(f',\n  "{name}": {_text(environment_json(state), 2)}')
        stats = {name: asdict(tracker) for name, tracker in summary.stats.items()}
        file.write(',\n  "run": {\n    "stats": ' + _text(stats, 4))
        file.write(',\n    "timings": ' + _text(summary.timings, 4))
        file.write(',\n    "executions": ')
        _write_list(file, (text for entry in self._spool.values() for text in self._listed(entry)))
        file.write(',\n    "transfers": ' + _text({"responseTotal": summary.response_total}, 4))
        file.write(',\n    "failures": ')
        _write_list(file, ((_text(failure_json(failure, self._nodes), 6),) for failure in summary.failures))
        self._write_more(file, summary)
        error = request_error_json(summary.error) if summary.error else None
        file.write(f',\n    "error": {_text(error, 4)}\n  }}')
        if summary.whole is not None:
            self._write_own(file, summary.whole)
        file.write("\n}\n")

    def _write_more(self, file: Rewritten, summary: Summary) -> None:
        """What Newman does not have, and only some runs."""
        if summary.retries:
            file.write(',\n    "retries": ' + str(summary.retries) + ',\n    "flaky": ')
            _write_list(file, ((_text(flaky_json(item), 6),) for item in summary.flaky))
        if self._context.options.slowest is not None:
            file.write(',\n    "slowest": ')
            slowest = summary.slowest.kept[: self._context.options.slowest]
            _write_list(file, ((_text(slow_json(slow), 6),) for slow in slowest))
        if summary.coverage is not None:
            file.write(',\n    "contract": ' + _text(coverage_json(summary.coverage), 4))
        if summary.snapshots is not None:
            file.write(',\n    "snapshots": ' + _text(snapshots_json(summary.snapshots), 4))

    def _write_own(self, file: Rewritten, whole: Whole) -> None:
        options = self._context.options
        names = ("fail_on_flaky", "fail_on_warning", "allow_skipped_kinds", "insecure")
        chosen = {name: getattr(options, name) for name in names}
        text = _text(head(whole, chosen), 2)
        file.write(f',\n  "{KEY}": ' + (text if self._events is None else text.removesuffix("\n  }") + ',\n    "events": '))
        if self._events is not None:
            _write_list(file, ((line,) for line in self._events.lines()))
            file.write("\n  }")

    def _listed(self, execution: JsonObject) -> Iterator[Iterable[str]]:
        """An execution as often as Newman lists it: once for each request it sent, those of its scripts included.

        Only the first one has these requests, the attempts and the body: the report would grow quadratically.
        """
        subs = len(execution.get("subRequests", ()))
        yield self._part_text(execution, 6)
        if isinstance(response := execution.get("response"), dict):
            response["stream"]["data"] = []
        rest = {name: value for name, value in execution.items() if name not in LISTS}
        for _ in range(subs + ("request" in execution) - 1):
            yield self._part_text(rest, 6)

    def _collection(self, run: CollectionRun) -> JsonObject:
        variables = run.finished.collection_variables.values if run.finished else None
        return mask_node(collection_json(unmasked(run.started.collection), variables), self._secrets)

    def _part_text(self, part: JsonObject, indent: int) -> Iterator[str]:
        """A part of the report with its item, its bodies (on one line) and its lists filled in."""
        marked = {
            **part,
            **{name: f"{self._mark}{number}" for number, name in enumerate(LISTS, -len(LISTS)) if name in part},
        }
        if isinstance(item := part.get("item"), int):
            marked["item"] = self._nodes.masked(self._listed_items[item])
        if isinstance(response := part.get("response"), dict) and isinstance(number := response["stream"]["data"], int):
            marked["response"] = {**response, "stream": {**response["stream"], "data": f"{self._mark}{number}"}}
        text, at = _text(marked, indent), 0
        for place in re.finditer(f'"{self._mark}(-?[0-9]+)"', text):
            yield text[at : place.start()]
            at, number = place.end(), int(place[1])
            yield from _numbers(self._bodies.get(number)) if number >= 0 else self._list_of(part[LISTS[number]], indent)
        yield text[at:]

    def _list_of(self, numbers: list[int], indent: int) -> Iterator[str]:
        before, between = "[", "\n" + " " * (indent + 4)
        for part in map(self._parts.read, numbers):
            yield before + between
            yield from self._part_text(part, indent + 4)
            before = ","
        yield "\n" + " " * (indent + 2) + "]"


LISTS = ("subRequests", "attempts", "within")
"""The lists of stored parts; a negative number stands for each in an unfinished text."""


def _numbers(body: bytes) -> Iterator[str]:
    yield "["
    for at in range(0, len(body), PIECE):
        yield ("," if at else "") + ",".join(map(_DIGITS.__getitem__, body[at : at + PIECE]))
    yield "]"


PIECE = 65536
_DIGITS = [str(byte) for byte in range(256)]


def _text(value: Any, indent: int) -> str:
    return indented(value, "\n" + " " * indent)


def _write_list(file: Rewritten, entries: Iterable[Iterable[str]]) -> None:
    before = "[\n      "
    for entry in entries:
        file.write(before)
        for piece in entry:
            file.write(piece)
        before = ",\n      "
    file.write("[]" if before.startswith("[") else "\n    ]")


_ADDS: dict[type[Event], Callable[[JsonReport, JsonObject, Any], None]] = {
    RequestFinished: JsonReport._add_request,
    RequestFailed: JsonReport._add_unsent,
    AssertionChecked: JsonReport._add_assertion,
    ScriptFinished: JsonReport._add_script,
}
