"""Environment and globals files: JSON to model and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from runner.errors import InvalidCollection
from runner.formats.v2 import dump_variables, parse_variable
from runner.model.variable import Environment, FileStyle, JsonObject, Variable


def parse_environment(
    document: Any, where: str = "", scope: str = "environment", style: FileStyle | None = None
) -> Environment:
    """An environment from its JSON: an object with `values`, or a bare list of variables.

    Raises `InvalidCollection` for everything else; a plain map of names and values gives no variables in Newman, silently.
    """
    values = document if isinstance(document, list) else document.get("values") if isinstance(document, dict) else None
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values) or _are_rows(document):
        from runner.formats.explain import explain_environment

        raise explain_environment(document, where, scope)
    source = document if isinstance(document, dict) else {}
    return Environment(
        id=str(source.get("id") or ""),
        name=str(source.get("name") or scope),
        values=tuple([_variable(value, where, n) for n, value in enumerate(values)]),
        scope=scope,
        source=source,
        style=replace(style or FileStyle(), bare_list=isinstance(document, list)),
    )


def _are_rows(document: Any) -> bool:
    """Whether a bare list has objects but no variable: such are the rows of iteration data."""
    return isinstance(document, list) and bool(document) and not any("key" in value for value in document)


def _variable(source: JsonObject, where: str, index: int) -> Variable:
    if not isinstance(source.get("key", ""), str):
        raise InvalidCollection("the key of a variable is a text", where=f"{where} at values[{index}].key".strip())
    return parse_variable(source)


def dump_environment(environment: Environment) -> Any:
    """The JSON of an environment in the form its file had, with the values it has now.

    Types, `enabled`, ids, descriptions, order and unknown keys stay; variables that are new come last, as Newman writes
    them. Without a file a document is made.
    """
    entries = dump_variables(environment.values, typed=True)
    if environment.style.bare_list:
        return entries
    if environment.source:
        return {**environment.source, "values": entries}
    document: JsonObject = {"id": environment.id} if environment.id else {}
    return {**document, "name": environment.name, "values": entries, "_postman_variable_scope": environment.scope}
