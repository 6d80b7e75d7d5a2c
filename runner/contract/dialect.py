"""Schemas of OpenAPI as JSON Schema 2020-12, the dialect that OpenAPI 3.1 and 3.2 have and validators know."""

from __future__ import annotations

from collections.abc import Callable

from runner.model.json import Json, JsonObject

VALUES = frozenset({"example", "examples", "default", "enum", "const", "x-examples"})
"""Keywords whose values are data: what looks like a schema in them is none."""

WIDER = frozenset({"enum", "const", "allOf", "anyOf", "oneOf", "not"})
"""Keywords that may refuse null although the type takes it."""

BASE = "contract://document/"
"""The address of the document; other files have theirs below."""

Resolve = Callable[[Json], JsonObject]


class Dialect:
    """Translates schemas for one direction: what is `hidden` there (`writeOnly` in responses) need not be present.

    In 3.0 a `nullable` schema takes null, whatever else it says, limits may be exclusive by a flag, and what stands beside
    a `$ref` does not count. References become absolute. Only what looks like these is changed, so a whole document can be
    given, too.
    """

    def __init__(self, resolve: Resolve, hidden: str, *, old: bool) -> None:
        self._resolve = resolve
        self._hidden = hidden
        self._old = old

    def translated(self, value: Json) -> Json:
        """A copy of a schema, or of a document with its schemas."""
        if isinstance(value, list):
            return [self.translated(one) for one in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$id"), str):
            return value  # its references are relative to itself
        if isinstance(ref := value.get("$ref"), str):
            absolute: JsonObject = {"$ref": f"{BASE}{ref}"}
            return absolute if self._old else {**self._members(value), **absolute}
        made = self._without_hidden(self._members(value), value)
        return self._of_30(made) if self._old else made

    def _members(self, value: JsonObject) -> JsonObject:
        return {key: member if key in VALUES else self.translated(member) for key, member in value.items()}

    def _without_hidden(self, made: JsonObject, value: JsonObject) -> JsonObject:
        required, properties = value.get("required"), value.get("properties")
        if not isinstance(required, list) or not isinstance(properties, dict):
            return made
        shown = [name for name in required if self._resolve(properties.get(str(name))).get(self._hidden) is not True]
        return {**made, "required": shown} if len(shown) < len(required) else made

    def _of_30(self, made: JsonObject) -> JsonObject:
        for flag, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if isinstance(made.get(flag), bool):
                exclusive = made.pop(flag)
                if exclusive and limit in made:
                    made[flag] = made.pop(limit)
        if made.get("type") == "file":
            del made["type"]
        if made.get("nullable") is not True and made.get("x-nullable") is not True:
            return made
        if isinstance(made.get("type"), str) and not WIDER & made.keys():
            return {**made, "type": [made["type"], "null"]}
        return {"anyOf": [{"type": "null"}, made]}
