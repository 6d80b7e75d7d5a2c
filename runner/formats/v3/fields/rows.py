"""Rows of a key and a value: a map where that says the same, else a list. In v2.1 they are always a list."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.formats.v3.fields.rule import description
from runner.model.json import Json, JsonObject
from runner.rules.text import text_of

_UNSAFE_KEY = re.compile(r"0|[1-9][0-9]{0,9}|__proto__")
"""Keys that do not keep their place, or get lost, in an object of JavaScript."""


def text_value(value: Json) -> Json:
    """A value as `String` of JavaScript writes it, where null is empty."""
    if isinstance(value, dict):
        return "[object Object]"
    if isinstance(value, list):
        return ",".join(map(str, map(text_value, value)))
    return "" if value is None else text_of(value)


def text_or_nothing(value: Json) -> Json:
    """A text; None for any other value."""
    return value if isinstance(value, str) else None


def plain_key(key: Json) -> Json:
    """A key as it is; empty if it is missing."""
    return "" if key is None else key


def write_rows(source: Json, value: Callable[[Json], Json] = text_value, key: Callable[[Json], Json] = plain_key) -> Json:
    """The rows of a list of v2.1; None without any."""
    rows: list[JsonObject] = []
    for entry in source if isinstance(source, list) else ():
        if isinstance(entry, dict):
            row: JsonObject = {"key": key(entry.get("key")), "value": value(entry.get("value"))}
            if entry.get("disabled") is True:
                row["disabled"] = True
            if text := description(entry.get("description")):
                row["description"] = text
            rows.append(row)
    return compact(rows) if rows else None


def compact(rows: list[JsonObject]) -> Json:
    """The rows as a map, if they have nothing but a key and a value and no key twice; else as they are."""
    keys = [row["key"] for row in rows]
    plain = all(len(row) == 2 for row in rows) and all(isinstance(key, str) for key in keys)
    if plain and len(set(keys)) == len(keys) and not any(map(_UNSAFE_KEY.fullmatch, keys)):
        return {row["key"]: row["value"] for row in rows}
    return list[Json](rows)


def read_rows(rows: Json) -> list[JsonObject]:
    """The list of v2.1 from a map or a list of rows; keys that are not of the format stay."""
    if isinstance(rows, dict):
        return [{"key": key, "value": value} for key, value in rows.items()]
    return [dict(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
