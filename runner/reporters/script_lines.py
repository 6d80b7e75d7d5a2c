"""The texts of the scripts of a collection, and the line of one that an error is about."""

from __future__ import annotations

from runner.model.collection import Collection, Folder, Item
from runner.reporters.text import clean
from runner.reporters.width import clip, columns
from runner.secrets import Secrets

LINE = 300
"""Columns of a line of a script that are shown, where the reporter has no width."""


def script_texts(collection: Collection) -> dict[str, str]:
    """The text of every script of a collection by its id."""
    texts: dict[str, str] = {}
    waiting: list[Collection | Folder | Item] = [collection]
    while waiting:
        node = waiting.pop()
        texts.update((event.script.id, event.script.exec) for event in node.events)
        if not isinstance(node, Item):
            waiting += node.items
    return texts


def source_line(script: str, line: int | None, column: int | None, secrets: Secrets, width: int = LINE) -> list[str]:
    """The line of a script, with a caret under the column where that is known; nothing when there is no such line.

    Of a long line the part around the column is shown.
    """
    lines = script.split("\n")
    if line is None or not 0 < line <= len(lines):
        return []
    number, text = f"{line} | ", clean(lines[line - 1]).replace("\t", " ").rstrip()
    room = max(20, width - len(number))
    indent = len(text) - len(text.lstrip())
    start = indent
    if column is not None and columns(text[indent:column]) > room:
        start = column - room // (2 if columns(text) == len(text) else 4)
    shown = clip(secrets.mask(text)[start : start + room], room)
    if column is None or secrets.symbol in text or secrets.mask(text) != text or not indent < column <= len(text) + 1:
        return [number + shown]
    return [number + shown, " " * (len(number) + columns(text[start : column - 1])) + "^"]
