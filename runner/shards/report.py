"""Reads the JSON report of one shard: the whole run that it describes, its collections and bodies, and its events."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, cast

from runner.errors import InvalidDocument, LoadError
from runner.formats.json_stream import JsonStream
from runner.formats.load import load_collection, read_collection
from runner.formats.reading import opened
from runner.model.collection import Collection
from runner.model.json import Json, JsonObject
from runner.model.origin import Origin
from runner.reporters.json.own import KEY, SCHEMA
from runner.results.spool import Heap, Spool
from runner.results.whole import Whole, WholeCollection
from runner.results.written.events import OWN, BodyKey
from runner.results.written.reading import reader

HINT = "name the JSON report of each shard (-r json --shard 1/5)"


class ShardReport:
    """One report; `whole` says which shard of what it is, `options` are those that decide what fails.

    `stack` gives its temporary files back.
    """

    def __init__(self, path: str, stream: JsonStream, stack: ExitStack) -> None:
        self.path = path
        self._trees: list[Json] = []
        self.contract: Json = None
        self._bodies, self._spool = Heap(), Spool()
        stack.callback(self._bodies.close)
        stack.callback(self._spool.close)
        self._places: dict[BodyKey, int] = {}
        self._of_unit: dict[str, array[int]] = {}
        self._started: list[str] = []
        own: JsonObject | None = None
        for name in stream.members() if stream.opens("{") else ():
            if name == KEY:
                own = self._own(stream)
            elif name == "run" and stream.opens("{"):
                self._run(stream)
            elif name in ("collection", "collections"):
                value = stream.value()
                self._trees = value if isinstance(value, list) else self._trees or [value]
            else:
                stream.value()
        stream.end()
        if own is None:
            raise self.invalid("is not a JSON report of a shard")
        self.whole = self._whole(own)
        self.options: JsonObject = own["options"]

    def invalid(self, reason: str) -> InvalidDocument:
        """The error for this report."""
        return InvalidDocument(reason, where=self.path, hint=HINT)

    # -- contents -----------------------------------------------------------------------------------------------------

    def collection(self, unit: str, path: str) -> Collection | None:
        """The collection of a unit, parsed again; None if the shard ran nothing of it."""
        if unit not in self._started:
            return None
        number = self._started.index(unit)
        tree = self._trees[number] if number < len(self._trees) else None
        if not isinstance(tree, dict):
            raise self.invalid("lacks a collection")
        return replace(read_collection(tree), path=path, origin=_origin(path))

    def events(self, unit: str) -> Iterator[JsonObject]:
        """The events of a unit, in order."""
        return map(self._spool.read, self._of_unit.get(unit, ()))

    def bodies(self, key: BodyKey) -> tuple[bytes, Json]:
        """The body of a response and the raw body of its request, as far as the report has them."""
        number = self._places.get(key)
        return (b"", None) if number is None else (self._bodies.get(number), json.loads(self._bodies.get(number + 1)))

    # -- reading --------------------------------------------------------------------------------------------------------

    def _own(self, stream: JsonStream) -> JsonObject:
        found: JsonObject = {}
        for name in stream.members() if stream.opens("{") else ():
            if name == "events" and stream.opens("["):
                self._check_schema(found)
                self._events(stream)
                found[name] = True
            else:
                found[name] = stream.value()
        self._check_schema(found)
        if not found.get("events"):
            raise self.invalid("is the report of a whole run: there is nothing to merge it with")
        return found

    def _check_schema(self, found: JsonObject) -> None:
        if found.get("schema") != SCHEMA:
            version = found.get("schema")
            raise LoadError(
                f"has version {version!r} of the form of shards, not {SCHEMA}",
                where=self.path,
                hint="merge with the version of postrunner that wrote the reports",
            )

    def _events(self, stream: JsonStream) -> None:
        """Store the events in temporary files, by unit; an event without a unit belongs to the previous event's."""
        unit = ""
        for _ in stream.entries():
            event = stream.value()
            if not isinstance(event, dict):
                raise self.invalid("has an event that is none")
            unit = str(event.get("unit", unit))
            if event.get("event") == "RunStarted" and unit not in self._started:
                self._started.append(unit)
            self._of_unit.setdefault(unit, array("Q")).append(self._spool.add(event))

    def _run(self, stream: JsonStream) -> None:
        for name in stream.members():
            if name == "executions" and stream.opens("["):
                for _ in stream.entries():
                    self._take_bodies(stream.value())
            elif name == "contract":
                self.contract = stream.value()
            else:
                stream.value()

    def _take_bodies(self, execution: Json) -> None:
        """Store the bodies of an execution and its attempts in a temporary file; a repeated listing has none."""
        waiting = [execution]
        while waiting:
            one = waiting.pop()
            cursor = _member(one, "cursor")
            ref, attempt = _member(cursor, "ref"), _member(cursor, "attempt")
            place = (ref if isinstance(ref, str) else "", attempt if isinstance(attempt, int) else 0)
            self._put((*place, OWN), one)
            for slot, sub in enumerate(_list(one, "subRequests")):
                self._put((*place, slot), sub)
            waiting += [*_list(one, "attempts"), *_list(one, "within")]

    def _put(self, key: BodyKey, sent: Json) -> None:
        if key in self._places or _member(sent, "request") is None:
            return
        data = _member(_member(_member(sent, "response"), "stream"), "data")
        raw = _member(_member(_member(sent, "request"), "body"), "raw")
        try:
            content = bytes(cast("list[int]", data)) if isinstance(data, list) else b""
        except (TypeError, ValueError):
            raise self.invalid("has a response whose body is not bytes") from None
        self._places[key] = self._bodies.put(content)
        self._bodies.put(json.dumps(raw).encode())

    def _whole(self, own: JsonObject) -> Whole:
        try:
            shard = own["shard"]
            read: Any = reader(tuple[WholeCollection, ...])
            return Whole(
                collections=read(own["collections"]),
                index=reader(int)(shard["index"]),
                count=reader(int)(shard["count"]),
                sharded=True,
                narrowed=reader(bool)(own["narrowed"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise self.invalid(f"does not say which shard it is of: {error}") from None


def read_report(path: str, stack: ExitStack) -> ShardReport:
    """The shard report in a file; raises `LoadError` if it is not one."""
    with opened(path) as file:
        return ShardReport(path, JsonStream(file, path), stack)


def _origin(path: str) -> Origin | None:
    """The files of a collection's folder, if it exists here: reports refer to them."""
    if not os.path.isdir(path):
        return None
    try:
        return load_collection(path).origin
    except LoadError:
        return None


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: Json, name: str) -> list[Json]:
    found = _member(value, name)
    return found if isinstance(found, list) else []
