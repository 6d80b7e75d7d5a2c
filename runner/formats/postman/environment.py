"""Environment and globals files: JSON to model and back."""

from __future__ import annotations

from runner.deep_json import same
from runner.formats.format import CERTAIN, NO, Format, Given
from runner.formats.json_text import JsonOrigin, dump_json
from runner.formats.postman.v2 import dump_variables, parse_variable
from runner.formats.postman.wrapped import inside, unwrapped
from runner.model.json import Json, JsonObject
from runner.model.origin import Origin
from runner.model.variable import Environment
from runner.rules.text import text_of
from runner.version import __version__

EXPORTED_AT, EXPORTED_USING, SCOPE = "_postman_exported_at", "_postman_exported_using", "_postman_variable_scope"
WRAPPERS = ("environment", "globals")


def parse_environment(document: Json, where: str = "", scope: str = "environment") -> Environment:
    """An environment from its JSON: an object with `values`, or a bare list of variables.

    Raises `InvalidCollection` for anything else; from a plain map of names and values Newman silently takes no variables.
    """
    values = document if isinstance(document, list) else _values(document)
    entries = [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    fits = isinstance(values, list) and len(entries) + values.count(None) == len(values)
    # A bare list of objects without a single `key` is iteration data.
    rows = isinstance(document, list) and any(entries) and not any("key" in entry for entry in entries)
    if not fits or rows:
        from runner.formats.explain import explain_environment

        raise explain_environment(document, where, scope)
    source = document if isinstance(document, dict) else {}
    return Environment(
        id=text_of(source.get("id") or ""),
        name=text_of(source.get("name") or scope),
        values=tuple([parse_variable(entry) for entry in entries]),
        scope=scope,
        source=source,
    )


def _values(document: Json) -> Json:
    """The value of `values`: one variable counts as a list of one, `null` as an empty list; None without that key."""
    if not isinstance(document, dict) or "values" not in document:
        return None
    values = document["values"]
    return [values] if isinstance(values, dict) and "key" in values else values or []


def dump_environment(environment: Environment, bare_list: bool = False) -> Json:
    """The JSON of an environment in the form of its file, with the values that it has now.

    Types, `enabled`, ids, descriptions, order and unknown keys stay; new variables come last, written as Newman does.
    An environment without a file gets a new document.
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

    A file that has its marks already and did not change keeps its old time.
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
