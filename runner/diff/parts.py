"""Finds parts of a collection that were renamed or moved where no id says so: by what they say, and what is in them."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Sequence

from runner.deep_json import dumps
from runner.model.json import JsonObject
from runner.postman_api.documents.nodes import Node, nodes_of


def find_renamed(document: JsonObject, old: JsonObject) -> None:
    """Give those parts of a bare collection the ids of parts of `old` that are nowhere else, if they are the same.

    That is a request with the same content in another folder or under another name, then one with a name that only it has,
    and a folder most of whose parts were in that one.
    """
    for says in (_all, _content, _name):
        _take(*_left_over(document, old), says)
    while _take_folders(*_left_over(document, old), nodes_of(document, "collection"), nodes_of(old, "collection")):
        continue


def _left_over(document: JsonObject, old: JsonObject) -> tuple[list[Node], list[Node]]:
    """The parts of both that have no counterpart."""
    here, there = nodes_of(document, "collection")[1:], nodes_of(old, "collection")[1:]
    known = {node.id for node in here if node.id}
    return [node for node in here if not node.id], [node for node in there if node.id not in known]


def _take(here: Sequence[Node], there: Sequence[Node], says: Callable[[Node], Hashable]) -> None:
    """Pair requests that say the same; of names only those that each side has once."""
    waiting: dict[Hashable, deque[Node]] = defaultdict(deque)
    for node in there:
        if node.kind == "request":
            waiting[says(node)].append(node)
    requests = [node for node in here if node.kind == "request"]
    counts = Counter(map(says, requests))
    for node in requests:
        found = waiting[says(node)]
        if found and (says is not _name or len(found) == counts[says(node)] == 1):
            node.source["id"] = found.popleft().id


def _all(node: Node) -> Hashable:
    return node.path[-1], _content(node)


def _content(node: Node) -> Hashable:
    said = {key: value for key, value in node.content.items() if key != "name"}
    return dumps({key: said[key] for key in sorted(said)})


def _name(node: Node) -> Hashable:
    return node.path[-1]


def _take_folders(here: Sequence[Node], there: Sequence[Node], all_here: Sequence[Node], all_there: Sequence[Node]) -> bool:
    """Pair each folder with the one that most of its parts were in; returns whether any was found."""
    free = {node.id for node in there if node.kind == "folder"}
    around = {node.id: node.around for node in all_there if node.id}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for node in all_here:
        if node.id and around.get(node.id) in free:
            votes[node.around][around[node.id]] += 1
    found = False
    for node in here:
        if node.kind == "folder" and votes[node.key]:
            best = votes[node.key].most_common(1)[0][0]
            if best in free:
                free.discard(best)
                node.source["id"], found = best, True
    return found
