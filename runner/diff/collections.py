"""Compares two collections part by part: folders, requests and examples, by their ids and else by their names."""

from __future__ import annotations

from collections.abc import Sequence

from runner.diff.choice import PARTS, Choice
from runner.diff.compare import reasons
from runner.diff.outcome import CHANGED, LOST, MOVED, NEW, RENAMED, Compared, Entry, Outcome
from runner.diff.parts import find_renamed
from runner.errors import UsageError
from runner.formats.postman.v2 import KEPT
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.postman_api.documents.bare import bare_collection, walk
from runner.postman_api.documents.changes import Change, changes
from runner.postman_api.documents.ids import settle_ids
from runner.postman_api.documents.shown import ShownChange, shown_changes

LINES = 400
"""Lines of the diff of a part that are kept."""

V3 = "v3"
"""The key under which what only that format can say is compared."""

_OF_FILES = ("file", "format")

_HOW = {"added": NEW, "removed": LOST, "changed": CHANGED, "moved": MOVED}


def compare_collections(left: Collection, right: Collection, labels: Sequence[str], choice: Choice) -> Outcome:
    """Everything that differs between two collections; raises `UsageError` if they have no request in common."""
    old, new = _bare(left), _bare(right)
    _give_ids(old)
    settle_ids(new, old)
    find_renamed(new, old)
    settle_ids(new, old, keep=True)  # what is in a part that was found
    requests = [{node["id"] for kind, node in walk(one) if kind == "request" and node.get("id")} for one in (old, new)]
    if not requests[0] & requests[1] and any(requests):
        raise UsageError("have no request in common", where=" and ".join(labels))
    outcome = Outcome(left=_side(labels[0], left, old), right=_side(labels[1], right, new), what="part", areas=PARTS)
    found = changes(old, new, "collection")
    for change, shown in zip(found, shown_changes(found, old, new, "collection"), strict=True):
        entry = _entry(change, shown)
        outcome.entries.append(entry)
        outcome.counts[entry.outcome] += 1
    outcome.failed += reasons(outcome.counts, choice.causes, "part")
    return outcome


def _bare(collection: Collection) -> JsonObject:
    """What a collection says; also what only the format v3 can say, without the names of its files."""
    made = bare_collection(collection.source)
    nodes = [(collection.source, made)]
    nodes += [(node, copy) for (_, node), (_, copy) in zip(walk(collection.source), walk(made), strict=True)]
    for node, copy in nodes:
        own = node.get(KEPT)
        said = {key: value for key, value in own.items() if key not in _OF_FILES} if isinstance(own, dict) else {}
        if said:
            copy[V3] = said
    return made


def _give_ids(document: JsonObject) -> None:
    """Give each part an id of its own: by them the parts of the other collection are found."""
    seen: set[str] = set()
    for number, (_, node) in enumerate(walk(document)):
        id = node.get("id")
        if not isinstance(id, str) or not id or id in seen:
            id = node["id"] = f"part {number}"
        seen.add(id)


def _entry(change: Change, shown: ShownChange) -> Entry:
    outcome = _HOW[change.how]
    old, new = change.old, change.new
    if outcome == CHANGED and old is not None and new is not None and old.path[-1:] != new.path[-1:]:
        outcome = RENAMED
    was = old.path if old is not None and shown["was"] else None
    path = change.node.path or (change.node.shown,)
    return Entry(path=path, outcome=outcome, what=shown["kind"], was=was, lines=_lines(shown))


def _lines(shown: ShownChange) -> list[str]:
    lines = shown["diff"][:LINES]
    if more := len(shown["diff"]) - LINES:
        lines += [f"and {more} more lines"] if more > 0 else []
    silent = shown["change"] == "changed" and not shown["was"]
    return lines or (["only secret values differ"] if silent else [])


def _side(label: str, collection: Collection, document: JsonObject) -> Compared:
    count = sum(kind == "request" for kind, _ in walk(document))
    return Compared(label=label, collection=collection.name, requests=count)
