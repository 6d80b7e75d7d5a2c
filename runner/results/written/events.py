"""Each event of a run as JSON, and back.

What is the same as in the event before is left out: the unit, the cursor and the item. Requests of a collection are
numbers: their places among all that it has. The body of a response and a raw one of a request are not written here, for
they stand in Newman's part of the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from runner import events
from runner.events import (
    AssertionChecked,
    Cursor,
    Event,
    ItemEvent,
    RequestEvent,
    RunStarted,
    ScriptFinished,
    ScriptStarted,
)
from runner.model.collection import Collection, Folder, Item
from runner.model.json import Json, JsonObject
from runner.model.variable import Variable
from runner.results.whole import requests_of
from runner.results.written.reading import reader, readers_of
from runner.results.written.shapes import changed_fields, hop_shape, shape
from runner.secrets.outgoing.masked import unmasked

APART = frozenset({"cursor", "unit", "item", "path", "collection", "items", "request", "exchange", "script_id"})
"""Fields with a rule of their own."""

BodyKey = tuple[str, int, int]
"""Names a request that was sent: the `ref` of its execution, the attempt, and its place in that (`OWN`: the item's own)."""

OWN = -1

Bodies = Callable[[BodyKey], tuple[bytes, Json]]
"""Gives the body of a response, and the raw body of its request (None if it has none)."""


def _script_ids(collection: Collection) -> list[str]:
    """The ids of all scripts, in order: a file may have none, and then they are others in each run."""
    found: list[str] = []
    waiting: list[Collection | Folder | Item] = [collection]
    while waiting:
        node = waiting.pop()
        found += (event.script.id for event in node.events)
        waiting += () if isinstance(node, Item) else node.items
    return found


class EventWriter:
    """Makes JSON of the events of a call, in their order: those of a part of a collection stand together."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._scripts: dict[str, int] = {}
        self._unit = ""
        self._cursor: Cursor | None = None
        self._item: tuple[int, tuple[str, ...]] | None = None

    def shape(self, event: Event) -> JsonObject:
        """One event, masked as it is."""
        found: JsonObject = {"event": type(event).__name__}
        if event.unit != self._unit:
            self._unit = found["unit"] = event.unit
            self._cursor, self._item = None, None  # each unit is read by itself
        if event.cursor != self._cursor:
            self._cursor, found["cursor"] = event.cursor, shape(event.cursor)
        if isinstance(event, RunStarted):
            self._begin(event)
            found["items"] = [self._number(item) for item in event.items]
            found["variables"] = shape(event.collection.variables)
        if isinstance(event, ItemEvent):
            item = self._number(event.item), event.path
            if item != self._item:
                self._item, found["item"], found["path"] = item, item[0], list(item[1])
        if isinstance(event, RequestEvent):
            found |= _request_shape(event)
        if isinstance(event, ScriptStarted | ScriptFinished | AssertionChecked):
            found["script"] = self._scripts.get(event.script_id, event.script_id)
        return found | {name: shape(value) for name, value in changed_fields(event) if name not in APART}

    def _begin(self, event: RunStarted) -> None:
        collection = unmasked(event.collection)
        self._numbers = {id(item): number for number, item in enumerate(requests_of(collection))}
        self._scripts = {id: number for number, id in enumerate(_script_ids(collection))}

    def _number(self, item: Item) -> int:
        return self._numbers[id(unmasked(item))]


def _request_shape(event: RequestEvent) -> JsonObject:
    request = shape(event.request)
    raw = request["body"].pop("raw", None) if "body" in request else None
    exchange = event.exchange
    if exchange is None:
        return {"request": request}
    found = shape(exchange)
    last = exchange.response
    found["hops"] = [shape(hop) if hop.response == last else hop_shape(hop) for hop in exchange.hops]
    if raw is not None and found["request"].get("body") == raw:
        found["request"]["body"] = None  # what was sent is that text
    return {"request": request, "exchange": found}


class EventReader:
    """Makes the events of one unit again, in their order; raises `ValueError`.

    They are about this `collection`, and of the unit that is now called `unit`. `place` gives the cursor that another one
    of its iterations has in the whole.
    """

    def __init__(self, collection: Collection, unit: str, bodies: Bodies, place: Callable[[Cursor], Cursor]) -> None:
        self._collection = collection
        self._unit = unit
        self._items = requests_of(collection)
        self._scripts = _script_ids(collection)
        self._bodies = bodies
        self._place = place
        self._part = ""
        self._cursor = Cursor()
        self._item: JsonObject = {}
        self._sent: Counter[tuple[str, int]] = Counter()

    def read(self, found: JsonObject) -> Event:
        """One event."""
        cls = getattr(events, str(found.get("event")), None)
        if not isinstance(cls, type) or not issubclass(cls, Event):
            raise ValueError(f"there is no event {found.get('event')!r}")
        if cls is RunStarted:
            self._part = str(found.get("part", ""))
        if "cursor" in found:
            cursor: Cursor = reader(Cursor)(found["cursor"])
            self._cursor = cursor if self._part else self._place(cursor)
        more: JsonObject = {"cursor": self._cursor, "unit": self._unit}
        if issubclass(cls, ItemEvent):
            if "item" in found:
                self._item = {"item": self._item_of(found["item"]), "path": reader(tuple[str, ...])(found["path"])}
            more |= self._item
        if cls is RunStarted:
            self._collection = replace(self._collection, variables=reader(tuple[Variable, ...])(found["variables"]))
            items = tuple(map(self._item_of, reader(tuple[int, ...])(found["items"])))
            more |= {"collection": self._collection, "items": items}
        if "script" in found:
            script = found["script"]
            more["script_id"] = self._scripts[script] if isinstance(script, int) else script
        if issubclass(cls, RequestEvent):
            found = self._with_bodies(found)
        return made(cls, found, more)

    def _item_of(self, number: Json) -> Item:
        if not isinstance(number, int) or not 0 <= number < len(self._items):
            raise ValueError("there is no such request")
        return self._items[number]

    def _with_bodies(self, found: JsonObject) -> JsonObject:
        """The JSON of a request with the bodies that stand elsewhere."""
        place, slot = (self._cursor.ref, self._cursor.attempt), OWN
        if found.get("source", "item") != "item":
            slot, self._sent[place] = self._sent[place], self._sent[place] + 1
        content, raw = self._bodies((*place, slot))
        request = found["request"]
        if "body" in request:
            request = {**request, "body": {**request["body"], "raw": raw}}
        if "exchange" not in found:
            return {**found, "request": request}
        exchange = found["exchange"]
        response, sent = {**exchange["response"], "body": content}, exchange["request"]
        if sent.get("body", "") is None:
            sent = {**sent, "body": raw if isinstance(raw, str) else ""}
        hops = [hop if "response" in hop else {**hop, "response": response} for hop in exchange.get("hops", ())]
        return {**found, "request": request, "exchange": {**exchange, "request": sent, "response": response, "hops": hops}}


def made(cls: type[Event], found: JsonObject, more: JsonObject) -> Event:
    """An event of a class, from what is written and `more`, which is there already."""
    known = readers_of(cls)
    return cls(**{name: known[name](value) for name, value in found.items() if name in known and name not in more}, **more)
