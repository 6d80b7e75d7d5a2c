"""Environment and globals files: JSON to model and back."""

from __future__ import annotations

from dataclasses import replace
from types import NoneType
from typing import Any

from runner.formats.v2 import dump_variables, parse_variable
from runner.model.variable import Environment, FileStyle, JsonObject
from runner.rules.text import text_of


def parse_environment(
    document: Any, where: str = "", scope: str = "environment", style: FileStyle | None = None
) -> Environment:
    """An environment from its JSON: an object with `values`, or a bare list of variables.

    Raises `InvalidCollection` for everything else; a plain map of names and values gives no variables in Newman, silently.
    """
    values = document if isinstance(document, list) else _values(document)
    variables = isinstance(values, list) and all(isinstance(value, dict | NoneType) for value in values)
    if not variables or _are_rows(document):
        from runner.formats.explain import explain_environment

        raise explain_environment(document, where, scope)
    source = document if isinstance(document, dict) else {}
    return Environment(
        id=text_of(source.get("id") or ""),
        name=text_of(source.get("name") or scope),
        values=tuple([parse_variable(value) for value in values if value is not None]),
        scope=scope,
        source=source,
        style=replace(style or FileStyle(), bare_list=isinstance(document, list)),
    )


def _are_rows(document: Any) -> bool:
    """Whether a bare list has objects but no variable: such are the rows of iteration data."""
    return isinstance(document, list) and any(document) and not any("key" in value for value in document if value)


def _values(document: Any) -> Any:
    """What stands under `values`: one variable is a list of one, `null` an empty list; None without that key."""
    if not isinstance(document, dict) or "values" not in document:
        return None
    values = document["values"]
    return [values] if isinstance(values, dict) and "key" in values else values or []


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
