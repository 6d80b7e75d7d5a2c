"""Says what is wrong with a document that could not be read. Only ever loaded after a failure."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from runner.errors import InvalidCollection
from runner.model.variable import JsonObject

EXPORT_HINT = "in Postman choose Export, Collection v2.1"

Marks = tuple[tuple[frozenset[str], str, str], ...]

KINDS: Marks = (
    (frozenset({"openapi"}), "an OpenAPI document", "import it into Postman and export the collection"),
    (frozenset({"swagger"}), "a Swagger document", "import it into Postman and export the collection"),
    (frozenset({"$kind"}), "a file of the collection format v3, which is not yet supported", EXPORT_HINT),
    (frozenset({"resources", "__export_format"}), "an Insomnia export", "import it into Postman and export the collection"),
    (frozenset({"log"}), "a HAR file", "import it into Postman and export the collection"),
    (frozenset({"version", "collections"}), "a Postman data dump", "export one collection instead"),
    (frozenset({"run"}), "a run report", "name the collection that was run"),
    (frozenset({"item", "info"}), "a collection", ""),
    (frozenset({"requests", "order"}), "a collection", ""),
    (frozenset({"_postman_variable_scope"}), "an environment or globals file", "give it with --environment or --globals"),
    (frozenset({"values"}), "an environment or globals file", "give it with --environment or --globals"),
    (frozenset({"error"}), "an error answer of an API", "was the download refused?"),
)


def kind_of(document: Any) -> tuple[str, str]:
    """What a document seems to be, and what to do with it; two empty texts when it is nothing known."""
    if not isinstance(document, dict):
        return "", ""
    return next(((kind, hint) for marks, kind, hint in KINDS if marks <= document.keys()), ("", ""))


def explain_collection(document: Any, where: str, error: Exception) -> InvalidCollection:
    """Why a document is no collection: what it is instead, or the first place that breaks the schema."""
    kind, hint = kind_of(document)
    if kind and kind != "a collection":
        return InvalidCollection(f"this is {kind}, not a collection", where=where, hint=hint)
    if document == {}:
        return InvalidCollection("an empty object is not a collection", where=where, hint='it needs at least {"item": []}')
    if isinstance(document, list):
        return InvalidCollection("a list is not a collection", where=where, hint=_list_hint(document))
    return _by_schema(document, "collection", where, error)


def _list_hint(document: list[Any]) -> str:
    rows = [row for row in document if isinstance(row, dict)]
    if rows and all("key" in row for row in rows):
        return "it looks like variables: give it with --environment"
    return "it looks like iteration data: give it with --iteration-data" if rows else EXPORT_HINT


def explain_environment(document: Any, where: str, scope: str) -> InvalidCollection:
    """Why a document is no environment."""
    kind, _ = kind_of(document)
    if kind and "values" not in document:
        return InvalidCollection(f"this is {kind}, not an {scope} file".replace("an globals", "a globals"), where=where)
    plain = isinstance(document, dict) and "values" not in document
    if plain and not any(isinstance(value, (dict, list)) for value in document.values()):
        hint = 'write {"values": [{"key": "name", "value": "text"}]}; a plain map of names is not the format'
        return InvalidCollection("it has no list of values", where=where, hint=hint)
    return _by_schema({"values": document} if isinstance(document, list) else document, "environment", where, None)


def _by_schema(document: Any, name: str, where: str, error: Exception | None) -> InvalidCollection:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    schema: JsonObject = json.loads(files("runner.formats").joinpath("schemas", f"{name}.json").read_text("utf-8"))
    found = best_match(Draft202012Validator(schema).iter_errors(document))
    if found is None:
        return InvalidCollection(f"not a usable {name}: {error}", where=where)
    path = _json_path(found.absolute_path)
    reason = found.schema.get("$comment", "") if isinstance(found.schema, dict) else ""
    place = f"{where} at {path}" if where and path else where or path
    return InvalidCollection(_reason(found.validator, found, reason), where=place, hint=EXPORT_HINT if not path else "")


def _reason(rule: Any, found: Any, comment: str) -> str:
    if rule == "required":
        missing = [key for key in found.validator_value if key not in found.instance]
        return f"{', '.join(repr(key) for key in missing)} is missing"
    return f"{comment or found.message}, not {_short(found.instance)}"


def _short(value: Any) -> str:
    words = {dict: "an object", list: "a list", bool: "a boolean", type(None): "null"}
    return words.get(type(value)) or (repr(value) if len(repr(value)) < 40 else f"{repr(value)[:36]}…")


def _json_path(parts: Any) -> str:
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
