"""What exports of all versions write in the same way: rows, bodies, scripts."""

from __future__ import annotations

from urllib.parse import parse_qsl

from runner.foreign.entries import Entry
from runner.foreign.insomnia.model import Body, Code, Row


def rows_of(entries: Entry) -> list[Row]:
    """Headers, parameters or fields of a form."""
    return [_row(one) for one in entries]


def _row(entry: Entry) -> Row:
    value = entry.get("value")
    row = Row(
        entry.text("name"),
        entry.text("value") if value else None,
        enabled=not entry.flag("disabled"),
        description=entry.text("description"),
        line=entry.line,
    )
    if entry.text("type") == "file" and entry.text("fileName"):
        row.kind, row.file = "file", entry.text("fileName")
    multiline = entry.get("multiline").value
    if isinstance(multiline, str) and row.kind == "text":
        row.content_type = multiline
    return row


def path_row(entry: Entry) -> Row:
    """A parameter of the path."""
    return Row(entry.text("name"), entry.text("value"), description=entry.text("description"), line=entry.line)


def code_of(entry: Entry) -> Code:
    """A script."""
    return Code(entry.value, entry.line, entry.in_lines) if isinstance(entry.value, str) else Code()


def body_of(entry: Entry, content_type: str = "") -> Body:
    """The body; the oldest exports have a text in its place, whose type is that of the header."""
    if isinstance(entry.value, str):
        given = content_type.partition(";")[0].strip()
        if given == "application/x-www-form-urlencoded":
            pairs = parse_qsl(entry.value, keep_blank_values=True)
            return Body(given, rows=[Row(name, value, line=entry.line) for name, value in pairs])
        return Body(given, entry.value, line=entry.line) if entry.value else Body()
    type = entry.get("mimeType").value
    text = entry.get("text")
    return Body(
        type if isinstance(type, str) else None,
        entry.text("text"),
        rows_of(entry.get("params")),
        entry.text("fileName"),
        (text or entry).line,
        text.in_lines,
    )


def place_of(key: Entry) -> float:
    """The number by which entries are sorted; 0 if it is none."""
    value = key.value
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0
