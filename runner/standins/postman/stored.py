"""How the Postman API keeps a collection: every item, example and script has an id, what changed has a new date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import field

from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.standins.postman.errors import already_exists

SCHEMA = "https://schema.postman.com/json/collection/v2.1.0/collection.json"
"""The address that the API writes; exports of the app have schema.getpostman.com."""

OWN_KEYS = ("uid", "createdAt", "updatedAt", "lastUpdatedBy")
"""What the API adds to items, examples and `info`, and ignores in what it is sent."""

EXPORT_KEYS = ("_exporter_id", "_collection_link")
UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(slots=True)
class Collection:
    """One collection: its document as GET shows it, and which workspace it is in."""

    id: str
    workspace: str
    document: JsonObject
    entries: dict[str, JsonObject] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name."""
        name: str = self.document["info"]["name"]
        return name


def identified(document: JsonObject) -> Iterator[JsonObject]:
    """Each folder, request and example of a valid document, in order."""
    waiting = [*reversed(document["item"])]
    while waiting:
        entry: JsonObject = waiting.pop()
        yield entry
        yield from entry.get("response") or ()
        waiting += reversed(entry.get("item") or ())


def scripts(document: JsonObject) -> Iterator[JsonObject]:
    """Each script of a valid document that is written as an object."""
    for holder in (document, *identified(document)):
        for event in holder.get("event") or ():
            if isinstance(event.get("script"), dict):
                yield event["script"]


def give_ids(
    document: JsonObject, collection: Collection, new_id: Callable[[], str], taken: Callable[[str], bool]
) -> dict[str, JsonObject]:
    """Give an id to each item, example and script that has none; returns items and examples by their id.

    An id of another collection, and one that stands in the document twice, is refused (`taken` knows the others).
    """
    entries: dict[str, JsonObject] = {}
    for entry in identified(document):
        identity = entry.get("id")
        if not (isinstance(identity, str) and UUID.fullmatch(identity)):
            identity = new_id()
        elif identity in entries or (identity not in collection.entries and taken(identity)):
            raise already_exists("item", identity)
        entry["id"] = identity
        entries[identity] = entry
    for script in scripts(document):
        script.setdefault("id", new_id())
    return entries


def put(document: JsonObject, collection: Collection, entries: dict[str, JsonObject], owner: str, now: str) -> None:
    """Make a document the content of `collection`, with the uids and the dates that only the API sets."""
    for identity, entry in entries.items():
        for key in OWN_KEYS:
            entry.pop(key, None)
        before = collection.entries.get(identity)
        entry["uid"] = f"{owner}-{identity}"
        entry["createdAt"] = before["createdAt"] if before else now
        entry["updatedAt"] = before["updatedAt"] if before and _own(before) == _own(entry) else now
    info = {key: value for key, value in document["info"].items() if key not in (*OWN_KEYS, *EXPORT_KEYS, "_postman_id")}
    created = collection.document["info"]["createdAt"] if collection.document else now
    dates = {"createdAt": created, "updatedAt": now, "lastUpdatedBy": owner}
    uid = f"{owner}-{collection.id}"
    document["info"] = {"_postman_id": collection.id, **info, "schema": SCHEMA, **dates, "uid": uid}
    collection.document, collection.entries = document, entries


def _own(entry: JsonObject) -> dict[str, Json]:
    """What an entry says itself: not its dates, and not what is inside of it."""
    return {key: value for key, value in entry.items() if key not in (*OWN_KEYS, "item", "response")}
