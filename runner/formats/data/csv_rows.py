"""Iteration data as CSV: the first record has the names, each other one is a row."""

from __future__ import annotations

import re

from runner.errors import InvalidDocument
from runner.formats.data.csv_text import dump_csv, parse_csv
from runner.formats.data.json_rows import Rows
from runner.formats.format import CERTAIN, NO, POSSIBLE, Format, Given
from runner.model.json import Json, JsonObject
from runner.model.origin import Origin
from runner.rules.text import text_of

SAFE_INTEGER = 2**53 - 1

NOT_CSV = re.compile(r"\s*<[?!A-Za-z]|\x1f[\x8b\u2039]|PK[\x03\x05]|BZh[1-9]|\xfd7zXZ|\(\xb5/\xfd|%PDF-")
NO_DATA = (".yaml", ".yml", ".xlsx", ".xls", ".ods", ".xml", ".env")
"""The beginning of a text, or the end of its file's name, that is read neither as JSON nor as CSV."""

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


def parse_csv_rows(text: str, where: str = "") -> list[JsonObject]:
    """The rows of a CSV text; raises `InvalidDocument`."""
    records = parse_csv(text, where)
    if not records:
        return []
    names = [value for value, _ in records[0]]
    if "\0" in text:
        raise InvalidDocument("is not a text file", where=where)
    return [
        {name: value if quoted else typed_cell(value) for name, (value, quoted) in zip(names, record, strict=False)}
        for record in records[1:]
    ]


def typed_cell(text: str) -> Json:
    """The value of a cell without quotes: a decimal number becomes a number, anything else stays a text (Newman).

    Newman damages some values; here `0x1F` and whole numbers that JavaScript cannot represent stay texts.
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


def _sniff(given: Given) -> int:
    return CERTAIN if given.extension == ".csv" else POSSIBLE if given.role == "data" else NO


def _load(given: Given) -> tuple[Rows, Origin]:
    if NOT_CSV.match(given.text) or given.path.lower().endswith(NO_DATA):
        from runner.formats.explain import explain_text

        raise explain_text(given.text, given.path, "data", InvalidDocument("is not CSV", where=given.path))
    return tuple(parse_csv_rows(given.text, given.path)), Origin(format="csv")


def _dump(rows: Rows, origin: Origin | None, exported_at: str) -> str:
    """Quote a text that would be read as a number without quotes."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[row.get(name, "") for name in names] for row in rows]
    quoted = [[(text_of(cell), isinstance(cell, str) and typed_cell(cell) != cell) for cell in record] for record in cells]
    return dump_csv([[(name, False) for name in names], *quoted])


FORMAT = Format(title="a CSV file", sniff=_sniff, load=_load, dump=_dump)
