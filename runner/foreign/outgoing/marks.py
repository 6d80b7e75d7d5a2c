"""Marks that stand for values while a request is prepared, and are found again in what came out.

A mark is made of letters and digits that no encoding of a request changes, so the engine itself prepares the request.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable

from runner.foreign.outgoing.texts import Base64, FileBytes, Hole, Piece, Text, joined, literal
from runner.model.json import Json
from runner.variables.scopes import Scopes

_MARK = re.compile(rb"qvzj(\d{5})jzvq")
_BASIC = re.compile(rb"Basic ([A-Za-z0-9+/=]+)\Z")


class Marks:
    """The marks of one request: each stands for one use of a variable or for the content of one file."""

    def __init__(self) -> None:
        self._meant: list[tuple[str, Piece]] = []

    def hole(self, name: str, prefix: str = "") -> str:
        """A mark for the value of a variable; `prefix` is what the value begins with: the scheme of a URL."""
        return prefix + self._new(prefix, Hole(name))

    def file(self, path: str) -> bytes:
        """A mark for the content of a file, whose path may hold marks."""
        return self._new("", FileBytes(self.found(path.encode()))).encode()

    def _new(self, prefix: str, piece: Piece) -> str:
        self._meant.append((prefix, piece))
        return f"qvzj{len(self._meant) - 1:05}jzvq"

    def any_in(self, text: str) -> bool:
        """Whether a text holds a mark."""
        return bool(self._meant) and _MARK.search(text.encode("utf-8", "replace")) is not None

    def found(self, data: bytes, encode: str = "") -> Text:
        """Bytes with a hole for each mark; values are written in the way `encode`."""
        basic = _BASIC.match(data)
        if basic and _MARK.search(decoded := _decoded(basic[1])):
            return ("Basic ", Base64(self.found(decoded)))
        pieces: list[Piece] = []
        end = 0
        for mark in _MARK.finditer(data):
            prefix, piece = self._meant[int(mark[1])]
            before = data[end : mark.start()]
            if prefix and before.endswith(prefix.encode()):
                before = before[: -len(prefix)]
            if isinstance(piece, Hole):
                piece = Hole(piece.name, encode)
            pieces += [literal(before), piece]
            end = mark.end()
        return joined([*pieces, literal(data[end:])])


def _decoded(text: bytes) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""


class MarkedScopes(Scopes):
    """Scopes that give a mark for each variable of which `name` shall stand in the result; `values` are the real ones.

    A variable whose value holds the names of others gives its value, so that marks are those of the variables in it.
    """

    __slots__ = ("_keeps", "_mark", "_values")

    def __init__(self, values: Scopes, keeps: Callable[[str], bool], mark: Callable[[str, Json], Json]) -> None:
        super().__init__()
        self._values, self._keeps, self._mark = values, keeps, mark

    def get(self, key: str) -> Json:
        """The mark of a variable, or its value."""
        value = self._values.get(key)
        if not self._keeps(key) or (isinstance(value, str) and "{{" in value):
            return value
        return self._mark(key, value)
