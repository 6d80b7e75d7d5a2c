"""Tells quickly that values are valid: jsonschema-rs, if it is installed, for schemas that it reads as jsonschema does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from runner.contract.validation.formats import conforms
from runner.contract.validation.validators import is_multiple
from runner.model.json import Json, JsonObject

IsValid = Callable[[Json], bool]

SCHEMAS = frozenset(
    {"additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then", "unevaluatedItems"}
    | {"unevaluatedProperties"}
)
"""Keywords whose value is a schema."""

LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
MAPS = frozenset({"properties", "dependentSchemas"})

VALUES = frozenset(
    {"const", "dependentRequired", "enum", "exclusiveMaximum", "exclusiveMinimum", "maxContains", "maxItems", "maxLength"}
    | {"maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties", "minimum", "required", "type"}
    | {"uniqueItems"}
)
"""Keywords that are taken as they are."""

OWN = {"pattern": "x-contract-pattern", "multipleOf": "x-contract-multiple", "format": "x-contract-format"}
"""Keywords that are validated by the code that jsonschema calls, too."""

OTHERWISE = frozenset({"patternProperties", "dependencies", "additionalItems"})
"""Keywords that leave a schema to jsonschema."""


class _Otherwise(Exception):
    """Raised for a schema that is left to jsonschema."""


class Fast:
    """Compiles schemas for jsonschema-rs. `target` gives what a reference leads to, translated; None if nothing."""

    def __init__(self, target: Callable[[str], Json], *, formats: bool) -> None:
        self._target = target
        self._formats = formats

    def validator(self, schema: Json) -> IsValid | None:
        """What says that a value is surely valid; None without jsonschema-rs, or if the schema is left to jsonschema."""
        try:
            import jsonschema_rs
        except ImportError:
            return None
        refs: dict[str, str] = {}
        targets: dict[str, Json] = {}
        try:
            made = self._schema(schema, refs)
            while len(targets) < len(refs):
                ref = list(refs)[len(targets)]
                targets[ref.rpartition("/")[2]] = self._schema(self._found(refs[ref]), refs)
            if _leads_back({"": made, **targets}):
                return None
            root: Any = {"allOf": [made], "$defs": targets}
            validator = jsonschema_rs.Draft202012Validator(root, keywords=_KEYWORDS, validate_formats=False, offline=True)
        except (_Otherwise, ValueError, RecursionError, jsonschema_rs.ReferencingError):
            return None

        def is_valid(value: Json) -> bool:
            try:
                return validator.is_valid(value)
            except (ValueError, TypeError, OverflowError, RecursionError):  # a value that it does not take
                return False

        return is_valid

    def _found(self, ref: str) -> Json:
        found = self._target(ref)
        if found is None:
            raise _Otherwise(ref)
        return found

    def _schema(self, schema: Json, refs: dict[str, str]) -> Json:
        """A schema with the keywords that are known; the references in it are put into `refs`, by those that it gets."""
        if not isinstance(schema, dict):
            if isinstance(schema, bool):
                return schema
            raise _Otherwise("no schema")
        return dict(filter(None, [self._keyword(key, value, refs) for key, value in schema.items()]))

    def _keyword(self, key: str, value: Json, refs: dict[str, str]) -> tuple[str, Json] | None:
        if key in OTHERWISE:
            raise _Otherwise(key)
        if key == "$ref":
            known = next((own for own, ref in refs.items() if ref == value), f"#/$defs/{len(refs)}")
            refs[known] = str(value)
            return key, known
        if key in SCHEMAS:
            return key, self._schema(value, refs)
        if key in LISTS and isinstance(value, list):
            return key, [self._schema(one, refs) for one in value]
        if key in MAPS and isinstance(value, dict):
            return key, {name: self._schema(one, refs) for name, one in value.items()}
        if key in OWN and (self._formats or key != "format"):
            return OWN[key], value
        return (key, value) if key in VALUES else None


def _leads_back(schemas: dict[str, Json]) -> bool:
    """Whether a reference leads back to where it stands with the same value: jsonschema finds no end then."""
    waiting = {name: set(_in_place(schema)) for name, schema in schemas.items()}
    while ready := [name for name, refs in waiting.items() if not refs & waiting.keys()]:
        for name in ready:
            del waiting[name]
    return bool(waiting)


def _in_place(schema: Any) -> Iterator[str]:
    """The names of what a schema refers to for the value that it is for itself."""
    if isinstance(schema, dict):
        if isinstance(ref := schema.get("$ref"), str):
            yield ref.rpartition("/")[2]
        lists = [schema.get(key, []) for key in ("allOf", "anyOf", "oneOf")]
        more = schema.get("dependentSchemas", {})
        lone = [schema.get(key) for key in ("if", "then", "else", "not")]
        for one in [*lone, *more.values(), *(one for found in lists for one in found)]:
            yield from _in_place(one)


class _Keyword:
    """A keyword as jsonschema-rs asks for it."""

    def __init__(self, _: JsonObject, wanted: Any, __: object) -> None:
        self._wanted = wanted


class _Pattern(_Keyword):
    def __init__(self, schema: JsonObject, wanted: str, path: object) -> None:
        super().__init__(schema, wanted, path)
        self._search = re.compile(wanted).search

    def validate(self, value: object) -> None:
        if isinstance(value, str) and not self._search(value):
            raise ValueError


class _Multiple(_Keyword):
    def validate(self, value: object) -> None:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if is_number and not is_multiple(value, self._wanted):  # type: ignore[arg-type]
            raise ValueError


class _Format(_Keyword):
    def validate(self, value: Any) -> None:
        if not conforms(value, self._wanted):
            raise ValueError


_KEYWORDS: Any = {OWN["pattern"]: _Pattern, OWN["multipleOf"]: _Multiple, OWN["format"]: _Format}
