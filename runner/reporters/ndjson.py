"""The `ndjson` reporter: one JSON object a line for each event, written as it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from runner.deep_json import dumps
from runner.events import (
    AssertionChecked,
    ConsoleLogged,
    Event,
    ItemEvent,
    ItemFinished,
    ItemRetried,
    IterationStarted,
    NextRequestSet,
    RequestFailed,
    RequestFinished,
    RunFinished,
    RunStarted,
    ScriptFinished,
    ScriptStarted,
    Warned,
)
from runner.logs import json_visible
from runner.model.json import JsonObject
from runner.model.payload import BodyBytes, text_start
from runner.outputs import Stream, streaming
from runner.reporters.context import ReporterContext
from runner.reporters.json.shapes import assertion_json, cursor_json, request_error_json, script_error_json
from runner.reporters.text import url_of
from runner.results.summary import Summary

NAME = "ndjson"


class NdJson:
    """Streams to standard output, or to the file of `--reporter-ndjson-export`, whose folders are made.

    Every line has `event` (its kind) and `cursor`; the last one is the `summary`. Headers and bodies need `--verbose`.
    """

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        chosen = context.options.reporter_option(NAME, "export")
        self._path = Path(chosen) if chosen and chosen != "true" else None
        self._file: Stream | None = None
        self.dominant = self._path is None
        self._silent = self._path is None and context.options.silent

    def on(self, event: Event) -> None:
        """Write one line; the start of a script is reported with its end."""
        if isinstance(event, ScriptStarted):
            return
        try:
            self._tell(event)
        except BaseException:  # this reporter is dropped
            if self._file is not None:
                self._file.discard()
            raise

    def _tell(self, event: Event) -> None:
        shape = _SHAPES.get(type(event))
        line: JsonObject = {"event": _kind(event), "cursor": cursor_json(event.cursor)}
        if isinstance(event, ItemEvent):
            line["item"] = {"id": event.item.id, "name": event.item.name, "path": [*event.path]}
        self._write(line | (shape(event, self._context) if shape else {}))

    def close(self, summary: Summary) -> None:
        """Write the last line and close the file."""
        stats = {name: asdict(tracker) for name, tracker in summary.stats.items()}
        totals = {"failed": summary.failed, "failures": len(summary.failures), "warnings": len(summary.warnings)}
        totals |= {"flaky": len(summary.flaky), "retries": summary.retries} if summary.retries else {}
        self._write(
            {"event": "summary", **totals, "exitCode": summary.exit_code(), "stats": stats, "timings": summary.timings}
        )
        if self._file is not None:
            self._file.close()
        else:
            self._context.stream.flush()

    def _write(self, line: JsonObject) -> None:
        if self._silent:
            return
        text = self._context.markers.in_json(json_visible(dumps(line, separators=(",", ":"))))
        if self._path is None:
            self._context.stream.write(text + "\n")
            return
        if self._file is None:  # not earlier: a file that cannot be opened must not prevent the run
            self._file = streaming(self._path)
        self._file.write(text + "\n")


def _kind(event: Event) -> str:
    name = type(event).__name__
    return name[0].lower() + name[1:]


def _run_started(event: RunStarted, context: ReporterContext) -> JsonObject:
    named = {"id": event.collection.id, "name": event.collection.name}
    part = {"part": event.part} if event.part else {}
    return {"collection": named, **part, "items": len(event.items), "started": int(event.started)}


def _request(event: RequestFinished, context: ReporterContext) -> JsonObject:
    found: JsonObject = {
        "source": event.source,
        "method": event.request.method,
        "url": url_of(event),
    }
    if event.error is not None:
        return {**found, "error": request_error_json(event.error)}
    if event.exchange is None:
        return found
    response = event.exchange.response
    phases = {name: value for name, value in asdict(response.timings).items() if value is not None}
    found |= {
        "status": response.code,
        "reason": response.status,
        "time": response.time,
        "timings": phases,
    }
    found |= {"bytes": asdict(response.sizes), "redirects": max(0, len(event.exchange.hops) - 1)}
    if context.verbose:
        found["requestHeaders"] = [[*pair] for pair in event.exchange.request.headers]
        found["responseHeaders"] = [[*pair] for pair in response.headers]
        found["requestBody"] = _body(event.exchange.request.body)
        found["responseBody"] = _body(response.body)
    return found


def _body(body: BodyBytes) -> str | None:
    found = text_start(body, len(body)) if isinstance(body, bytes) else None  # a large file is not repeated
    return None if found is None else found[0]


def _request_failed(event: RequestFailed, context: ReporterContext) -> JsonObject:
    return {
        "method": event.request.method,
        "url": url_of(event),
        "error": request_error_json(event.error),
    }


def _script(event: ScriptFinished, context: ReporterContext) -> JsonObject:
    error = {"error": script_error_json(event.error)} if event.error else {}
    return {"listen": event.listen, "scriptId": event.script_id, "owner": event.owner, **error}


def _run_finished(event: RunFinished, context: ReporterContext) -> JsonObject:
    error = {"error": request_error_json(event.error)} if event.error else {}
    return {"completed": int(event.completed), **error}


_SHAPES: dict[type[Event], Callable[[Any, ReporterContext], JsonObject]] = {
    RunStarted: _run_started,
    IterationStarted: lambda event, context: {"data": event.data},
    RequestFinished: _request,
    RequestFailed: _request_failed,
    ScriptFinished: _script,
    AssertionChecked: lambda event, context: {"listen": event.listen, **assertion_json(event)},
    ConsoleLogged: lambda event, context: {
        "level": event.level,
        "messages": list(event.messages),
    },
    Warned: lambda event, context: {
        "code": event.code,
        "message": event.message,
        "where": event.where,
    },
    NextRequestSet: lambda event, context: {
        "name": event.name,
        "found": event.found,
    },
    ItemFinished: lambda event, context: {
        "skipped": event.skipped,
        **({"skipReason": event.why_skipped} if event.skipped else {}),
    },
    ItemRetried: lambda event, context: {"reason": event.reason, "delay": event.delay},
    RunFinished: _run_finished,
}
