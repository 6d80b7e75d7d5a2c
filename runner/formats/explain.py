"""Explains what is wrong with a document that could not be read. Only imported after a failure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from runner.deep_json import loads
from runner.errors import InvalidCollection, LoadError
from runner.formats.foreign import EXPORT_HINT, Kind, hint_for, kind_of_document, kind_of_text
from runner.model.json import Json, JsonObject
from runner.options.values import kind_of

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

NOTHING_WRONG = "nothing breaks the schema"
LONGEST_PATH = 400

LEVELS = 20
"""Levels of a folder or an environment that are checked against a schema; no schema describes more than eight."""

WANTED = {
    "collection": "a collection",
    "environment": "an environment",
    "globals": "a globals file",
    "data": "iteration data",
    "cookies": "a cookie jar",
    "dotenv": "a .env file",
}
"""What the options and arguments of the command line take, by role."""


def explain_text(text: str, path: str, wanted: str, error: LoadError) -> LoadError:
    """Why a text could not be read as `wanted`: what it is instead, or else `error`."""
    kind = kind_of_text(text, path)
    if kind is None and wanted in ("dotenv", "cookies"):  # it may be another JSON file
        with suppress(ValueError):
            kind = kind_of_document(loads(text))
    return error if kind is None or kind.role == wanted else wrong_kind(kind, wanted, path)


def explain_document(document: Json, path: str, wanted: str) -> LoadError | None:
    """Why a well-formed document is not `wanted`, if it is something else that is known; else None."""
    kind = kind_of_document(document)
    return None if kind is None or kind.role == wanted else wrong_kind(kind, wanted, path)


def refuse_other_kinds(document: Json, path: str) -> None:
    """Raise `InvalidCollection` for a document that only looks like a collection."""
    kind = kind_of_document(document)
    if kind is not None and kind.role != "collection":
        raise wrong_kind(kind, "collection", path)


def wrong_kind(kind: Kind, wanted: str, path: str) -> InvalidCollection:
    """The error for a file that is something else."""
    if kind.name.startswith("not "):
        return InvalidCollection(f"is {kind.name}", where=path)
    return InvalidCollection(f"this is {kind.name}, not {WANTED[wanted]}", where=path, hint=hint_for(kind, wanted, path))


def explain_collection(document: Json, where: str, error: Exception) -> InvalidCollection:
    """Why a document is not a collection: what it is instead, or the first place that violates the schema."""
    kind = kind_of_document(document)
    if kind is not None and kind.role != "collection":
        return wrong_kind(kind, "collection", where)
    if document == {}:
        return InvalidCollection("an empty object is not a collection", where=where, hint='it needs at least {"item": []}')
    if isinstance(document, list):
        return InvalidCollection("a list is not a collection", where=where, hint=EXPORT_HINT)
    try:
        return _by_schema(document, "collection", where, error)
    except RecursionError:
        return _in_deep_folders(document, where)


def _in_deep_folders(document: Json, where: str) -> InvalidCollection:
    """The first place that violates the schema, found entry by entry because jsonschema cannot go so deep."""
    waiting: list[tuple[Json, str]] = [(document, "")]
    while waiting:
        entry, path = waiting.pop()
        inside = entry.get("item") if isinstance(entry, dict) else None
        alone = {**entry, "item": []} if isinstance(entry, dict) and isinstance(inside, list) else entry
        found = _by_schema(_upper({"item": [alone]} if path else alone), "collection", where, None)
        place = found.where.partition("item[0]")[2] if path else found.where.removeprefix(where).removeprefix(" at ")
        if place or found.message != NOTHING_WRONG:
            return InvalidCollection(found.message, where=f"{where} at {_shortened(path + place)}")
        if isinstance(inside, list):
            dot = "." if path else ""
            waiting += [(one, f"{path}{dot}item[{number}]") for number, one in enumerate(inside)][::-1]
    return InvalidCollection("folders are nested too deeply", where=where)


def _shortened(path: str) -> str:
    return path if len(path) <= LONGEST_PATH else f"{path[: LONGEST_PATH // 2]} … {path[-LONGEST_PATH // 2 :]}"


def explain_environment(document: Json, where: str, scope: str) -> InvalidCollection:
    """Why a document is not an environment."""
    kind = kind_of_document(document)
    if kind is not None and kind.role != "environment":
        return wrong_kind(kind, scope, where)
    values = document.values() if isinstance(document, dict) and "values" not in document else None
    if values is not None and not any(isinstance(value, (dict, list)) for value in values):
        hint = 'write {"values": [{"key": "name", "value": "text"}]}; a plain map of names is not the format'
        return InvalidCollection("it has no list of values", where=where, hint=hint)
    return _by_schema(_upper({"values": document} if isinstance(document, list) else document), "environment", where, None)


def _upper(value: object, levels: int = LEVELS) -> object:
    """The upper levels of a value, because jsonschema shows whole values in its messages, with recursion."""
    if not isinstance(value, dict | list):
        return value
    if levels == 0:
        return type(value)()
    if isinstance(value, dict):
        return {key: _upper(entry, levels - 1) for key, entry in value.items()}
    return [_upper(entry, levels - 1) for entry in value]


def _by_schema(document: object, name: str, where: str, error: Exception | None) -> InvalidCollection:
    from jsonschema.exceptions import best_match

    found = best_match(_validator(name).iter_errors(document))
    if found is None:
        return InvalidCollection(f"not a usable {name}: {error}" if error else NOTHING_WRONG, where=where)
    path = _json_path(found.absolute_path)
    reason = found.schema.get("$comment", "") if isinstance(found.schema, dict) else ""
    place = f"{where} at {_shortened(path)}" if where and path else where or _shortened(path)
    return InvalidCollection(_reason(found.validator, found, reason), where=place, hint=EXPORT_HINT if not path else "")


@cache
def _validator(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    schema: JsonObject = json.loads(files("runner.formats").joinpath("schemas", f"{name}.json").read_text("utf-8"))
    return Draft202012Validator(schema)


def _reason(rule: object, found: Any, comment: str) -> str:
    if rule == "required":
        missing = [key for key in found.validator_value if key not in found.instance]
        return f"{', '.join(repr(key) for key in missing)} is missing"
    return f"{comment or found.message}, not {kind_of(found.instance)}"


def _json_path(parts: Iterable[str | int]) -> str:
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
