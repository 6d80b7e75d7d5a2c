"""On which lines of a collection's file (v2) its scripts and requests stand: for messages that point into it."""

from __future__ import annotations

from collections.abc import Iterable

from runner.formats.json_text import parse_json
from runner.formats.places import Steps, lines_of
from runner.formats.postman.v2 import WRAPPERS
from runner.formats.postman.wrapped import wrapper_of
from runner.model.collection import Collection, Folder, Item
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """A line, from 1, of a script, or the whole of an item where `script` is empty: both are named by their ids."""

    item: str
    script: str = ""
    line: int = 1


def spot_lines(text: str, collection: Collection, spots: Iterable[Spot]) -> dict[Spot, int]:
    """The line in the file's text of each spot; what cannot be found, as in another format, has none."""
    document = parse_json(text)
    wrapper = wrapper_of(document, WRAPPERS)
    inner, first = (document, ()) if not wrapper or not isinstance(document, dict) else (document[wrapper], (wrapper,))
    items, scripts = _steps_of(collection, inner, first)
    wanted: dict[Spot, list[Steps]] = {}
    for spot in spots:
        steps = [_line_in(*scripts[spot.script], spot.line)] if spot.script in scripts else []
        wanted[spot] = [*steps, *([items[spot.item]] if spot.item in items else [])]
    lines = lines_of(text, {steps for row in wanted.values() for steps in row})
    found = {spot: next((lines[steps] for steps in row if steps in lines), None) for spot, row in wanted.items()}
    return {spot: line for spot, line in found.items() if line is not None}


def _steps_of(
    collection: Collection, document: Json, first: Steps
) -> tuple[dict[str, Steps], dict[str, tuple[Steps, Json]]]:
    """Where items and scripts stand, by their ids; scripts with their JSON."""
    items: dict[str, Steps] = {}
    scripts: dict[str, tuple[Steps, Json]] = {}
    waiting: list[tuple[Collection | Folder | Item, Json, Steps]] = [(collection, document, first)]
    while waiting:
        node, source, steps = waiting.pop()
        if not isinstance(source, dict):
            continue
        if isinstance(node, Item):
            items.setdefault(node.id, steps)
        events = source.get("event")
        told = [
            ((*steps, "event", number, "script"), one["script"])
            for number, one in enumerate(events if isinstance(events, list) else [])
            if isinstance(one, dict) and isinstance(one.get("listen"), str) and one.get("script")
        ]
        if len(told) == len(node.events):
            scripts.update((event.script.id, place) for event, place in zip(node.events, told, strict=True))
        inside = source.get("item")
        if not isinstance(node, Item) and isinstance(inside, list) and len(inside) == len(node.items):
            waiting += [
                (child, one, (*steps, "item", number))
                for number, (child, one) in enumerate(zip(node.items, inside, strict=True))
            ]
    return items, scripts


def _line_in(steps: Steps, script: Json, line: int) -> Steps:
    """Where this line of a script stands: a list has one in each of its texts, and maybe more."""
    exec = script.get("exec") if isinstance(script, dict) else script
    inner = (*steps, "exec") if isinstance(script, dict) else steps
    if not isinstance(exec, list):
        return inner
    for number, text in enumerate(exec):
        line -= 1 + (text.count("\n") if isinstance(text, str) else 0)
        if line <= 0:
            return (*inner, number)
    return inner
