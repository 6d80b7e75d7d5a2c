"""CSV text to records, by the rules of Newman's CSV library with Newman's options.

| option | value |
| --- | --- |
| delimiter | comma only |
| quote | `"`, doubled inside of a quoted field |
| record end | CRLF, LF or CR: the first one outside of quotes decides for the whole text |
| trim | white space around fields is removed, unless it is inside of quotes |
| stray quotes | a quote after other characters is a character |
| ragged rows | allowed: missing columns are absent, surplus ones dropped |
| empty line | a record with one empty field, except after the last record end |
"""

from __future__ import annotations

import re

from runner.errors import InvalidDocument
from runner.formats.places import line_and_column

Field = tuple[str, bool]
"""The text of a field, and whether it was in quotes."""

SPACES = " \t\n\r\f"

_END = re.compile(r"\r\n|\n|\r")


def parse_csv(text: str, where: str = "") -> list[list[Field]]:
    """The records of a CSV text, each a list of fields; raises `InvalidDocument` with the line."""
    if '"' in text:
        return _Reader(text, where).records()
    end = _END.search(text)
    lines = text.split(end.group()) if end else [text]
    if not lines[-1].strip(SPACES):
        lines.pop()
    return [[(field.strip(SPACES), False) for field in line.split(",")] for line in lines]


def dump_csv(records: list[list[Field]]) -> str:
    """The text of records; a field is quoted if it says so, or could not be read back otherwise."""
    return "".join([",".join([_field_text(*field) for field in record]) + "\n" for record in records])


def _field_text(text: str, quoted: bool) -> str:
    plain = not quoted and text.strip(SPACES) == text and not any(mark in text for mark in ',"\r\n')
    return text if plain else '"' + text.replace('"', '""') + '"'


class _Reader:
    """Reads a text that has quotes, field by field."""

    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where
        self.position = 0
        # the record end is the first line break outside of quotes
        found = re.search(r'\A(?:[^"\r\n]++|"(?:[^"]++|"")*+")*+(\r\n|\n|\r)', text)
        self.end = found.group(1) if found else "\n"

    def records(self) -> list[list[Field]]:
        records: list[list[Field]] = []
        last = self.text.rfind(self.end) + 1
        length = len(self.text) if self.text[last:].strip(SPACES) else last  # a last line of spaces is not a record
        while self.position < length:
            record = [self._field()]
            while self.text.startswith(",", self.position):
                self.position += 1
                record.append(self._field())
            self.position += len(self.end)
            records.append(record)
        return records

    def _field(self) -> Field:
        text, start = self.text, self.position
        while start < len(text) and text[start] in SPACES and not text.startswith(self.end, start):
            start += 1
        if text.startswith('"', start):
            return self._quoted(start)
        stop = re.compile(rf",|{re.escape(self.end)}|\Z").search(text, start)
        assert stop is not None
        self.position = stop.start()
        return text[start : stop.start()].strip(SPACES), False

    def _quoted(self, start: int) -> Field:
        closed = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"').match(self.text, start)
        if closed is None:
            raise self._invalid("a quote is never closed", start)
        after = closed.end()
        while after < len(self.text) and self.text[after] in SPACES and not self.text.startswith(self.end, after):
            after += 1
        if after < len(self.text) and self.text[after] != "," and not self.text.startswith(self.end, after):
            raise self._invalid("there is text after a closing quote", after)
        self.position = after
        return closed[1].replace('""', '"'), True

    def _invalid(self, message: str, position: int) -> InvalidDocument:
        line, column = line_and_column(self.text, position)
        return InvalidDocument(f"not valid CSV: {message}", where=f"{self.where}:{line}:{column}", hint='write " as ""')
