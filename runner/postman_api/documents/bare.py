"""What a collection or an environment says itself: without what Postman adds, in one form, so that two can be compared."""

from __future__ import annotations

from collections.abc import Iterator

from runner.formats.postman.upgrade import upgraded
from runner.formats.postman.v2 import KEPT
from runner.formats.v3.kept import saying
from runner.model.json import Json, JsonObject
from runner.rules.text import json_text

ADDED = frozenset({"uid", "createdAt", "updatedAt", "lastUpdatedBy"})
"""What the API adds to collections, folders, requests and examples."""

ABOUT_EXPORT = ("_exporter_id", "_collection_link")
"""What exports of the app say in `info` about themselves: it stays in the file."""

_OF_INFO = ADDED.union(("fork", *ABOUT_EXPORT))
_IN_ENVIRONMENT = ("key", "value", "type", "enabled", "description", "secret", "source")


def entries_of(value: Json) -> list[JsonObject]:
    """The objects of a list; one in the place of a list is a list of one."""
    found = [value] if isinstance(value, dict) else value
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def walk(document: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Each folder, request and example of a collection with its kind, before what is in it."""
    waiting = entries_of(document.get("item"))[::-1]
    while waiting:
        node = waiting.pop()
        if "item" in node:
            yield "folder", node
            waiting += entries_of(node["item"])[::-1]
        else:
            yield "request", node
            yield from (("example", one) for one in entries_of(node.get("response")))


def bare_collection(document: JsonObject) -> JsonObject:
    """A copy of a collection in the forms of v2.1, without what the API adds and what only files have."""
    made = upgraded(document)
    for _, node in walk(made):
        for key in (*ADDED, KEPT):
            node.pop(key, None)
    made.pop(KEPT, None)
    made["info"] = {key: value for key, value in made["info"].items() if key not in _OF_INFO}
    return made


def bare_environment(document: JsonObject) -> JsonObject:
    """A copy of an environment or of globals as the API takes it: values are texts, and types default or secret."""
    values: list[Json] = []
    for entry in entries_of(document.get("values")):
        value = entry.get("value")
        made = {key: entry[key] for key in _IN_ENVIRONMENT if entry.get(key) is not None}
        made["key"] = str(entry.get("key", ""))
        if "source" not in made:
            made["value"] = value if isinstance(value, str) else "" if value is None else json_text(value)
        made["type"] = "secret" if entry.get("type") == "secret" else "default"
        made["enabled"] = entry.get("enabled") is not False and entry.get("disabled") is not True
        if made.get("description") == "":
            del made["description"]
        values.append(made)
    return {**({"name": document["name"]} if document.get("name") else {}), "values": values}


def own_part(node: JsonObject) -> JsonObject:
    """What a bare collection, folder, request or example says itself, without ids and without what says nothing."""
    found = {key: value for key, value in node.items() if key not in ("id", "item", "response")}
    if isinstance(info := found.get("info"), dict):
        found["info"] = {key: value for key, value in info.items() if key not in ("_postman_id", "schema")}
    if "event" in found:
        found["event"] = [_without_ids(event) for event in entries_of(found["event"])]
    if "variable" in found:
        found["variable"] = [
            {key: value for key, value in one.items() if key != "id" or "key" not in one}
            for one in entries_of(found["variable"])
        ]
    said = saying(found)
    assert isinstance(said, dict)
    return said


def _without_ids(event: JsonObject) -> JsonObject:
    """A script without its ids, and without the type that each one has."""
    made = {key: value for key, value in event.items() if key != "id"}
    script = event.get("script")
    if isinstance(script, dict):
        usual = script.get("type") in (None, "text/javascript")
        made["script"] = {key: one for key, one in script.items() if key != "id" and not (key == "type" and usual)}
    return made
