"""The parts of a collection or an environment that a push adds, changes, moves or removes, each with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import field

from runner.deep_json import dumps, rebuilt
from runner.formats.v3.fields.rule import member
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.postman_api.documents.bare import entries_of, own_part
from runner.postman_api.documents.secret_rows import without_secrets

DIGITS = 16
"""Hexadecimal digits that tell one state of a part from another."""


@dataclass(slots=True)
class Node:
    """One part: its kind, id, the names that lead to it, the key of the part around it, and what it says itself.

    `key` tells it from the others of its document: its id, or its place if it has none. `source` is the part as it stands
    in the document.
    """

    kind: str
    id: str
    path: tuple[str, ...]
    key: str
    around: str
    source: JsonObject = field(repr=False)
    content: JsonObject = field(repr=False)

    @property
    def shown(self) -> str:
        """What messages call it: the names that lead to it, or that of the whole document."""
        return "/".join(self.path) or str(member(self.source, "info").get("name") or self.source.get("name") or self.kind)

    @property
    def digest(self) -> str:
        """What changes whenever it says something else, secret values aside, or is somewhere else."""
        text = dumps(rebuilt([self.kind, self.around, without_secrets(self.content)], _in_order))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def _in_order(value: Json, about: object) -> tuple[Json, Iterable[tuple[object, object]]]:
    """A value for `rebuilt`: objects with their keys in order, numbers as Postman writes them."""
    if isinstance(value, dict):
        value = {key: value[key] for key in sorted(value)}
        return value, [(key, None) for key in value]
    if isinstance(value, list):
        return list(value), [(at, None) for at in range(len(value))]
    return (int(value) if isinstance(value, float) and value.is_integer() else value), ()


def nodes_of(document: JsonObject, kind: str) -> list[Node]:
    """Every part of a bare document, in order: variables of an environment, else the collection and all that is in it."""
    return list(_variables(document) if kind != "collection" else _parts(document))


def _parts(document: JsonObject) -> Iterator[Node]:
    number = 0
    waiting: list[tuple[JsonObject, str, tuple[str, ...], str]] = [(document, "collection", (), "")]
    while waiting:
        node, kind, path, around = waiting.pop()
        number += 1
        id = node.get("id") if kind != "collection" else ""
        id = id if isinstance(id, str) else ""
        key = id or (f"new {number}" if around else "collection")
        path = (*path, str(node.get("name", ""))) if around else ()
        yield Node(kind, id, path, key, around, node, own_part(node))
        inner = [(one, "folder" if "item" in one else "request", path, key) for one in entries_of(node.get("item"))]
        inner += [(one, "example", path, key) for one in entries_of(node.get("response")) if kind == "request"]
        waiting += reversed(inner)


def _variables(document: JsonObject) -> Iterator[Node]:
    name: JsonObject = {"name": document["name"]} if "name" in document else {}
    yield Node("environment", "", (), "environment", "", name, name)
    counts: dict[str, int] = {}
    for entry in entries_of(document.get("values")):
        name_of = str(entry["key"])
        counts[name_of] = counts.get(name_of, 0) + 1
        key = f"{name_of} {counts[name_of]}"
        yield Node("variable", key, (name_of,), key, "environment", entry, entry)
