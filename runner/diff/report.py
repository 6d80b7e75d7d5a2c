"""Reads a JSON report of a run, ours, Newman's or a merged one of shards, as one side of a comparison."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from typing import IO, NamedTuple, cast

from runner.diff.answers import Answer, Key, Named, Side, Test
from runner.errors import InvalidDocument
from runner.formats.json_stream import JsonStream
from runner.formats.reading import opened
from runner.model.json import Json, JsonObject
from runner.reporters.text import plural
from runner.reruns.reports import requests_in
from runner.secrets import Unmasked

HINT = "name a JSON report of postrunner (-r json) or of Newman"

EMPTY = (204, 205, 304)
"""Statuses without a body, whatever their `Content-Length` says."""


MEMBERS = ("collection", "collections", "environment", "globals", "run", "postrunner")
"""What a report has beside one another; a collection in the form of the Postman API has only the first."""


class Given(NamedTuple):
    """A side as it was named: a file or folder, or the text of an address, a UID or a pipe, which is read only once."""

    name: str
    text: str | None = None

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The file, or the text as one; raises `FileUnreadable`."""
        if self.text is None:
            with opened(self.name) as file:
                yield file
        else:
            yield BytesIO(self.text.encode("utf-8", "surrogatepass"))


def is_report(given: Given) -> bool:
    """Whether this is a report of a run rather than a collection; raises `LoadError` for broken JSON."""
    if given.text is None and not os.path.isfile(given.name):
        return False
    with given.opened() as file:
        stream = JsonStream(file, given.name)
        if not stream.opens("{"):
            return False
        for name in stream.members():
            if name == "run" or name not in MEMBERS:
                return name == "run"
            stream.value()
    return False


def read_report(given: Given, stack: ExitStack) -> Side:
    """The answers in a report; raises `LoadError` if it is none, or a broken or truncated one."""
    side = Side(given.name, Unmasked(), stack)
    with given.opened() as file:
        _Reader(given.name, side).read(JsonStream(file, given.name))
    return side


class _Reader:
    """Reads the executions as they come: the collections stand before them, as Newman and we write it."""

    def __init__(self, path: str, side: Side) -> None:
        self._path = path
        self._side = side
        self._paths: list[dict[str, tuple[str, ...]]] = []
        self._refs: set[str] = set()
        self._found = False
        self._unknown = 0

    def read(self, stream: JsonStream) -> None:
        if not stream.opens("{"):
            raise self._invalid("is not a report of a run")
        for name in stream.members():
            if name == "run" and stream.opens("{"):
                self._run(stream)
            elif name == "postrunner" and stream.opens("{"):
                _pass_over_events(stream)
            else:
                self._member(name, stream.value())
        stream.end()
        if not self._found or not self._paths:
            raise self._invalid("is not a report of a run")
        if self._unknown:
            count = plural(self._unknown, "execution")
            self._side.notes.append(f"{count} sent requests of scripts only, as far as the report says: none is compared")

    def _member(self, name: str, value: Json) -> None:
        if name == "environment" and isinstance(value, dict):
            self._side.environment = _text(value.get("name"))
        elif name == "collection" or (name == "collections" and isinstance(value, list)):
            trees = value if isinstance(value, list) else [value]
            self._side.collections = [Named(*_named(tree)) for tree in trees]
            self._paths = []
            for tree in trees:
                paths: dict[str, tuple[str, ...]] = {}
                for id, path in requests_in(tree, ()):
                    paths.setdefault(id, path)
                self._paths.append(paths)

    def _run(self, stream: JsonStream) -> None:
        for name in stream.members():
            if name == "executions" and stream.opens("["):
                self._found = True
                for _ in stream.entries():
                    self._execution(stream.value())
                continue
            value = stream.value()
            if name == "error" and value:
                self._side.error = _text(value.get("message") if isinstance(value, dict) else value) or "it ended early"

    def _execution(self, entry: Json) -> None:
        """Take an execution; a report lists it again for each further request that its scripts sent."""
        item = entry.get("item") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(item, dict):
            raise self._invalid("has an execution that names no request")
        cursor = entry.get("cursor")
        ref = cursor.get("ref") if isinstance(cursor, dict) else None
        if isinstance(ref, str) and ref:
            if ref in self._refs:
                return
            self._refs.add(ref)
        iteration = cursor.get("iteration", 0) if isinstance(cursor, dict) else 0
        if not isinstance(iteration, int):
            raise self._invalid("has an iteration that is not a number")
        self._side.add(self._answer(entry, item, iteration))

    def _answer(self, entry: JsonObject, item: JsonObject, iteration: int) -> Answer:
        number = entry.get("collectionIndex", 0)
        paths = self._paths[number] if isinstance(number, int) and 0 <= number < len(self._paths) else {}
        id, name = _text(item.get("id")), _text(item.get("name"))
        key = Key(number if isinstance(number, int) else 0, _text(entry.get("part")), paths.get(id, (name,)), iteration)
        answer = Answer(key=key, id=id, tests=list(_tests(entry)))
        if entry.get("skipped") is True:
            answer.skipped = _text(entry.get("skipReason"))
        sent = entry if "request" in entry else self._ran(entry)
        error, response = sent.get("requestError"), sent.get("response")
        if isinstance(error, dict):
            answer.error = _text(error.get("message")) or _text(error.get("code")) or _text(error.get("name"))
        if isinstance(response, dict):
            self._take_response(answer, response, sent.get("request"))
        return answer

    def _ran(self, entry: JsonObject) -> JsonObject:
        """The request of an item that a script ran, which stands among those that scripts sent; empty without one."""
        subs = entry.get("subRequests")
        sent = [sub for sub in subs if isinstance(sub, dict)] if isinstance(subs, list) else []
        own = next((sub for sub in sent if sub.get("own") is True), None)
        if own is None and any(sub.get("source") == "script" for sub in sent) and not any(_tests(entry, scripts=True)):
            self._unknown += 1
        return own or {}

    def _take_response(self, answer: Answer, response: JsonObject, request: Json) -> None:
        code = response.get("code")
        if not isinstance(code, int) or isinstance(code, bool):
            raise self._invalid("has a response without a status code")
        answer.status, answer.reason = code, _text(response.get("status"))
        time, header = response.get("responseTime"), response.get("header")
        answer.time = float(time) if isinstance(time, int | float) and 0 <= time < 1e12 else None
        if isinstance(header, list):
            if not all(isinstance(one, dict) and isinstance(one.get("key"), str) for one in header):
                raise self._invalid("has a response with a header without a name")
            answer.header = [(one["key"], _text(one.get("value"))) for one in header]
        answer.body = self._body(response)
        if not answer.body and (code in EMPTY or (isinstance(request, dict) and request.get("method") == "HEAD")):
            answer.body = b""

    def _body(self, response: JsonObject) -> bytes | None:
        """The body; None where the report was told to leave it out: then it is empty, though it had a size."""
        stream = response.get("stream")
        data = stream.get("data") if isinstance(stream, dict) else None
        if isinstance(data, list) and data:
            try:
                return bytes(cast("list[int]", data))
            except (TypeError, ValueError):
                raise self._invalid("has a response whose body is not bytes") from None
        return b"" if response.get("responseSize") == 0 else None

    def _invalid(self, reason: str) -> InvalidDocument:
        return InvalidDocument(reason, where=self._path, hint=HINT)


def _pass_over_events(stream: JsonStream) -> None:
    """Read what we add to a report without keeping it: the events of a shard may be large."""
    for name in stream.members():
        if name == "events" and stream.opens("["):
            for _ in stream.entries():
                stream.value()
        else:
            stream.value()


def _named(tree: Json) -> tuple[str, str]:
    info = tree.get("info") if isinstance(tree, dict) else None
    found = info if isinstance(info, dict) else {}
    return _text(found.get("name")), _text(found.get("_postman_id"))


def _tests(entry: JsonObject, *, scripts: bool = False) -> Iterator[Test]:
    """The tests of an execution, and errors of its `scripts` (or these alone) as tests that failed."""
    assertions = None if scripts else entry.get("assertions")
    for one in assertions if isinstance(assertions, list) else ():
        if isinstance(one, dict):
            error = one.get("error")
            message = _text(error.get("message")) if isinstance(error, dict) else ""
            outcome = "skipped" if one.get("skipped") is True else "failed" if error else "passed"
            yield Test(_text(one.get("assertion")), outcome, message)
    for listen, name in SCRIPTS.items():
        errors = entry.get(f"{listen}Script")
        for one in errors if isinstance(errors, list) else ():
            error = one.get("error") if isinstance(one, dict) else None
            if isinstance(error, dict):
                yield Test(name, "failed", _text(error.get("message")))


SCRIPTS = {"prerequest": "error in the pre-request script", "test": "error in the test script"}
"""The names of errors of scripts among the tests."""


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
