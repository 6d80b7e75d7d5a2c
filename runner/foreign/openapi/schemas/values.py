"""Makes a value that a schema describes: its example, or a stub such as `<string>`. The same schema has always the same.

The rules are those of openapi-to-postmanv2 where they leave nothing to chance: two items in an array, required properties
first, `default` before `enum`. Of an enum the first value is taken.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple, cast

from runner.deep_json import dumps
from runner.foreign.openapi.schemas.views import Part, Parts, Schemas, Trace, View
from runner.model.json import Json, JsonObject
from runner.rules.text import json_text, text_of

FORMATS = frozenset((
    "date", "time", "date-time", "uri", "uri-reference", "uri-template", "email", "hostname", "ipv4", "ipv6", "regex",
    "uuid", "uid", "binary", "json-pointer", "base64", "int64", "int32", "float", "double", "url", "http-status-code",
    "byte", "password",
))  # fmt: skip
"""The formats that a stub tells."""

STUBS = {
    ("integer", "int64"): "<long>",
    ("number", "float"): "<float>",
    ("number", "double"): "<double>",
    ("string", "date-time"): "<dateTime>",
}
"""Stubs of other names than type or format."""

UNTOLD_IN_OBJECTS = frozenset({"decimal", "byte", "password", "unix-time"})
"""Formats that the stub of a property does not tell."""

MOST_ITEMS = 20
LARGE = 2_000
"""Values in a body from which on its arrays have one item instead of two."""
MOST_VALUES = 20_000
"""Values in a body from which on its innermost objects are left out, in a document of a few hundred operations."""

ANY_DEPTH = -1
NO_BOUND = 1 << 60

MOST_KNOWN = 8
"""Values of one reference that are kept, in different circles."""

OMITTED = object()
"""In place of a value: it is left out."""
CUT = object()
"""In place of an object or array: it lies too deep for a body of this size."""


class _TooLarge(Exception):
    """There are more values than a body may have."""


class _Known(NamedTuple):
    """The value of a reference, of how many values it consists, how many levels it has, and what its making met."""

    value: object
    size: int
    levels: int
    trace: Trace


class Values:
    """Makes values of schemas. `examples` says whether examples count, else there are only stubs.

    `left_out` is the keyword of what does not belong there: readOnly in requests, writeOnly in responses. Without
    `deprecated`, deprecated properties are left out, too. A value consists of at most about `most` values; `reduced` counts
    those whose innermost objects were left out for it.
    """

    def __init__(
        self, schemas: Schemas, *, examples: bool, left_out: str, deprecated: bool = True, most: int = MOST_VALUES
    ) -> None:
        self.schemas = schemas
        self.examples = examples
        self._left_out = left_out
        self._deprecated = deprecated
        self._known: dict[tuple[int, int, str], list[_Known]] = {}
        self._made: dict[str, Json] = {}
        self._bound = most
        self._items, self._most, self._left, self._size = 2, most, ANY_DEPTH, 0
        self.reduced = 0

    def of(self, schema: Json) -> Json:
        """A value of a schema, with as many levels and items as keep it in bounds.

        Equal schemas have the same value, which is made once and not to be changed.
        """
        key = dumps(schema)
        if key not in self._made:
            self._made[key] = self._bounded(schema)
        return self._made[key]

    def _bounded(self, schema: Json) -> Json:
        for items, most in ((2, min(LARGE, self._bound)), (1, self._bound)):
            with suppress(_TooLarge):
                return self._shaped(schema, items, most, ANY_DEPTH)
        self.reduced += 1
        found = self._shaped(schema, 1, NO_BOUND, 1)
        with suppress(_TooLarge):
            for nesting in range(2, self.schemas.most_levels):
                found = self._shaped(schema, 1, self._bound, nesting)
        return found

    def _shaped(self, schema: Json, items: int, most: int, nesting: int) -> Json:
        """A value; raises `_TooLarge`. What lies in more than `nesting` objects and arrays is cut."""
        self._items, self._most, self._left, self._size = items, most, nesting, 0
        return cast(Json, self._of_view(self.schemas.view((Part(schema),))))

    def _value(self, parts: Parts) -> object:
        """The value of a property or item, `OMITTED` if there is none; that of a reference is made once if it can be."""
        part = parts[0]
        ref = part.schema.get("$ref") if isinstance(part.schema, dict) and len(parts) == len(part.schema) == 1 else None
        if not isinstance(ref, str):
            return self._new(parts)
        known = self._known.setdefault((self._items, self._left, ref), [])
        for one in known:
            fits = part.depth + one.levels < self.schemas.most_levels
            if fits and one.trace.cut <= part.seen and one.trace.followed.isdisjoint(part.seen):
                self._count(one.size)
                self.schemas.trace.add(replace(one.trace, deepest=part.depth + one.levels))
                return one.value
        outer, before = self.schemas.trace, self._size
        self.schemas.trace = Trace()
        try:
            value = self._new(parts)
        finally:
            inner, self.schemas.trace = self.schemas.trace, outer
            outer.add(inner)
        if not inner.too_deep and len(known) < MOST_KNOWN:
            outside = replace(inner, cut=inner.cut - inner.followed)
            known.append(_Known(value, self._size - before, inner.deepest - part.depth, outside))
        return value

    def _new(self, parts: Parts) -> object:
        self._count(1)
        view = self.schemas.view(parts)
        return OMITTED if view.keywords.get(self._left_out) is True else self._of_view(view)

    def _count(self, more: int) -> None:
        self._size += more
        if self._size > self._most:
            raise _TooLarge

    def _of_view(self, view: View) -> object:
        keywords, kind = view.keywords, view.kind
        if view.cut:
            return {"value": view.cut}
        if self.examples and (example := example_of(view)) is not OMITTED:
            return example
        for keyword in ("default", "const"):
            if keyword in keywords:
                return keywords[keyword]
        options = keywords.get("enum")
        if isinstance(options, list) and options:
            chosen = next((option for option in options if option is not None), None)
            return text_of(chosen) if kind == "string" and chosen is not None else chosen
        if kind == "object" or (kind == "array" and (view.items or view.first_items)):
            return self._inside(view, kind)
        if view.content and str(view.keywords.get("contentMediaType")).endswith("json"):
            return json_text(self._value(view.content))
        return stub(kind, "" if "pattern" in keywords else str(keywords.get("format") or ""))

    def _inside(self, view: View, kind: str) -> object:
        """An object or array; `CUT` if it lies too deep."""
        if self._left == 0:
            return CUT
        self._left -= self._left != ANY_DEPTH
        try:
            return self._object(view) if kind == "object" else self._array(view)
        finally:
            self._left += self._left != ANY_DEPTH

    def _object(self, view: View) -> JsonObject:
        others = () if view.additional in (None, False) else view.additional
        any_value = others if isinstance(others, tuple) and others else (Part({"type": "string"}),)
        schemas = {name: view.properties.get(name) or (any_value if others else ()) for name in view.required}
        schemas |= {name: parts for name, parts in view.properties.items() if name not in schemas}
        least = whole(view.keywords.get("minProperties")) or (2 if others and not schemas else 0)
        if view.additional is not False:
            for number in range(min(least, MOST_ITEMS) - len(schemas)):
                schemas[f"key_{number}"] = any_value
        made: JsonObject = {}
        for name in list(schemas)[: whole(view.keywords.get("maxProperties")) or None]:
            parts = tuple([_untold(part) for part in schemas[name]])
            if not parts or (not self._deprecated and any(_is_deprecated(part) for part in parts)):
                continue
            value = self._value(parts)
            if value is CUT:
                value = {} if name in view.required else OMITTED
            if value is not OMITTED and (value != [] or name in view.required):
                made[name] = value
        return made

    def _array(self, view: View) -> list[object]:
        if view.first_items:
            found = [self._value(parts) for parts in view.first_items]
            return [value for value in found if value is not OMITTED and value is not CUT]
        least, most = whole(view.keywords.get("minItems")), view.keywords.get("maxItems")
        count = min(least or (min(self._items, whole(most)) if most is not None else self._items), MOST_ITEMS)
        if not count:
            return []
        before = self._size
        item = self._value(view.items)
        self._count((count - 1) * (self._size - before))
        return [] if item is OMITTED or item is CUT or (item == {} and not least) else [item] * count


def example_of(view: View) -> object:
    """The example in a schema if it is of the schema's type; else `OMITTED`."""
    examples = view.keywords.get("examples")
    listed = examples[0] if isinstance(examples, list) and examples else OMITTED
    example = view.keywords.get("example", listed)
    if example is OMITTED:
        return OMITTED
    if example is None:
        kinds = view.keywords.get("type")
        nullable = view.keywords.get("nullable") is True or kinds in (None, "null") or "null" in kinds
        return None if nullable else OMITTED
    is_name = isinstance(example, str) and example.startswith("{{") and example.endswith("}}")
    return example if is_name or isinstance(example, TYPES.get(view.kind, object)) else OMITTED


TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": (int, float), "number": (int, float),
}  # fmt: skip


def stub(kind: str, format: str) -> Json:
    """What stands for a value of a type: `<string>`, or its format; empty for no type."""
    if kind in ("", "null"):
        return None if kind else ""
    if format not in FORMATS:
        return f"<{kind}>"
    return STUBS.get((kind, format)) or f"<{format if kind == 'string' else kind}>"


def whole(value: Json) -> int:
    """A whole number above zero; 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _untold(part: Part) -> Part:
    """The schema of a property without a format that its stub does not tell."""
    if isinstance(part.schema, dict) and str(part.schema.get("format")) in UNTOLD_IN_OBJECTS:
        return part._replace(schema={key: value for key, value in part.schema.items() if key != "format"})
    return part


def _is_deprecated(part: Part) -> bool:
    return isinstance(part.schema, dict) and part.schema.get("deprecated") is True
