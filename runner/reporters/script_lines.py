"""The scripts of a collection, and the line of one that an error is about."""

from __future__ import annotations

from runner.model.collection import Collection, Folder, Item, Script
from runner.reporters.text import clean
from runner.reporters.width import clip, columns
from runner.secrets import MASK

LINE = 300
"""The most columns of a script line, if the reporter has no width."""


NO_SCRIPT = Script(id="", exec="")
"""Stands for a script that the collection does not have."""


def scripts_of(collection: Collection) -> dict[str, Script]:
    """Every script of a collection by its id."""
    scripts: dict[str, Script] = {}
    waiting: list[Collection | Folder | Item] = [collection]
    while waiting:
        node = waiting.pop()
        scripts.update((event.script.id, event.script) for event in node.events)
        if not isinstance(node, Item):
            waiting += node.items
    return scripts


def source_line(script: Script, line: int | None, column: int | None, width: int = LINE) -> list[str]:
    """The line of a script, with a caret under the column if it is known; no lines if it does not exist.

    A long line is cut to the part around the column.
    """
    lines = script.exec.split("\n")
    if line is None or not 0 < line <= len(lines):
        return []
    number, text = f"{line} | ", clean(lines[line - 1]).replace("\t", " ").rstrip()
    room = max(20, width - len(number))
    indent = len(text) - len(text.lstrip())
    start = indent
    if column is not None and columns(text[indent:column]) > room:
        start = column - room // (2 if columns(text) == len(text) else 4)
    shown = clip(text[start : start + room], room)
    if column is None or MASK in text or not indent < column <= len(text) + 1:
        return [number + shown]
    return [number + shown, " " * (len(number) + columns(text[start : column - 1])) + "^"]
