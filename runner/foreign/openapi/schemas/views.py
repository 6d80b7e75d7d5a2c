"""Schemas as one sees them: references followed, allOf merged, the first of anyOf and oneOf taken; one level at a time.

A schema is a tuple of `Part`s that hold all at once. A part knows which references lead to it, so a circle ends where a
reference comes back to itself, and how deep it lies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import NamedTuple

from runner.foreign.openapi.documents import Document
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass

MOST_STEPS = 120
"""Steps to a schema: each is a call in a call."""

TOO_DEEP = "<Error: Too many levels of nesting to fake this schema>"

KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("object", frozenset({"properties", "additionalProperties", "patternProperties", "minProperties", "maxProperties"})),
    ("array", frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems"})),
    ("integer", frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})),
    ("string", frozenset({"minLength", "maxLength", "pattern"})),
)
"""The type of a schema that does not name it, by its keywords."""


class Part(NamedTuple):
    """A schema, the references that lead to it from the outermost one, the levels of the value from there, and the steps:
    levels, references and members of `allOf`.
    """

    schema: Json
    seen: frozenset[str] = frozenset()
    depth: int = 0
    steps: int = 0

    def inside(self, schema: Json) -> Part:
        """A schema of a value that is one level below."""
        return Part(schema, self.seen, self.depth + 1, self.steps + 1)


Parts = tuple[Part, ...]


@dataclass(slots=True)
class View:
    """One level of a schema. Of keywords that several parts have, the first one counts; `required` are those of all.

    `cut` says, as openapi-to-postmanv2 does, why nothing more is to be seen: a circle, or too many levels. `additional` is
    False if other properties are forbidden, None if nothing is said of them, True or the schema of their values else.
    `content` is the schema of what is in a text.
    """

    keywords: JsonObject = field(default_factory=dict)
    properties: dict[str, Parts] = field(default_factory=dict)
    items: Parts = ()
    content: Parts = ()
    first_items: tuple[Parts, ...] = ()
    additional: Parts | bool | None = None
    cut: str = ""

    @property
    def required(self) -> list[str]:
        """The names of the properties that must be there."""
        found = self.keywords.get("required")
        return found if isinstance(found, list) else []

    @property
    def kind(self) -> str:
        """The type: of several the first that is not null; what the keywords tell without one; empty if unknown."""
        found = self.keywords.get("type")
        if isinstance(found, list):
            return next((str(kind) for kind in found if kind != "null"), "null" if found else "")
        if isinstance(found, str) and "properties" not in self.keywords:
            return found
        return next((kind for kind, marks in KINDS if not marks.isdisjoint(self.keywords)), "")


@dataclass(slots=True)
class Trace:
    """What was met since it began: references followed, those that were cut as circles, the deepest level."""

    followed: set[str] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)
    deepest: int = 0
    too_deep: bool = False

    def add(self, other: Trace) -> None:
        """Take over what another trace met."""
        self.followed |= other.followed
        self.cut |= other.cut
        self.deepest = max(self.deepest, other.deepest)
        self.too_deep |= other.too_deep


class Schemas:
    """Views of the schemas of a document, at most `most_levels` deep."""

    def __init__(self, document: Document, most_levels: int) -> None:
        self.most_levels = most_levels
        self.trace = Trace()
        self._document = document
        self._siblings_count = document.version >= (3, 1)

    def view(self, parts: Parts) -> View:
        """One level of what all parts say together."""
        view = View()
        for part in parts:
            for leaf in self._leaves(part):
                if isinstance(leaf, str):
                    view.cut = view.cut or leaf
                else:
                    _add(view, leaf)
        if view.keywords or view.properties:
            view.cut = ""
        return view

    def _leaves(self, part: Part) -> Iterable[Part | str]:
        """The plain schemas that a part consists of, its own keywords first; a text for one that is cut."""
        schema, seen, depth, steps = part
        self.trace.deepest = max(self.trace.deepest, depth)
        if not isinstance(schema, dict):
            return
        if depth >= self.most_levels or steps >= MOST_STEPS:
            self.trace.too_deep = True
            yield TOO_DEEP
            return
        ref = schema.get("$ref")
        if isinstance(ref, str):
            if self._siblings_count and len(schema) > 1:
                yield Part({key: value for key, value in schema.items() if key != "$ref"}, seen, depth, steps)
            if ref in seen:
                self.trace.cut.add(ref)
                yield f"<Circular reference to {ref.replace('#/definitions/', '#/components/schemas/')} detected>"
                return
            self.trace.followed.add(ref)
            yield from self._leaves(Part(self._document.target(ref), seen | {ref}, depth, steps + 1))
            return
        yield part
        options = schema.get("anyOf") or schema.get("oneOf")
        members = schema.get("allOf")
        chosen = [_first(options)] if isinstance(options, list) else []
        for member in chosen + (members if isinstance(members, list) else []):
            yield from self._leaves(Part(member, seen, depth, steps + 1))


def _first(options: list[Json]) -> Json:
    """The first option that is not only null."""
    some = [option for option in options if not (isinstance(option, dict) and option.get("type") == "null")]
    return (some or options or [None])[0]


def _add(view: View, part: Part) -> None:
    """Add the keywords of a plain schema to what others said before."""
    schema = part.schema
    assert isinstance(schema, dict)
    for keyword, value in schema.items():
        if keyword == "required" and isinstance(value, list):
            view.keywords["required"] = list(dict.fromkeys([*view.required, *map(str, value)]))
        else:
            view.keywords.setdefault(keyword, value)
    properties = schema.get("properties")
    for name, found in properties.items() if isinstance(properties, dict) else ():
        view.properties[name] = (*view.properties.get(name, ()), part.inside(found))
    if isinstance(schema.get("items"), dict):
        view.items = (*view.items, part.inside(schema["items"]))
    if isinstance(schema.get("contentSchema"), dict):
        view.content = (*view.content, part.inside(schema["contentSchema"]))
    first = schema.get("prefixItems")
    if isinstance(first, list) and not view.first_items:
        view.first_items = tuple((part.inside(found),) for found in first)
    patterns = schema.get("patternProperties")
    additional = schema.get("additionalProperties")
    if not isinstance(additional, bool | dict) and isinstance(patterns, dict):
        additional = next(iter(patterns.values()), None)
    if view.additional is None and isinstance(additional, bool | dict):
        is_schema = isinstance(additional, dict) and bool(additional)
        view.additional = (part.inside(additional),) if is_schema else additional is not False
