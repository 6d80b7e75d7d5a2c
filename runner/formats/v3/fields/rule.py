"""A rule of a field: one key of a file, in both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from runner.model.json import Json, JsonObject


class Place(NamedTuple):
    """What a file says that depends on where it lies: its stem, its place among its siblings, and its collection's id."""

    stem: str
    order: int | None = None
    seed: str = ""


class Rule(NamedTuple):
    """One key of a file. `write` gives its value for a node of v2.1, None if it is left out.

    `read` puts what the file says into a node that is being made; without it the key is read elsewhere or says nothing.
    """

    key: str
    write: Callable[[JsonObject, Place], Json]
    read: Callable[[JsonObject, JsonObject], None] | None = None


def written(rules: Iterable[Rule], node: JsonObject, place: Place) -> JsonObject:
    """The keys of a file in the order of its rules."""
    values = ((rule.key, rule.write(node, place)) for rule in rules)
    return {key: value for key, value in values if value is not None}


def read_into(rules: Iterable[Rule], data: JsonObject, node: JsonObject) -> JsonObject:
    """The node, with what the rules read from the file's data."""
    for rule in rules:
        if rule.read is not None and rule.key in data:
            rule.read(data, node)
    return node


def own_name(node: JsonObject, place: Place) -> Json:
    """The name, where the file's stem does not say it."""
    name = node.get("name")
    return None if name == place.stem else name


def description(value: Json) -> Json:
    """The text of a description; None if it has none."""
    text = value.get("content") if isinstance(value, dict) else value
    return text if isinstance(text, str) and text else None


def member(value: Json, key: str) -> JsonObject:
    """The object under a key of what may be no object; else an empty one."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}
