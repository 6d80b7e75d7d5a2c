"""Texts and values as expressions of Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.foreign.outgoing.texts import Base64, FileBytes, Hole, Piece, Text
from runner.model.json import Json

FUNCTIONS = {"": "var", "path": "path", "query": "query", "param": "param", "form": "form", "json": "json_text"}
"""The function that gives the value of a variable, by the way in which it is written (`texts.ENCODERS`)."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def literal(value: Json) -> str:
    """A value of JSON or bytes as Python writes it, texts in double quotation marks."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(name)}: {literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return f'float("{value}")'
    return repr(value)


def quoted(text: str) -> str:
    """A text in double quotation marks; in three, if it has lines."""
    if "\n" in text.strip("\n") and all(one.isprintable() or one in "\n\t" for one in text):
        inner = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        return f'"""{inner[:-1]}\\""""' if inner.endswith('"') else f'"""{inner}"""'
    return f'"{_in_one_line(text)}"'


def _in_one_line(text: str) -> str:
    return "".join(_ESCAPES.get(one) or (one if one.isprintable() else _escaped(one)) for one in text)


def _escaped(one: str) -> str:
    code = ord(one)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def expression(text: Text, *, template: bool = False) -> str:
    """A text with holes as an expression: a `template` names its variables in braces, as Postman does."""
    if not text:
        return '""'
    if any(isinstance(piece, bytes | FileBytes) for piece in text):
        parts = [one for piece in text for one in ([_single(piece)] if not isinstance(piece, str) else _lines(piece))]
        return (
            parts[0] if len(parts) == 1 else "joined(\n" + "".join(f"            {one},\n" for one in parts) + "        )"
        )
    if all(isinstance(piece, str) for piece in text):
        return quoted("".join(map(str, text)))
    if len(text) == 1:
        return _single(text[0])
    if template and all(
        "{{" not in piece if isinstance(piece, str) else isinstance(piece, Hole) and not piece.encode for piece in text
    ):
        names = [f"{{{{{piece.name}}}}}" if isinstance(piece, Hole) else str(piece) for piece in text]
        return f"fill({quoted(''.join(names))})"
    if all(isinstance(piece, str) or (isinstance(piece, Hole) and _plain(piece.name)) for piece in text):
        return formatted((_call(piece, "'"),) if isinstance(piece, Hole) else str(piece) for piece in text)
    return " + ".join(quoted(piece) if isinstance(piece, str) else _single(piece) for piece in text)


def _lines(text: str) -> Iterator[str]:
    """A text with line ends of HTTP as one literal for each line."""
    for line in text.split("\r\n")[:-1]:
        yield f'"{_in_one_line(line)}\\r\\n"'
    if not text.endswith("\r\n"):
        yield quoted(text.rpartition("\r\n")[2])


def formatted(parts: Iterable[str | tuple[str]]) -> str:
    """An f-string of texts and (in a tuple) of expressions, in which no double quotation mark stands."""
    return 'f"' + "".join(_braces(part) if isinstance(part, str) else f"{{{part[0]}}}" for part in parts) + '"'


def _braces(text: str) -> str:
    return _in_one_line(text.replace("{", "{{").replace("}", "}}"))


def _plain(name: str) -> bool:
    """Whether a name can stand within an f-string of every Python."""
    return name.isprintable() and not set(name) & set("'\"\\{}")


def _call(hole: Hole, mark: str = '"') -> str:
    name = f"'{hole.name}'" if mark == "'" else quoted(hole.name)
    return f"{FUNCTIONS[hole.encode]}({name})"


def _single(piece: Piece) -> str:
    if isinstance(piece, Hole):
        return _call(piece)
    if isinstance(piece, Base64):
        return f"base64_text({expression(piece.text)})"
    if isinstance(piece, FileBytes):
        return f"file({expression(piece.path)})"
    return repr(piece) if isinstance(piece, bytes) else quoted(piece)
