"""Iteration data as JSON: a list of objects."""

from __future__ import annotations

from runner.errors import InvalidCollection
from runner.formats.format import CERTAIN, LIKELY, NO, Format, Given
from runner.formats.json_text import JsonOrigin, JsonStyle, detect_style, dump_json
from runner.formats.postman.wrapped import read_json
from runner.model.json import Json, JsonObject
from runner.model.origin import Origin

Rows = tuple[JsonObject, ...]


def parse_rows(document: Json, where: str = "") -> Rows:
    """The rows of a JSON document; raises `InvalidCollection`."""
    if not isinstance(document, list):
        from runner.formats.explain import explain_document

        other = explain_document(document, where, "data")
        if other is not None:
            raise other
        kind = "one object" if isinstance(document, dict) else "no list"
        raise InvalidCollection(
            f"iteration data is a list of objects, and this is {kind}",
            where=where,
            hint="put it in brackets: [{…}]" if isinstance(document, dict) else "",
        )
    rows = []
    for index, row in enumerate(document):
        if not isinstance(row, dict):
            raise InvalidCollection("a row of iteration data is an object", where=f"{where} at [{index}]".strip())
        rows.append(row)
    return tuple(rows)


def _sniff(given: Given) -> int:
    """A text that begins like JSON is never read as CSV, even if it is malformed."""
    if given.role == "data":
        return CERTAIN if given.extension == ".json" or given.text.lstrip()[:1] in ("[", "{") else NO
    rows = given.json
    return LIKELY if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows) else NO


def _load(given: Given) -> tuple[Rows, Origin]:
    return parse_rows(read_json(given), given.path), JsonOrigin(format="json-rows", style=detect_style(given.text))


def _dump(rows: Rows, origin: Origin | None, exported_at: str) -> str:
    return dump_json(list(rows), origin.style if isinstance(origin, JsonOrigin) else JsonStyle())


FORMAT = Format(title="a list of objects", sniff=_sniff, load=_load, dump=_dump)
