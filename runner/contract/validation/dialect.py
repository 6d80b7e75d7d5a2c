"""Schemas of OpenAPI as JSON Schema 2020-12, the dialect that OpenAPI 3.1 and 3.2 have and validators know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from runner.contract.validation.patterns import as_python
from runner.model.json import Json, JsonObject

VALUES = frozenset({"example", "examples", "default", "enum", "const", "x-examples"})
"""Keywords whose values are data: what looks like a schema in them is none."""

MAPS = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas"})
"""Keywords whose members are schemas, by names of any kind."""

WIDER = frozenset({"enum", "const", "allOf", "anyOf", "oneOf", "not"})
"""Keywords that may refuse null although the type takes it."""

BASE = "contract://document/"
"""The address of the document; other files have theirs below."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")

OWN = "https://json-schema.org/draft/2020-12/schema"

OF_OPENAPI = re.compile(r"https://spec\.openapis\.org/oas/3\.\d/(?:dialect|schema|schema-base)/[\w-]+")
"""Dialects that are 2020-12 with keywords that validate nothing."""

OTHERS = (
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema",
    "http://json-schema.org/draft-06/schema",
    "http://json-schema.org/draft-04/schema",
)

ALONE = frozenset({"$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$recursiveAnchor", "$schema"})
"""Keywords by which a schema is more than its members: it is validated where it stands, with references looked up."""


def members(schema: JsonObject) -> Iterator[tuple[str, Json]]:
    """The members of a schema that may be or hold schemas, with the keyword of each."""
    for key, member in schema.items():
        if key in MAPS and isinstance(member, dict):
            yield from ((key, one) for one in member.values())
        elif key not in VALUES:
            yield key, member


Resolve = Callable[[Json], JsonObject]


def _absolute(ref: str) -> str:
    return ref if _ADDRESS.match(ref) else f"{BASE}{ref}"


class UnknownDialect(ValueError):
    """Raised for a schema in a dialect that nothing here validates."""


def dialect_of(uri: str) -> str:
    """The dialect that a `$schema` or `jsonSchemaDialect` means; raises `UnknownDialect`."""
    bare = uri.rstrip("#")
    if bare == OWN or OF_OPENAPI.fullmatch(bare):
        return OWN
    if bare in OTHERS:
        return bare
    raise UnknownDialect(f"the dialect {uri} is not known here")


class Dialect:
    """Translates schemas for one direction: what is `hidden` there (`writeOnly` in responses) need not be present.

    In 3.0 a `nullable` schema takes null, whatever else it says, limits may be exclusive by a flag, and what stands beside
    a `$ref` does not count. References become absolute, patterns those of Python. Only what looks like these is changed, so
    a whole document can be given, too. `default` is the dialect of schemas that name none, `patterns` are those of the
    document by what they have become.
    """

    def __init__(self, resolve: Resolve, hidden: str, *, old: bool, default: str = OWN) -> None:
        self.default = default
        self._resolve = resolve
        self._hidden = hidden
        self._old = old
        self.patterns: dict[str, str] = {}

    def translated(self, value: Json, *, within: bool = False, of_file: bool = False) -> Json:
        """A copy of a schema, or of a document with its schemas.

        `within` says that it stands in a schema with an `$id`, to which its references are relative; those in a file are
        not, `of_file`: they have been made relative to the document. Raises `re.error` and `UnknownDialect`.
        """
        if isinstance(value, list):
            return [self.translated(one, within=within, of_file=of_file) for one in value]
        if not isinstance(value, dict):
            return value
        own = isinstance(value.get("$id"), str)
        within = within or (own and not of_file)
        ref = value.get("$ref")
        if self._old and isinstance(ref, str):
            return {"$ref": _absolute(ref)}
        made = {key: self._member(key, member, within, of_file) for key, member in value.items()}
        if isinstance(ref, str) and not within:
            made["$ref"] = _absolute(ref)
        if own and of_file:
            del made["$id"]
        made = self._without_hidden(made, value)
        return self._of_30(made) if self._old else made

    def _member(self, key: str, member: Json, within: bool, of_file: bool) -> Json:
        if key in VALUES:
            return member
        if isinstance(member, str):
            if key == "pattern":
                return self._pattern(member)
            return dialect_of(member) if key == "$schema" else member
        if key in MAPS and isinstance(member, dict):
            made = {name: self.translated(one, within=within, of_file=of_file) for name, one in member.items()}
            return {self._pattern(name): one for name, one in made.items()} if key == "patternProperties" else made
        return self.translated(member, within=within, of_file=of_file)

    def _pattern(self, pattern: str) -> str:
        found = as_python(pattern)
        self.patterns[found] = pattern
        return found

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
