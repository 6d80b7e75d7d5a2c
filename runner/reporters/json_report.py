"""The `json` reporter: Newman's report, key for key, with sub-requests under their item and secrets masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

from runner.deep_json import pieces
from runner.engine.summary import CollectionRun, Summary, checksum, error_name, script_place
from runner.errors import UsageError
from runner.events import (
    AssertionChecked,
    Event,
    ItemEvent,
    ItemFinished,
    ItemStarted,
    RequestFailed,
    RequestFinished,
    RunStarted,
    ScriptFinished,
)
from runner.logs import Rewritten, json_visible
from runner.model.collection import Item
from runner.model.variable import Environment, JsonObject
from runner.outputs import writing
from runner.reporters import ReporterContext
from runner.reporters.json_nodes import NodeShapes, collection_json, masked_node
from runner.reporters.json_shapes import (
    assertion_json,
    cursor_json,
    environment_json,
    failure_json,
    masked_shape,
    request_error_json,
    request_json,
    response_json,
    script_error_json,
)
from runner.reporters.omit import leave_out, omitted
from runner.reporters.spool import Spool, report_path

NAME = "json"
STRUCTURE = "newman"
"""What the Postman CLI calls the structure of this report (`--reporter-json-structure newman`)."""


class JsonReport:
    """Writes one JSON document when the run is over.

    Executions are put aside in a temporary file as they end, masked, so that a long run needs no more memory than a short
    one. They are masked once more when a secret became known only later in the run.
    """

    def __init__(self, context: ReporterContext) -> None:
        structure = context.options.reporter_option(NAME, "structure") or STRUCTURE
        if structure != STRUCTURE:
            hint = f"{STRUCTURE} is the only one, and the default"
            raise UsageError(f"there is no structure {structure!r}", where="--reporter-json-structure", hint=hint)
        self._context = context
        self._secrets = context.secrets
        self._nodes = NodeShapes(context.secrets)
        self._items: dict[int, tuple[int, Item]] = {}
        self._path = report_path(context, NAME, "json")
        self._omit = omitted(context, NAME)
        self._spool = Spool()
        self._open: dict[str, tuple[int, JsonObject]] = {}
        self._collections = 0
        self._mark = context.chance.uuid()

    def on(self, event: Event) -> None:
        """Keep what belongs into the execution of the event's item."""
        keep = _KEEPS.get(type(event))
        if keep is not None:
            keep(self, event)

    def close(self, summary: Summary) -> None:
        """Write the document; raises `ExportError`."""
        for opened in self._open.values():
            self._spool.add(opened)
        try:
            with writing(self._path) as file:
                self._write(Rewritten(file, lambda text: self._context.markers.in_json(json_visible(text))), summary)
        finally:
            self._spool.close()

    def _run_started(self, event: RunStarted) -> None:
        self._collections += 1

    def _item_started(self, event: ItemStarted) -> None:
        execution = self._execution(event)
        if self._collections > 1:
            execution["collectionIndex"] = self._collections - 1

    def _item_finished(self, event: ItemFinished) -> None:
        version, execution = self._open.pop(event.cursor.ref, (0, None))
        if execution is None:
            return
        if event.skipped:
            execution["skipped"] = True
        self._spool.add([version, execution])

    def _request_finished(self, event: RequestFinished) -> None:
        execution = self._execution(event)
        found: JsonObject = {"request": request_json(event, self._secrets)}
        if event.exchange is not None:
            found["response"] = response_json(event.exchange.response, self._context.chance.uuid(), self._secrets)
        elif event.error is not None:
            found["requestError"] = request_error_json(event.error, self._secrets)
        leave_out(found, self._omit)
        if event.source == "item":
            execution["cursor"] = cursor_json(event.cursor, self._context.chance.uuid())
            execution.update(found)
        else:
            execution.setdefault("subRequests", []).append({"source": event.source, **found})

    def _request_failed(self, event: RequestFailed) -> None:
        error = request_error_json(event.error, self._secrets)
        found = {"request": request_json(event, self._secrets), "requestError": error}
        leave_out(found, self._omit)
        self._execution(event).update(found)

    def _assertion_checked(self, event: AssertionChecked) -> None:
        self._execution(event).setdefault("assertions", []).append(assertion_json(event, self._secrets))

    def _script_finished(self, event: ScriptFinished) -> None:
        if event.error is not None:
            named = script_error_json(event.error, self._secrets)
            chance, at = self._context.chance, script_place(event.listen, event.error)
            named["checksum"] = checksum(error_name(event.error), event.error.message, at, event.item)
            named |= {"id": chance.uuid(), "timestamp": int(chance.now() * 1000), "stacktrace": []}
            self._execution(event).setdefault(f"{event.listen}Script", []).append({"error": named})

    def _execution(self, event: ItemEvent) -> JsonObject:
        """What is known of this execution; it counts as masked with the secrets that were known when it began."""
        if event.cursor.ref not in self._open:
            number = self._items.setdefault(id(event.item), (len(self._items), event.item))[0]
            known = {"cursor": cursor_json(event.cursor), "item": number, "id": event.item.id}
            self._open[event.cursor.ref] = (self._secrets.version, known)
        return self._open[event.cursor.ref][1]

    def _write(self, file: Rewritten, summary: Summary) -> None:
        secrets, runs = self._secrets, summary.runs
        finished = runs[0].finished if runs else None
        file.write('{\n  "collection": ')
        file.write(_text(self._collection(runs[0]) if runs else {}, 2))
        if len(runs) > 1:  # Newman knows only one; each execution tells its own by `collectionIndex`
            file.write(',\n  "collections": ' + _text([self._collection(run) for run in runs], 2))
        for name in ("environment", "globals"):
            state = getattr(finished, name) if finished else Environment(name=name, scope=name)
            state = state if state.id else replace(state, id=self._context.chance.uuid())
            file.write(f',\n  "{name}": {_text(environment_json(state, secrets), 2)}')
        stats = {name: asdict(tracker) for name, tracker in summary.stats.items()}
        file.write(',\n  "run": {\n    "stats": ' + _text(stats, 4))
        file.write(',\n    "timings": ' + _text(summary.timings, 4))
        file.write(',\n    "executions": ')
        _write_list(file, (text for entry in self._spool.values() for text in self._listed(*entry)))
        file.write(',\n    "transfers": ' + _text({"responseTotal": summary.response_total}, 4))
        file.write(',\n    "failures": ')
        _write_list(file, (_text(failure_json(failure, secrets, self._nodes), 6) for failure in summary.failures))
        error = request_error_json(summary.error, secrets) if summary.error else None
        file.write(f',\n    "error": {_text(error, 4)}\n  }}\n}}\n')

    def _listed(self, version: int, execution: JsonObject) -> list[str]:
        """An execution as often as Newman lists it: once for each request it sent, those of its scripts included."""
        sent = len(execution.get("subRequests", ())) + ("request" in execution)
        return [self._finished_text(version, execution)] * max(sent, 1)

    def _collection(self, run: CollectionRun) -> JsonObject:
        variables = run.finished.collection_variables.values if run.finished else None
        return masked_node(collection_json(run.started.collection, variables), self._secrets)

    def _finished_text(self, version: int, execution: JsonObject) -> str:
        """One execution as text; the bytes of bodies stand on one line each."""
        known, items = version == self._secrets.version, [item for _, item in self._items.values()]
        bodies: list[bytes] = []
        for found in (execution, *execution.get("subRequests", ())):
            if "response" in found:
                stream = found["response"]["stream"]
                body = stream["data"].encode("latin-1")
                bodies.append(body if known else self._secrets.mask_bytes(body))
                stream["data"] = f"{self._mark}{len(bodies) - 1}"
        execution = execution if known else masked_shape(execution, self._secrets)
        execution["item"] = self._nodes.masked(items[execution["item"]])
        text = _text(execution, 6)
        return re.sub(f'"{self._mark}([0-9]+)"', lambda match: _numbers(bodies[int(match[1])]), text)


def _numbers(body: bytes) -> str:
    return f"[{','.join(map(_DIGITS.__getitem__, body))}]"


_DIGITS = [str(byte) for byte in range(256)]


def _text(value: Any, indent: int) -> str:
    return "".join(pieces(value, indent="  ", newline="\n" + " " * indent))


def _write_list(file: Rewritten, texts: Iterator[str]) -> None:
    before = "[\n      "
    for text in texts:
        file.write(before + text)
        before = ",\n      "
    file.write("[]" if before.startswith("[") else "\n    ]")


_KEEPS: dict[type[Event], Callable[[JsonReport, Any], None]] = {
    RunStarted: JsonReport._run_started,
    ItemStarted: JsonReport._item_started,
    RequestFinished: JsonReport._request_finished,
    RequestFailed: JsonReport._request_failed,
    AssertionChecked: JsonReport._assertion_checked,
    ScriptFinished: JsonReport._script_finished,
    ItemFinished: JsonReport._item_finished,
}
