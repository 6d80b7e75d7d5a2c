"""Texts with holes: what is known when a collection is exported, and what is put in when the result is used."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote

from runner.model.quick_dataclass import dataclass
from runner.rules.percent import encode_path, encode_query, utf8
from runner.rules.text import json_text

ENCODERS: Mapping[str, Callable[[str], str]] = {
    "": lambda text: text,
    "path": encode_path,
    "query": encode_query,
    "param": lambda text: encode_query(text.replace("&", "%26")),
    "form": lambda text: quote(utf8(text), safe=""),
    "json": lambda text: json_text(text)[1:-1],
}
"""How a value is written where it stands: as it is, in a path, in a query or one of its parameters, in a form, in JSON."""


@dataclass(frozen=True, slots=True)
class Hole:
    """The value of a variable, written in a way of `ENCODERS`; a name with `$` is a dynamic variable."""

    name: str
    encode: str = ""


@dataclass(frozen=True, slots=True)
class Base64:
    """A text in base64 (the user name and password of Basic)."""

    text: Text


@dataclass(frozen=True, slots=True)
class FileBytes:
    """The content of a file; a relative path counts from the working directory."""

    path: Text


Piece = str | bytes | Hole | Base64 | FileBytes
Text = tuple[Piece, ...]
"""Pieces in a row; bytes are what is not UTF-8."""


def holes(text: Text) -> Iterator[Hole]:
    """Every hole in a text, in order."""
    for piece in text:
        if isinstance(piece, Hole):
            yield piece
        elif isinstance(piece, Base64):
            yield from holes(piece.text)
        elif isinstance(piece, FileBytes):
            yield from holes(piece.path)


def filled(text: Text, value_of: Callable[[str], str], read: Callable[[str], bytes] = str.encode) -> bytes:
    """The bytes of a text, with the values of its variables and the contents of its files."""

    def bytes_of(piece: Piece) -> bytes:
        if isinstance(piece, bytes):
            return piece
        if isinstance(piece, str):
            return utf8(piece)
        if isinstance(piece, Hole):
            return utf8(ENCODERS[piece.encode](value_of(piece.name)))
        if isinstance(piece, Base64):
            return b64encode(filled(piece.text, value_of, read))
        return read(filled(piece.path, value_of).decode())

    return b"".join(map(bytes_of, text))


def joined(pieces: Iterable[Piece]) -> Text:
    """The pieces without empty texts; texts that follow one another become one."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece not in ("", b""):
            found.append(piece)
    return tuple(found)


def literal(data: bytes) -> str | bytes:
    """Bytes as a text if they are UTF-8, else as they are."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
