"""The canonical text of a file: the order and style of Postman, and the same value as before."""

from __future__ import annotations

from runner.deep_json import same
from runner.errors import InternalError, InvalidCollection, InvalidDocument
from runner.formats.canonical.order import ordered
from runner.formats.canonical.shapes import V2, V3
from runner.formats.format import YAML, Given
from runner.formats.json_text import JsonStyle, dump_json
from runner.formats.places import line_and_column, repeated_keys
from runner.formats.postman.wrapped import WRAPPERS, wrapper_of
from runner.formats.table import recognise
from runner.model.json import Json, JsonObject

POSTMAN = JsonStyle(indent="\t")
"""How the app writes JSON: with tabs, and no line end at the end."""

KNOWN = "collections of the formats v2.1 and v3, environments and globals are formatted"


def canonical(text: str, path: str) -> tuple[str, Json]:
    """The canonical text of a file, and its value, which is that of `text`, too; raises `LoadError`."""
    given = Given(text, path)
    if given.extension in YAML:
        return _canonical_yaml(given)
    value = given.document
    entry = recognise(given)
    shape = {"v2": "collection", "environment": "environment"}.get(entry.name if entry else "")
    if shape is None or not isinstance(value, dict):
        raise InvalidCollection("is of a kind that is not formatted", where=path, hint=KNOWN)
    _refuse_repeated_keys(text, path)
    wrapper = wrapper_of(value, WRAPPERS)
    if wrapper:
        result = dump_json({**value, wrapper: ordered(value[wrapper], shape, V2)}, POSTMAN)
    else:
        result = canonical_json(value, shape)
    _compare(value, Given(result, path).document)
    return result, value


def canonical_json(document: JsonObject, shape: str) -> str:
    """The canonical text of a document of v2.1 that no file had before; its `shape` is `collection` or `environment`."""
    return dump_json(ordered(document, shape, V2), POSTMAN)


def _refuse_repeated_keys(text: str, path: str) -> None:
    """Raise `InvalidDocument` for keys that are there twice: all but the last would be lost."""
    for steps, start in repeated_keys(text):
        line, column = line_and_column(text, start)
        reason = f'the key "{str(steps[-1])[:80]}" is there twice'
        raise InvalidDocument(reason, where=f"{path}:{line}:{column}", hint="remove the one that is wrong")


def _canonical_yaml(given: Given) -> tuple[str, Json]:
    document, path = given.yaml, given.path
    value = document.value
    shape = _shape_of(value) if isinstance(value, dict) else ""
    if not shape or not isinstance(value, dict):
        raise InvalidCollection("is of a kind that is not formatted", where=path, hint=KNOWN)
    made = ordered(value, shape, V3)
    if not document.is_plain:
        from runner.formats.yaml.edit import edit

        result = edit(given.text, made, path)
    else:
        from runner.formats.yaml.writer import write

        result = write(made)
    _compare(made, Given(result, path).yaml.value, ordered=True)
    _compare(value, made)
    return result, value


def _shape_of(document: JsonObject) -> str:
    """The shape of a document of YAML; empty for one of another kind."""
    kind = document.get("$kind")
    if kind == "collection":
        return "definition"
    if isinstance(kind, str):
        return next((shape for shape in ("request", "example", "message") if kind.endswith(f"-{shape}")), "")
    return "environment" if isinstance(document.get("values"), list) else ""


def _compare(one: Json, other: Json, ordered: bool = False) -> None:
    """Raise `InternalError` unless both are the same value."""
    if not same(one, other, ordered=ordered):
        raise InternalError(ValueError("the formatted text has another value"))
