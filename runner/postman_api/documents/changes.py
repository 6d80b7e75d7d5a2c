"""What makes one document of another: parts that were added, changed, moved or removed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from runner.deep_json import same
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.postman_api.documents.nodes import Node, nodes_of

ADDED, CHANGED, MOVED, REMOVED = "added", "changed", "moved", "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """A part as it is (`old`) and as it will be (`new`); one of them is missing where it is added or removed."""

    how: str
    old: Node | None
    new: Node | None

    @property
    def node(self) -> Node:
        """The part, as it will be if it stays."""
        found = self.new or self.old
        assert found is not None
        return found


def changes(old: JsonObject, new: JsonObject, kind: str) -> list[Change]:
    """What makes `new` of `old`, bare documents whose parts are the same if they have the same id."""
    before, after = nodes_of(old, kind), nodes_of(new, kind)
    known, kept = {node.key: node for node in before}, {node.key for node in after}
    moved = _moved(before, after)
    found: list[Change] = []
    for node in after:
        was = known.get(node.key)
        if was is None or (was.kind != node.kind):
            found.append(Change(ADDED, None, node))
            continue
        if node.key in moved:
            found.append(Change(MOVED, was, node))
        if not same(was.content, node.content, ordered=False):
            found.append(Change(CHANGED, was, node))
    kinds = {node.key: node.kind for node in after}
    gone = [node for node in before if node.key not in kept or kinds[node.key] != node.kind]
    return found + [Change(REMOVED, node, None) for node in gone]


def _moved(before: Sequence[Node], after: Sequence[Node]) -> set[str]:
    """The keys of those parts that are in another folder, or, as few as possible, in another order within theirs."""
    around = {node.key: node.around for node in before}
    places = {node.key: number for number, node in enumerate(before)}
    moved = {node.key for node in after if around.get(node.key, node.around) != node.around}
    siblings: dict[str, list[str]] = {}
    for node in after:
        if node.key in places and node.key not in moved:
            siblings.setdefault(node.around, []).append(node.key)
    for keys in siblings.values():
        stay = _longest_rise([places[key] for key in keys])
        moved.update(key for number, key in enumerate(keys) if number not in stay)
    return moved


def _longest_rise(numbers: list[int]) -> set[int]:
    """The places of the most numbers that rise one after the other."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(ends, number)
        ends[at : at + 1] = [number]
        last[at : at + 1] = [place]
        before.append(last[at - 1] if at else -1)
    found: set[int] = set()
    place = last[-1] if last else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found
