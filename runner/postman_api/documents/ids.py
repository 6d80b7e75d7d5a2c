"""The ids of a collection's parts: they say what is the same part here and in Postman."""

from __future__ import annotations

from runner.model.json import JsonObject
from runner.postman_api.documents.bare import entries_of, walk
from runner.postman_api.documents.nodes import Node, nodes_of


def settle_ids(document: JsonObject, remote: JsonObject, *, keep: bool = False) -> None:
    """Give the parts of a bare collection the ids that Postman knows them by; others have none, or `keep` their own.

    A part that Postman knows by its id is that part, whatever it is called now and wherever it is; of several copies, the
    one that has its name. One without a known id is the part of its name in the same folder, if nothing else is that.
    """
    here, there = nodes_of(document, "collection")[1:], nodes_of(remote, "collection")[1:]
    known = {node.id: node for node in there if node.id}
    owners: dict[str, Node] = {}
    for node in here:
        before = known.get(node.id)
        if before is None or before.kind != node.kind:
            continue
        first = owners.get(node.id)
        if first is None or (first.path != before.path and node.path == before.path):
            owners[node.id] = node
    named: dict[tuple[str, str, str], list[str]] = {}
    for node in there:
        if node.id and node.id not in owners:
            named.setdefault((node.around, node.kind, node.path[-1]), []).append(node.id)
    ids = {"collection": "collection", **{node.key: node.id for node in owners.values()}}
    for node in here:
        if owners.get(node.id) is node or (keep and node.id):
            continue
        free = named.get((ids.get(node.around, ""), node.kind, node.path[-1]))
        _forget(node.source)
        if free:
            node.source["id"] = ids[node.key] = free.pop(0)
    info = remote["info"]
    document["info"] = {**document["info"], **({"_postman_id": info["_postman_id"]} if "_postman_id" in info else {})}


def without_ids(document: JsonObject) -> None:
    """Take all ids out of a bare collection, for a new one that is a copy of it."""
    document["info"].pop("_postman_id", None)
    _forget(document)
    for _, node in walk(document):
        _forget(node)


def _forget(node: JsonObject) -> None:
    """Take out the ids of a part and of its scripts."""
    node.pop("id", None)
    for event in entries_of(node.get("event")):
        event.pop("id", None)
        if isinstance(event.get("script"), dict):
            event["script"] = {key: value for key, value in event["script"].items() if key != "id"}


def take_over(document: JsonObject, remote: JsonObject) -> bool:
    """Give the parts of a document the ids that those of `remote`, its content in Postman, have; whether any changed."""
    changed = False
    info, theirs = document.get("info"), remote["info"].get("_postman_id")
    if isinstance(info, dict) and theirs and info.get("_postman_id") != theirs:
        info["_postman_id"], changed = theirs, True
    for (kind, here), (other, there) in zip(walk(document), walk(remote), strict=False):
        if kind != other or str(here.get("name", "")) != str(there.get("name", "")):
            break  # somebody changed it meanwhile: the next push asks for the names
        if there.get("id") and here.get("id") != there["id"]:
            here["id"], changed = there["id"], True
    return changed
