"""Writes values as YAML in the style of Postman: that of the `yaml` package of npm with `lineWidth: 0`.

Collections are blocks indented by two spaces, lists under their key; texts are plain where they can be, in double quotes
else, in single quotes if they have double ones only; several lines are a literal block. Nothing is folded at a width.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

from runner.errors import ExportError
from runner.formats.yaml.flow import DEEPEST
from runner.formats.yaml.parser import LONGEST_KEY
from runner.formats.yaml.scalars import resolve
from runner.model.json import Json
from runner.rules.text import text_of

SHORTEST_IN_LINES = 40
"""Characters, as JSON, from which on a text in double quotes is broken at its line ends."""

_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_NOT_PLAIN = re.compile(
    r"""^[\n\t ,\[\]{}#&*!|>'"%@`]|^[?-](?:\Z|[ \t])|[\n:][ \t]|[ \t]\n|[\n\t ]\#|[\n\t :]\Z""",
)
_BLANK_END = re.compile(r"\n[\t ]+\Z")
_MARKER = re.compile(r"(?:^|(?<=[\n\u2028\u2029]))(?:%|---|\.\.\.)")
_ESCAPES = {"\\u0000": "\\0", "\\u0007": "\\a", "\\u000b": "\\v", "\\u001b": "\\e"}


def write(value: Json) -> str:
    """The text of a value, with a line end at its end; raises `ExportError` if it is nested too deeply."""
    if isinstance(value, dict | list) and value:
        return "".join([line + "\n" for line in block_lines(value, 0)])
    return inline(value, 0) + "\n"


def block_lines(value: dict[str, Json] | list[Json], column: int, blocks: bool = True) -> Iterator[str]:
    """The lines of a collection that is not empty, its entries beginning at a column; a line may hold line ends.

    Without `blocks` texts of several lines are in double quotes, in one line.
    """
    if column > 2 * DEEPEST:
        raise ExportError(f"cannot be written as YAML: nested more than {DEEPEST} levels deep")
    margin = " " * column
    if isinstance(value, list):
        for entry in value:
            lines = _entry(entry, column, blocks)
            yield f"{margin}- {next(lines)}"
            yield from lines
        return
    for key, entry in value.items():
        name = written_key(key, column)
        if len(name) > LONGEST_KEY:
            yield f"{margin}? {name}"
            lines = _entry(entry, column, blocks)
            yield f"{margin}: {next(lines)}"
            yield from lines
            continue
        if isinstance(entry, dict | list) and entry:
            yield f"{margin}{name}:"
            yield from block_lines(entry, column + 2, blocks)
        else:
            yield f"{margin}{name}: {inline(entry, column + 2, blocks)}"


def _entry(value: Json, column: int, blocks: bool) -> Iterator[str]:
    """The lines of an item of a list that begins at a column, without its `- `."""
    if isinstance(value, dict | list) and value:
        lines = block_lines(value, column + 2, blocks)
        yield next(lines)[column + 2 :]
        yield from lines
    else:
        yield inline(value, column + 2, blocks)


def inline(value: Json, column: int, blocks: bool = True) -> str:
    """A scalar or an empty collection; further lines of a text begin at a column, without `blocks` there are none."""
    if isinstance(value, str):
        return written_text(value, column) if blocks or "\n" not in value else _double(value)
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return "-0" if value == 0 and math.copysign(1, value) < 0 else str(int(value))
    return "null" if value is None else str(value) if type(value) is int else text_of(value)


def written_key(key: str, column: int) -> str:
    """A key, in one line; a document marker is no danger but at column 0."""
    if _CONTROL.search(key):
        return _double(key)
    marker = column == 0 and _MARKER.search(key)
    plain = not (marker or "\n" in key or _NOT_PLAIN.search(key)) and isinstance(resolve(key), str)
    return key if plain else _quoted(key, "", one_line=True)


def written_text(text: str, column: int) -> str:
    """A text as a value; its further lines begin at a column."""
    margin = " " * column
    if _CONTROL.search(text) or (not column and "\n" in text):
        return _double(text, margin if column else None)
    if "\n" in text:
        lost = _BLANK_END.search(text) or (" " in text and not text.strip("\n "))  # in a block these would be lost
        return _quoted(text, margin) if lost else _literal(text, margin)
    plain = not _NOT_PLAIN.search(text) and isinstance(resolve(text), str)
    if plain and not column and _MARKER.search(text):
        plain = False
    return text if plain else _quoted(text, margin)


def flow_text(value: Json) -> str:
    """A value in one line, as it may stand within brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join([f"{flow_text(key)}: {flow_text(entry)}" for key, entry in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow_text, value)) + "]"
    if isinstance(value, str) and ("\n" in value or any(mark in value for mark in "[]{},")):
        return quoted_as("double" if "\n" in value or "'" in value else "single" if '"' in value else "double", value)
    return inline(value, 2)


def quoted_as(kind: str, text: str) -> str:
    """A text in quotes of a kind, `double` or `single`, in one line; in double ones if it needs escapes."""
    if kind == "single" and "\n" not in text and not _CONTROL.search(text):
        return "'" + text.replace("'", "''") + "'"
    return _double(text)


def _quoted(text: str, margin: str, one_line: bool = False) -> str:
    """A text in the quotes that need fewer escapes."""
    if '"' in text and "'" not in text and not (one_line and "\n" in text) and not re.search(r"[ \t]\n|\n[ \t]", text):
        return "'" + re.sub(r"\n+", lambda found: f"{found[0]}\n{margin}", text) + "'"
    return _double(text, None if one_line else margin)


def _double(text: str, margin: str | None = None) -> str:
    """A text in double quotes; with `margin` a longer one is broken at its line ends, each of which needs a line end more.

    A space beside a line end is escaped, because reading removes it.
    """
    lines = [_escaped(line) for line in text.split("\n")]
    length = sum(len(line) + sum(mark > "\uffff" for mark in line) for line in lines) + 2 * len(lines)
    lines = [re.sub(r"\\(?:u00([0-9a-f]{2})|.)", _shorter, line) for line in lines]
    lines[:-1] = [line[:-1] + "\\ " if line.endswith(" ") else line for line in lines[:-1]]
    if margin is None or length < SHORTEST_IN_LINES:
        return '"' + "\\n".join(lines) + '"'
    end = "\\n" if len(lines) > 1 and not lines[-1] else ""
    if end:
        lines.pop()
    parts, breaks = [lines[0]], 0
    for number, line in enumerate(lines[1:], 2):
        breaks += 1
        if line or number == len(lines):
            parts += ["\n" * (breaks + 1), margin, "\\" * line.startswith(" "), line]
            breaks = 0
    return '"' + "".join(parts) + end + '"'


def _shorter(found: re.Match[str]) -> str:
    """The shortest escape of YAML for an escape of JSON."""
    return found[0] if found[1] is None else _ESCAPES.get(found[0]) or "\\x" + found[1]


def _escaped(line: str) -> str:
    """A line as it stands between the quotes of JSON."""
    quoted = json.dumps(line, ensure_ascii=False)[1:-1]
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _literal(text: str, margin: str) -> str:
    """A text of several lines as a block; of its empty lines only the first is indented."""
    body = text.rstrip("\n \t")
    end = text[len(body) :]
    chomping = "-" if "\n" not in end else "" if body and end.index("\n") == len(end) - 1 else "+"
    first = body.lstrip("\n")
    digit = "2" if first.startswith(" ") else ""
    lines = text.removesuffix("\n").split("\n")
    shown = [margin + line if line or number == 0 else "" for number, line in enumerate(lines)]
    return f"|{digit}{chomping}\n" + "\n".join(shown)
