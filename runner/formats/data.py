"""Iteration data: rows from JSON or CSV."""

from __future__ import annotations

import re
from typing import Any

from runner.errors import InvalidCollection, InvalidDocument
from runner.formats.csv_text import parse_csv
from runner.formats.json_text import parse_json
from runner.model.variable import JsonObject

SAFE_INTEGER = 2**53 - 1

NOT_CSV = re.compile(r"\s*<[?!A-Za-z]|\x1f[\x8b\u2039]|PK[\x03\x05]|BZh[1-9]|\xfd7zXZ|\(\xb5/\xfd|%PDF-")
NO_DATA = (".yaml", ".yml", ".xlsx", ".xls", ".ods", ".xml", ".env")
"""How a text begins, or its file's name ends, that is read neither as JSON nor as CSV."""

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


def parse_data(text: str, where: str = "") -> tuple[JsonObject, ...]:
    """The rows of iteration data.

    A `.json` file, or text that begins like JSON, is a list of objects; everything else is CSV. Raises `InvalidDocument`
    and `InvalidCollection`; malformed JSON is never read as CSV.
    """
    if where.lower().endswith(".json") or text.lstrip()[:1] in ("[", "{"):
        return _json_rows(_parsed(text, where), where)
    if NOT_CSV.match(text) or where.lower().endswith(NO_DATA):
        from runner.formats.explain import explain_text

        raise explain_text(text, where, "data", InvalidDocument("is no CSV", where=where))
    return tuple(_csv_rows(text, where))


def _parsed(text: str, where: str) -> Any:
    try:
        return parse_json(text, where)
    except InvalidDocument as error:
        from runner.formats.explain import explain_text

        raise explain_text(text, where, "data", error) from None


def _json_rows(document: Any, where: str) -> tuple[JsonObject, ...]:
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
    for index, row in enumerate(document):
        if not isinstance(row, dict):
            raise InvalidCollection("a row of iteration data is an object", where=f"{where} at [{index}]".strip())
    return tuple(document)


def _csv_rows(text: str, where: str) -> list[JsonObject]:
    records = parse_csv(text, where)
    if not records:
        return []
    names = [value for value, _ in records[0]]
    if "\0" in text:
        raise InvalidDocument("is no text file", where=where)
    return [
        {name: value if quoted else typed_cell(value) for name, (value, quoted) in zip(names, record, strict=False)}
        for record in records[1:]
    ]


def typed_cell(text: str) -> Any:
    """The value of a cell without quotes: a decimal number becomes a number, everything else stays text (Newman).

    Unlike in Newman no value is damaged: `0x1F` and whole numbers that JavaScript cannot hold stay text.
    """
    if not _NUMBER.fullmatch(text):
        return text
    number = float(text)
    if number.is_integer() and abs(number) <= SAFE_INTEGER:
        return int(number)
    digits = text.lstrip("+-")
    if digits.isdigit() or number in (float("inf"), float("-inf")):
        return text
    return number
