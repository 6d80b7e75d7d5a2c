"""Reads YAML text as plain data that knows its places: YAML 1.2, core schema, as the `yaml` package of npm reads it.

What could be lost or meant otherwise is refused with its place: keys that are there twice, a second document, tabs as
indentation, unknown tags, UTF-16. Time and memory grow linearly with the text, whatever it holds.
"""

from __future__ import annotations

import codecs

from runner.errors import FileRefused, InvalidDocument
from runner.formats.places import line_and_column
from runner.formats.yaml.nodes import Document, in_one_line, pointer
from runner.formats.yaml.parser import Parser
from runner.formats.yaml.scalars import Unreadable

MOST_CHARACTERS = 100_000_000
"""The longest text that is read: its nodes need many times as much memory."""


def read(text: str | bytes, path: str) -> Document:
    """The document of a text; raises `InvalidDocument` with line, column and the path of keys.

    The value has text, numbers, true, false, null, lists, and dicts whose keys are text; `.inf` and `.nan` are numbers.
    """
    if isinstance(text, bytes):
        text = _decoded(text, path)
    if len(text) > MOST_CHARACTERS:
        raise FileRefused("is larger than 100 MB", where=path)
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            raise _invalid(text, path, Unreadable(text.index("\r"), "a carriage return without a line feed"))
    if "\0" in text:
        raise _invalid(text, path, Unreadable(text.index("\0"), "not a text: there is a zero byte"))
    parser = Parser(text)
    try:
        root = parser.document()
    except Unreadable as error:
        raise _invalid(parser.text, path, error) from None
    return Document(parser.text.removesuffix("\0"), root, parser.is_plain)


def _decoded(content: bytes, path: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content[:2]:
        raise InvalidDocument("not valid YAML: its encoding is UTF-16", where=path, hint="save it as UTF-8")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidDocument("not valid YAML: it is not UTF-8", where=f"{path}:{line}", hint="save it as UTF-8") from None


def _invalid(text: str, path: str, error: Unreadable) -> InvalidDocument:
    line, column = line_and_column(text, error.at)
    place = f" (path: {pointer(error.keys[::-1])})" if error.keys else ""
    where = f"{path}:{line}:{column}" if path else f"line {line}, column {column}"
    return InvalidDocument(f"not valid YAML: {in_one_line(error.reason)}{place}", where=where, hint=error.hint)
