"""The values that texts mean by their schemas: parameters, headers and form fields are all sent as texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple, NoReturn

from runner.deep_json import loads
from runner.foreign.openapi.documents import Document
from runner.model.json import Json, JsonObject

_INTEGER = re.compile(r"-?\d+", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
LONGEST_NUMBER = 400
"""Characters of a number; a longer text is no number that anything takes."""

MOST_SCHEMAS = 50
"""Alternatives and parts of a schema that are looked at for its types."""

Raw = str | list[str] | dict[str, str]
"""Texts as the style of a parameter puts them together: one, those of a list, or those of the members of an object."""


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


_STRICT = json.JSONDecoder(parse_constant=_refuse)


def strict_json(text: str) -> Json:
    """The value of a JSON text; raises `ValueError`, also for NaN and Infinity, which Python's parser takes."""
    found: Json = loads(text, _STRICT)
    return found


class _Told(NamedTuple):
    """What a schema tells of values; it is kept so that its `id` stays its own."""

    schema: Json
    types: frozenset[str]
    properties: JsonObject


class Values:
    """Reads texts by the schemas of a document. A text that is no such value stays a text, which no schema then takes.

    `as_text` reads what may be a text as one: `12` of a schema that takes texts and numbers may be either.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[int, _Told] = {}

    def of(self, raw: Raw, schema: Json, *, as_text: bool = False) -> Json:
        """The value of texts."""
        if isinstance(raw, list):
            items = self._document.resolved(schema).get("items", {})
            return [self._scalar(text, items, as_text) for text in raw]
        if isinstance(raw, dict):
            members = self.properties(schema)
            return {name: self._scalar(text, members.get(name, {}), as_text) for name, text in raw.items()}
        return self._scalar(raw, schema, as_text)

    def of_members(self, members: Json, schema: Json, *, as_text: bool = False) -> Json:
        """The value of texts in objects: one whose names are numbers, or empty, may be a list."""
        if isinstance(members, str):
            return self._scalar(members, schema, as_text)
        is_array = "array" in self.types(schema)
        items = self._document.resolved(schema).get("items", {}) if is_array else {}
        if isinstance(members, list):
            return [self.of_members(one, items, as_text=as_text) for one in members]
        given = members if isinstance(members, dict) else {}
        if is_array and all(not name or name.isdecimal() for name in given):
            texts = [text for one in given.values() for text in (one if isinstance(one, list) else [one])]
            return [self.of_members(text, items, as_text=as_text) for text in texts]
        known = self.properties(schema)
        return {name: self.of_members(one, known.get(name, {}), as_text=as_text) for name, one in given.items()}

    def _scalar(self, text: str, schema: Json, as_text: bool) -> Json:
        types = self.types(schema)
        if as_text and (not types or "string" in types):
            return text
        if len(text) > LONGEST_NUMBER:
            return text
        any_type = not types
        if ("null" in types and text in ("", "null")) or (any_type and text == "null"):
            return None
        if (any_type or "integer" in types) and _INTEGER.fullmatch(text):
            return int(text)
        if (any_type or "number" in types) and _NUMBER.fullmatch(text) and isfinite(number := float(text)):
            return number
        return text == "true" if (any_type or "boolean" in types) and text in ("true", "false") else text

    def kind(self, schema: Json, *, as_text: bool = False) -> str:
        """Whether texts are put together to an `array`, an `object`, or are one `text`."""
        types = self.types(schema)
        if as_text and "string" in types:
            return "text"
        if "array" in types:
            return "array"
        is_object = "object" in types or (not types and bool(self.properties(schema)))
        return "object" if is_object and not types & {"string", "number", "integer", "boolean"} else "text"

    def types(self, schema: Json) -> frozenset[str]:
        """Every type that a schema may have, also in its alternatives; empty if it does not say."""
        return self._told(schema).types

    def properties(self, schema: Json) -> JsonObject:
        """The schemas of the properties that a schema names, also in its alternatives."""
        return self._told(schema).properties

    def _told(self, schema: Json) -> _Told:
        known = self._known.get(id(schema))
        if known is not None:
            return known
        types: set[str] = set()
        properties: JsonObject = {}
        for one in self._parts(schema):
            named, members = one.get("type"), one.get("properties")
            types |= set(named) if isinstance(named, list) else {named} if isinstance(named, str) else set()
            types |= {"null"} if one.get("nullable") is True else set()
            properties = {**members, **properties} if isinstance(members, Mapping) else properties
        found = _Told(schema, frozenset(types), properties)
        if schema:  # a schema of the document: an empty one may be made anew for each value
            self._known[id(schema)] = found
        return found

    def _parts(self, schema: Json) -> list[JsonObject]:
        found: list[JsonObject] = []
        waiting = [schema]
        while waiting and len(found) < MOST_SCHEMAS:
            one = self._document.resolved(waiting.pop())
            found.append(one)
            for keyword in ("allOf", "anyOf", "oneOf"):
                waiting += one[keyword] if isinstance(one.get(keyword), list) else []
        return found
