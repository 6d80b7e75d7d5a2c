"""Environment and globals files: JSON to model and back."""

from __future__ import annotations

from types import NoneType

from runner.deep_json import same
from runner.formats.format import CERTAIN, NO, Format, Given
from runner.formats.json_text import JsonOrigin, dump_json
from runner.formats.postman.v2 import dump_variables, parse_variable
from runner.formats.postman.wrapped import inside, unwrapped
from runner.model.json import Json
from runner.model.origin import Origin
from runner.model.variable import Environment, JsonObject
from runner.rules.text import text_of
from runner.version import __version__

EXPORTED_AT, EXPORTED_USING, SCOPE = "_postman_exported_at", "_postman_exported_using", "_postman_variable_scope"
WRAPPERS = ("environment", "globals")


def parse_environment(document: Json, where: str = "", scope: str = "environment") -> Environment:
    """An environment from its JSON: an object with `values`, or a bare list of variables.

    Raises `InvalidCollection` for everything else; a plain map of names and values gives no variables in Newman, silently.
    """
    values = document if isinstance(document, list) else _values(document)
    fits = isinstance(values, list) and all(isinstance(value, dict | NoneType) for value in values)
    if not fits or not isinstance(values, list) or _are_rows(document):
        from runner.formats.explain import explain_environment

        raise explain_environment(document, where, scope)
    source = document if isinstance(document, dict) else {}
    return Environment(
        id=text_of(source.get("id") or ""),
        name=text_of(source.get("name") or scope),
        values=tuple([parse_variable(value) for value in values if value is not None]),
        scope=scope,
        source=source,
    )


def _are_rows(document: Json) -> bool:
    """Whether a bare list has objects but no variable: such are the rows of iteration data."""
    return isinstance(document, list) and any(document) and not any("key" in value for value in document if value)


def _values(document: Json) -> Json:
    """What stands under `values`: one variable is a list of one, `null` an empty list; None without that key."""
    if not isinstance(document, dict) or "values" not in document:
        return None
    values = document["values"]
    return [values] if isinstance(values, dict) and "key" in values else values or []


def dump_environment(environment: Environment, bare_list: bool = False) -> Json:
    """The JSON of an environment in the form its file had, with the values it has now.

    Types, `enabled`, ids, descriptions, order and unknown keys stay; variables that are new come last, as Newman writes
    them. Without a file a document is made.
    """
    entries = dump_variables(environment.values, typed=True)
    if bare_list:
        return entries
    if environment.source:
        return {**environment.source, "values": entries}
    document: JsonObject = {"id": environment.id} if environment.id else {}
    return {**document, "name": environment.name, "values": entries, SCOPE: environment.scope}


def with_marks(environment: Environment, document: JsonObject, exported_at: str) -> JsonObject:
    """The JSON of an environment with the marks of an export: a name, types, the scope, when and by what it was written.

    A file that has its marks and did not change is the same again, without a new time.
    """
    values = [entry if {"type", "secret"} & set(entry) else {**entry, "type": "any"} for entry in document["values"]]
    result = {"name": environment.name or environment.scope, **document, "values": values, SCOPE: environment.scope}
    if EXPORTED_AT in result and same(result, environment.source, ordered=False):
        return document
    return {**result, EXPORTED_AT: exported_at, EXPORTED_USING: f"postrunner/{__version__}"}


# -- as a format ------------------------------------------------------------------------------------------------


def _sniff(given: Given) -> int:
    document = inside(given.json, WRAPPERS)
    if isinstance(document, list):
        return CERTAIN if document and all(isinstance(entry, dict) and "key" in entry for entry in document) else NO
    return CERTAIN if isinstance(document, dict) and ("values" in document or SCOPE in document) else NO


def _load(given: Given) -> tuple[Environment, Origin]:
    document, style = unwrapped(given, WRAPPERS)
    environment = parse_environment(document, given.path, given.role or "environment")
    return environment, JsonOrigin(format="environment", style=style, bare_list=isinstance(document, list))


def _dump(environment: Environment, origin: Origin | None, exported_at: str) -> str:
    known = origin if isinstance(origin, JsonOrigin) else JsonOrigin(format="environment")
    document = dump_environment(environment, known.bare_list)
    if exported_at and isinstance(document, dict):
        document = with_marks(environment, document, exported_at)
    return dump_json(document, known.style)


FORMAT = Format(
    title="an environment or globals file", list_title="a list of variables", sniff=_sniff, load=_load, dump=_dump
)
