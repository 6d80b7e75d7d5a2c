"""Collections of the format v2.0 and v2.1: JSON to model and back.

The model is a reading of the JSON; the JSON itself stays in `source`, untouched, and is what an export is made from.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from runner.deep_json import same
from runner.errors import InvalidCollection
from runner.formats.format import CERTAIN, NO, Format, Given
from runner.formats.json_text import JsonOrigin, JsonStyle, dump_json
from runner.formats.postman.v2_request import dump_request, parse_auth, parse_request
from runner.formats.postman.wrapped import inside, unwrapped
from runner.model.collection import Collection, Event, Folder, Item, Script
from runner.model.json import Json, JsonArray, JsonObject
from runner.model.origin import Origin
from runner.model.variable import Variable
from runner.rules.text import text_of

__all__ = ["dump_collection", "dump_request", "parse_collection", "parse_request"]

REQUEST_PARTS: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("url", (dict, str)),
    ("header", (list, dict, str)),
    ("body", (dict, str)),
    ("auth", (dict,)),
)
"""What each part of a request may be in a file, when it is not empty."""


WRAPPERS = ("collection",)

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
"""What a collection of v2.1 says that it is."""

KEPT = "_postrunner_v3"
"""The key under which stands what only the format v3 can hold: Newman and Postman leave it alone."""


def parse_collection(document: Json, where: str = "") -> Collection:
    """A collection from its JSON; raises `InvalidCollection` with the JSON path of what is wrong."""
    try:
        return _collection(document)
    except (_Malformed, AttributeError, TypeError, ValueError, KeyError) as error:
        from runner.formats.explain import explain_collection

        raise explain_collection(document, where, error) from None
    except RecursionError:
        raise InvalidCollection("folders are nested too deeply", where=where) from None


class _Malformed(Exception):
    """Some part of the document cannot be read; the schema tells which and why."""


def _collection(document: Json) -> Collection:
    if not isinstance(document, dict) or "item" not in document:
        raise _Malformed
    info = document.get("info") or {}
    if not isinstance(info, dict):
        info = {"name": info}
    v3 = _kept(document).get("format") == "v3"
    return Collection(
        id=text_of(info.get("_postman_id") or info.get("id") or document.get("id") or new_id()),
        name=_name(info.get("name") or document.get("name")),
        items=_items(document["item"], v3),
        events=_events(document.get("event")),
        variables=parse_variables(document.get("variable")),
        auth=parse_auth(document.get("auth")),
        protocol_profile_behavior=_object(document.get("protocolProfileBehavior")),
        source=document,
    )


def new_id() -> str:
    """A fresh UUID (version 4) for something that has no id in its file."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[int(digits[16], 16) & 3]}{digits[17:20]}-{digits[20:]}"


def _name(value: Json) -> str:
    return value if isinstance(value, str) else ("" if value is None else text_of(value))


# -- items ------------------------------------------------------------------------------------------------------


def _kept(source: JsonObject) -> JsonObject:
    """What only the format v3 can hold."""
    kept = source.get(KEPT)
    return kept if isinstance(kept, dict) else {}


def _items(source: Json, v3: bool) -> tuple[Folder | Item, ...]:
    # An entry with an `item` key is a folder, even if its list is empty.
    return tuple([_folder(entry, v3) if "item" in entry else _item(entry, v3) for entry in _entries(source)])


def _folder(source: JsonObject, v3: bool) -> Folder:
    return Folder(
        id=_id(source),
        name=_name(source.get("name")),
        items=_items(source["item"], v3),
        events=_events(source.get("event")),
        variables=parse_variables(source.get("variable")) if v3 else (),
        auth=parse_auth(source.get("auth")),
        protocol_profile_behavior=_object(source.get("protocolProfileBehavior")),
        source=source,
    )


def _item(source: JsonObject, v3: bool) -> Item:
    request = source.get("request")
    if isinstance(request, dict):
        # A script may hand over anything; in a file a part that would be silently dropped is an error.
        if not all(not (part := request.get(key)) or isinstance(part, kinds) for key, kinds in REQUEST_PARTS):
            raise _Malformed
    elif request and not isinstance(request, str):
        raise _Malformed
    id, name = _id(source), _name(source.get("name"))
    kept = _kept(source) if KEPT in source else {}
    return Item(
        id=id,
        name=name,
        kind=text_of(kept.get("kind") or ("http-request" if v3 else "http")),
        payload=_object(kept.get("data")),
        request=parse_request(request, id, name),
        events=_events(source.get("event")),
        protocol_profile_behavior=_object(source.get("protocolProfileBehavior")),
        source=source,
    )


def _id(source: JsonObject) -> str:
    return text_of(source.get("id") or source.get("_postman_id") or new_id())


def _entries(value: Json) -> list[JsonObject]:
    """The objects of a list, without `null`. One object in place of a list counts as its only entry (Postman)."""
    if isinstance(value, dict):
        return [value] if value else []
    found = []
    for entry in _list(value):
        if isinstance(entry, dict):
            found.append(entry)
        elif entry is not None:
            raise _Malformed
    return found


def _list(value: Json) -> JsonArray:
    if isinstance(value, list):
        return value
    if value:
        raise _Malformed
    return []


def _object(value: Json) -> JsonObject:
    """An object; any other empty value counts as an empty one: PHP writes `[]` for `{}`."""
    if isinstance(value, dict):
        return value
    if value:
        raise _Malformed
    return {}


# -- events -----------------------------------------------------------------------------------------------------


def _events(source: Json) -> tuple[Event, ...]:
    events = [_event(entry) for entry in _entries(source)]
    return tuple([event for event in events if event is not None])


def _event(source: JsonObject) -> Event | None:
    """An event; None for one that can never run, because it listens to nothing or carries no script."""
    listen, script = source.get("listen"), source.get("script")
    if not isinstance(listen, str) or not script:
        return None
    return Event(
        listen=listen, script=_script(script), id=text_of(source.get("id") or ""), disabled=bool(source.get("disabled"))
    )


def _script(source: Json) -> Script:
    if not isinstance(source, dict):
        source = {"exec": source}
    exec = "" if "src" in source else source.get("exec")  # a script with `src` is never run from `exec` (Postman)
    return Script(
        id=text_of(source.get("id") or new_id()), exec=_lines(exec), packages=_object(source.get("packages")), source=source
    )


def _lines(exec: Json) -> str:
    if isinstance(exec, list):
        return "\n".join([line if isinstance(line, str) else _name(line) for line in exec])
    if exec is None:
        return ""
    if not isinstance(exec, str):
        raise _Malformed
    return exec.replace("\r\n", "\n")


# -- variables --------------------------------------------------------------------------------------------------


def parse_variables(source: Json) -> tuple[Variable, ...]:
    """Variables from a list; one without a `key` (with an `id` alone) gets an empty key, so no script finds it (Postman).

    An object with a `key` counts as a list of one; any other object is a map of names to values.
    """
    if isinstance(source, dict) and "key" not in source:
        return tuple([Variable(str(key), value) for key, value in source.items()])
    return tuple([parse_variable(entry) for entry in _entries(source)])


def parse_variable(source: JsonObject) -> Variable:
    """One variable; both `disabled: true` and `enabled: false` switch it off."""
    return Variable(
        key=_name(source.get("key")),
        value=source.get("value"),
        type=_name(source.get("type")) or "any",
        disabled=bool(source.get("disabled")) or source.get("enabled") is False,
        source=source,
    )


def dump_collection(collection: Collection) -> JsonObject:
    """The JSON that the collection was read from, with the variables that it has now.

    Variables keep their place, type and other keys; if none changed, the result is `source` itself.
    """
    source = collection.source
    if same(collection.variables, parse_variables(source.get("variable"))):
        return source
    return {**source, "variable": dump_variables(collection.variables)}


def dump_variables(variables: Iterable[Variable], *, typed: bool = False) -> JsonArray:
    """The JSON of variables: what each was read from with its present value; a new one is `typed` even if it is `any`."""
    return [_dump_variable(variable, typed) for variable in variables]


def _dump_variable(variable: Variable, typed: bool) -> JsonObject:
    source = variable.source
    if source is None:
        kind = {"type": variable.type} if typed or variable.type != "any" else {}
        return {"key": variable.key, "value": variable.value, **kind}
    result = source
    if not same(source.get("value"), variable.value):
        result = {**result, "value": variable.value}
    if variable.type != parse_variable(source).type:
        result = {**result, "type": variable.type}
    return result


# -- as a format ------------------------------------------------------------------------------------------------


def _sniff(given: Given) -> int:
    document = inside(given.json, WRAPPERS)
    return CERTAIN if isinstance(document, dict) and "item" in document else NO


def _load(given: Given) -> tuple[Collection, Origin]:
    document, style = unwrapped(given, WRAPPERS)
    return parse_collection(document, given.path), JsonOrigin(format="v2", style=style)


def dump_text(collection: Collection, origin: Origin | None, exported_at: str) -> str:
    """The text of the collection, as its file was written."""
    return dump_json(dump_collection(collection), origin.style if isinstance(origin, JsonOrigin) else JsonStyle())


FORMAT = Format(title="a collection", sniff=_sniff, load=_load, dump=dump_text)
