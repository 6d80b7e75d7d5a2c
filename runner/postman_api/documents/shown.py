"""Changes as people and programs read them: what happened to each part, and a diff of it without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from runner.formats.v3.converting import lost_in_v3
from runner.formats.v3.writing import WrittenFile, write_files
from runner.formats.yaml.writer import write
from runner.model.json import JsonObject
from runner.postman_api.documents.changes import ADDED, CHANGED, MOVED, REMOVED, Change
from runner.postman_api.documents.nodes import Node
from runner.secrets.documents import document_difference, secrets_in

HOW = (ADDED, CHANGED, MOVED, REMOVED)
WIDTH = max(map(len, HOW)) + 1
_NOT_SAID = ("$kind", "id", "order", "examples")


class ShownChange(TypedDict):
    """A change as JSON: `was` is the name of a part that had another or was elsewhere, `diff` what differs in it."""

    change: str
    kind: str
    id: str
    name: str
    was: str
    diff: list[str]


def shown_changes(found: Sequence[Change], old: JsonObject, new: JsonObject, kind: str) -> list[ShownChange]:
    """These changes, which make `new` of `old`, bare documents."""
    secrets = secrets_in([old, new])
    parts = (_Parts(old, kind), _Parts(new, kind))
    made: list[ShownChange] = []
    for change in found:
        node, was, diff = change.node, "", list[str]()
        if change.old is not None and change.new is not None:
            was = change.old.shown if change.old.path != node.path else ""
            if change.how == CHANGED:
                before, after = parts[0].said(change.old), parts[1].said(change.new)
                diff = list(document_difference(before, after, write, secrets))
        id = "" if node.kind == "variable" else node.id
        made.append({"change": change.how, "kind": node.kind, "id": id, "name": node.shown, "was": was, "diff": diff})
    return made


def lines_of(changes: Sequence[ShownChange]) -> Iterator[str]:
    """The lines that tell a person about changes."""
    for one in changes:
        was = f" (was {one['was']})" if one["was"] else " (in the order)" if one["change"] == MOVED else ""
        yield f"{one['change']:{WIDTH}}{one['kind']} {one['name']}{was}"
        silent = one["change"] == CHANGED and not was
        yield from (f"    {line}" for line in one["diff"] or (["only secret values differ"] if silent else []))


def counted(changes: Sequence[ShownChange]) -> str:
    """How many parts were added, changed, moved and removed: `1 added, 2 changed`."""
    counts = {how: sum(one["change"] == how for one in changes) for how in HOW}
    return ", ".join(f"{count} {how}" for how, count in counts.items() if count)


class _Parts:
    """What the parts of a document say: in the words of the format v3; what that does not have under its path in v2.1."""

    def __init__(self, document: JsonObject, kind: str) -> None:
        self._document, self._kind = document, kind
        self._files: dict[int, WrittenFile] | None = None

    def said(self, node: Node) -> JsonObject:
        """What one of them says."""
        if self._kind != "collection":
            return node.content
        if self._files is None:
            self._files = {id(file.node): file for file in write_files(self._document)}
        file = self._files[id(node.source)]
        said = {key: value for key, value in file.data.items() if key not in _NOT_SAID}
        for change in lost_in_v3(file):
            path = str(change["at"]).strip("/")
            if path.rpartition("/")[2] not in ("id", "_postman_id"):
                said[path.replace("/", ".")] = change.get("value")
        return said
