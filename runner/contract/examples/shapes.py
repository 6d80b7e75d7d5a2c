"""The shape of JSON values: which types and properties those that were seen have, and how another one differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from runner.contract.findings import Violation
from runner.model.json import Json, JsonObject

ALIKE = 0.5
"""The share of its properties, of the value with fewer, that two objects have in common if they are of one kind."""

MOST_DEPTH = 50
"""Levels that are compared; what lies deeper is not."""

_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ID = re.compile(r"\d+|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)


def type_of(value: Json) -> str:
    """The JSON type of a value; whole numbers are numbers."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    names = {str: "string", list: "array", dict: "object"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), "number")


class Shape:
    """What values at one place have been like: their types, properties and items.

    Objects of other kinds, such as an error in the place of a result, have shapes of their own among `objects`.
    """

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.objects: list[Members] = []
        self.items: Shape | None = None

    def see(self, value: Json, depth: int = 0) -> None:
        """Take one more value in."""
        self.types.add(type_of(value))
        if depth >= MOST_DEPTH:
            return
        if isinstance(value, dict):
            members = self._nearest(value)
            if members is None or members.likeness(value) < ALIKE:
                members = Members()
                self.objects.append(members)
            members.see(value, depth)
        elif isinstance(value, list) and value:
            self.items = self.items or Shape()
            for one in value:
                self.items.see(one, depth + 1)

    def drift(self, value: Json, path: str = "$", depth: int = 0) -> Iterator[Violation]:
        """How a value differs from those that were seen: missing and new properties, other types."""
        kind = type_of(value)
        if self.types <= {"null"} or depth >= MOST_DEPTH:
            return
        if kind not in self.types:
            yield Violation(path, " or ".join(sorted(self.types)), f"{kind} (other type)")
        elif isinstance(value, dict):
            members = self._nearest(value)
            if members is not None:
                yield from members.drift(value, path, depth)
        elif isinstance(value, list) and self.items is not None:
            for at, one in enumerate(value):
                yield from self.items.drift(one, f"{path}[{at}]", depth + 1)

    def _nearest(self, value: JsonObject) -> Members | None:
        return max(self.objects, key=lambda one: one.likeness(value), default=None)


class Members:
    """The properties of objects of one kind; `required` are those that all of them have."""

    def __init__(self) -> None:
        self.count = 0
        self.required: set[str] = set()
        self.shapes: dict[str, Shape] = {}
        self.of_ids: Shape | None = None
        """The shape of all values of an object whose names are ids."""

    def likeness(self, value: JsonObject) -> float:
        """How much of the smaller one both have in common, from 0 to 1."""
        if self.of_ids is not None or not self.shapes or not value:
            return 1.0 if _has_ids(value) == (self.of_ids is not None) or not value else 0.0
        return len(self.shapes.keys() & value.keys()) / min(len(self.shapes), len(value))

    def see(self, value: JsonObject, depth: int) -> None:
        """Take one more object in."""
        if _has_ids(value) or (self.of_ids is not None and not value):
            self.of_ids = self.of_ids or Shape()
            for one in value.values():
                self.of_ids.see(one, depth + 1)
            return
        self.required = set(value) if not self.count else self.required & value.keys()
        self.count += 1
        for name, one in value.items():
            self.shapes.setdefault(name, Shape()).see(one, depth + 1)

    def drift(self, value: JsonObject, path: str, depth: int) -> Iterator[Violation]:
        """How an object differs."""
        for name in sorted(self.required - value.keys()):
            seen = "in the example" if self.count == 1 else f"in all {self.count} examples"
            yield Violation(_below(path, name), f"a property, as {seen}", "none (missing)")
        for name, one in value.items():
            shape = self.of_ids if self.of_ids is not None else self.shapes.get(name)
            if shape is None:
                yield Violation(_below(path, name), "no such property", f"{type_of(one)} (new)")
            else:
                yield from shape.drift(one, _below(path, name), depth + 1)


def _has_ids(value: JsonObject) -> bool:
    return bool(value) and all(_ID.fullmatch(name) for name in value)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if _PLAIN.fullmatch(name) else f"{path}[{name!r}]"


def shape_of(values: Sequence[Json]) -> Shape:
    """The shape of values."""
    found = Shape()
    for value in values:
        found.see(value)
    return found
