"""In which file and on which line of a folder's files scripts and requests stand: for messages that point there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from runner.formats.places import line_and_column
from runner.formats.postman.script_places import Spot
from runner.formats.postman.v2 import KEPT
from runner.formats.v3.fields.rule import member
from runner.formats.v3.reading import V3Origin
from runner.formats.yaml.reader import read
from runner.model.collection import Collection, Folder, Item

Owner = Collection | Folder | Item


def spot_places(collection: Collection, spots: Iterable[Spot]) -> dict[Spot, tuple[str, int]]:
    """The path and line, from 1, of each spot; what cannot be found has none."""
    origin = collection.origin
    if not isinstance(origin, V3Origin):
        return {}
    owners = list(_owners(collection))
    items = {owner.id: owner for owner in owners if isinstance(owner, Item)}
    scripts = {event.script.id: (owner, n) for owner in owners for n, event in enumerate(owner.events)}
    found: dict[Spot, tuple[str, int]] = {}
    for spot in spots:
        owner, number = scripts.get(spot.script, (items.get(spot.item), -1))
        path = member(owner.source, KEPT).get("file") if owner is not None else None
        content = origin.contents.get(path) if isinstance(path, str) else None
        if isinstance(path, str) and content is not None:
            line = 1 if number < 0 else _line(content, number, spot.line)
            found[spot] = os.path.join(origin.root, *path.split("/")), line
    return found


def _owners(collection: Collection) -> Iterator[Owner]:
    waiting: list[Owner] = [collection]
    while waiting:
        owner = waiting.pop()
        yield owner
        if not isinstance(owner, Item):
            waiting += owner.items


def _line(content: bytes, number: int, line: int) -> int:
    """The line of a file on which this line of one of its scripts stands; a block begins below its indicator."""
    document = read(content, "")
    code = document.node(("scripts", number, "code"))
    first, _ = line_and_column(document.text, code.start)
    return first + line if code.kind in ("literal", "folded") else first
