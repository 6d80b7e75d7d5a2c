"""Reads a large JSON file entry by entry, so that no more of it is in memory than the entry that was asked for."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, cast

from runner.deep_json import loads
from runner.errors import InvalidDocument
from runner.model.json import Json

PIECE = 2**20
"""Bytes that are read at a time; for an entry that is larger than what is there, as many as are there."""

_BLANKS = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"[-+.0-9eE]*")
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)  # a text may be read only in part
_DECODER = json.JSONDecoder()


class JsonStream:
    """A JSON document that is read once, from its beginning to its end; raises `InvalidDocument` where it is none.

    `members` and `entries` go through an object or a list. Each of these must be read before the next one is asked for: by
    `value`, or again by `members` or `entries`.
    """

    def __init__(self, file: IO[bytes], where: str) -> None:
        self._file = file
        self._where = where
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._ended = False

    def opens(self, mark: str) -> bool:
        """Whether the next value is an object (`{`) or a list (`[`)."""
        return self._next() == mark

    def members(self) -> Iterator[str]:
        """The names of an object, one after the other."""
        for _ in self._inside("{", "}"):
            name = self.value()
            if not isinstance(name, str):
                raise self._invalid("a name is missing")
            self._take(":")
            yield name

    def entries(self) -> Iterator[None]:
        """The entries of a list: each time one can be read."""
        yield from self._inside("[", "]")

    def value(self) -> Json:
        """The next value, as a whole."""
        self._next()
        while _NUMBER.match(self._text, self._at).end() == len(self._text) and self._more():  # type: ignore[union-attr]
            continue  # a number may go on
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                value, end = self._deep()
            except ValueError:
                if not self._more():
                    raise self._invalid("is not JSON") from None
                continue
            self._at = end
            return cast(Json, value)

    def end(self) -> None:
        """See that nothing follows."""
        if self._next():
            raise self._invalid("something follows the document")

    def _inside(self, opening: str, closing: str) -> Iterator[None]:
        self._take(opening)
        if self._next() != closing:
            yield
            while self._next() == ",":
                self._at += 1
                yield
        self._take(closing)

    def _take(self, mark: str) -> None:
        if self._next() != mark:
            raise self._invalid(f"{mark} is missing")
        self._at += 1

    def _next(self) -> str:
        """The next character that is not a blank; nothing at the end."""
        while True:
            self._at = _BLANKS.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on; what was read before is let go. Returns whether there was anything."""
        if self._ended:
            return False
        rest = self._text[self._at :]
        piece = self._file.read(max(PIECE, len(rest)))
        self._ended = not piece
        try:
            self._text, self._at = rest + self._decode.decode(piece, final=self._ended), 0
        except UnicodeDecodeError:
            raise self._invalid("is not UTF-8") from None
        return True

    def _deep(self) -> tuple[object, int]:
        """A value with a thousand levels, and where it ends."""
        while True:
            level = 0
            for mark in _MARKS.finditer(self._text, self._at):
                level += (mark[0] in "[{") - (mark[0] in "]}")
                if not level:
                    return loads(self._text[self._at : mark.end()]), mark.end()
            if not self._more():
                raise self._invalid("is not JSON")

    def _invalid(self, reason: str) -> InvalidDocument:
        return InvalidDocument(reason, where=self._where)
