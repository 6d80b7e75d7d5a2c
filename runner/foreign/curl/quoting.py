"""Texts as words of bash: whatever bytes they hold, the command gets the same."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.foreign.outgoing.texts import Base64, FileBytes, Hole, Piece, Text
from runner.rules.percent import utf8

_BARE = re.compile(r"[A-Za-z0-9_./:=@%+,\-]+\Z")

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "'": "\\'", "\\": "\\\\"}

Value = Callable[[Hole], str]
"""The value of a variable as it stands between double quotation marks."""


def word(text: Text, value: Value) -> str:
    """One word of a command, with the values of variables."""
    if not text:
        return "''"
    if len(text) == 1 and isinstance(text[0], str) and _BARE.match(text[0]):
        return text[0]
    if all(isinstance(piece, Hole | Base64) or (isinstance(piece, str) and _plain(piece)) for piece in text):
        if all(isinstance(piece, str) for piece in text):
            return quoted("".join(map(str, text)))
        return '"' + "".join(_in_double(piece, value) for piece in text) + '"'
    return "".join(quoted(piece) if isinstance(piece, str | bytes) else f'"{_in_double(piece, value)}"' for piece in text)


def quoted(data: str | bytes) -> str:
    """Literal bytes as a word: in single quotation marks, or in `$'…'` if they hold what cannot be seen."""
    if isinstance(data, str) and _plain(data):
        return "'" + data.replace("'", "'\\''") + "'"
    text = data.decode("utf-8", "surrogateescape") if isinstance(data, bytes) else utf8(data).decode()
    return "$'" + "".join(_ESCAPES.get(one) or (one if one.isprintable() else _escaped(one)) for one in text) + "'"


def _plain(text: str) -> bool:
    return text.replace("\n", "").isprintable()


def _escaped(one: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in one.encode("utf-8", "surrogateescape"))


def printed(text: Text, value: Value) -> list[str]:
    """Commands that print a text: for bodies that no word can hold, and with the contents of files."""
    commands: list[str] = []
    for piece in text:
        if isinstance(piece, FileBytes):
            commands.append(f"cat -- {word(piece.path, value)}")
        elif isinstance(piece, bytes) or (isinstance(piece, str) and "\0" in piece):
            data = piece if isinstance(piece, bytes) else utf8(piece)
            commands.append("printf '" + "".join(f"\\{byte:03o}" for byte in data) + "'")
        else:
            commands.append(f"printf %s {word((piece,), value)}")
    return commands


def _in_double(piece: Piece, value: Value) -> str:
    if isinstance(piece, Hole):
        return value(piece)
    if isinstance(piece, Base64):
        return f"$(printf %s {word(piece.text, value)} | base64 | tr -d '\\n')"
    return re.sub(r'[\\"$`]', r"\\\g<0>", str(piece))
