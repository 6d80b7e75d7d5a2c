"""The collection and its nodes as Newman's report has them: requests in parts, ids everywhere, secrets masked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from runner.formats.postman.v2 import SCHEMA, dump_collection
from runner.formats.postman.v2_request import dump_request
from runner.model.collection import Collection, Event, Folder, Item
from runner.model.json import JsonObject
from runner.model.variable import Variable
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import unmasked
from runner.secrets.outgoing.nodes import mask_node

Node = Item | Folder | Collection


class NodeShapes:
    """Masked copies of items and folders, one for each."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._copies: dict[int, tuple[Node, JsonObject]] = {}
        self._version = secrets.version

    def masked(self, node: Node) -> JsonObject:
        """The JSON of one node; it is made again if a secret has become known since.

        The real node is serialized first and then masked: an unchanged node is written as its file has it.
        """
        if self._version != self._secrets.version:
            self._copies, self._version = {}, self._secrets.version
        known = self._copies.get(id(node))
        if known is None:  # the node is kept with its copy, so that no other object gets its id
            known = self._copies[id(node)] = (node, mask_node(node_json(unmasked(node)), self._secrets))
        return known[1]


def node_json(node: Node) -> JsonObject:
    """An item, folder or collection, with every key of its file."""
    if isinstance(node, Collection):
        return collection_json(node)
    named = {**node.source, "id": node.id, **({"name": node.name} if node.name or "name" in node.source else {})}
    events = {"event": [_event_json(event) for event in node.events]} if node.events else {}
    if isinstance(node, Folder):
        return {**named, "item": [node_json(child) for child in node.items], **events}
    return {**named, "request": dump_request(node.request), "response": node.source.get("response", []), **events}


def collection_json(collection: Collection, variables: Iterable[Variable] | None = None) -> JsonObject:
    """The collection, with these values of its variables."""
    source = dump_collection(collection if variables is None else replace(collection, variables=tuple(variables)))
    info = {"_postman_id": collection.id, "name": collection.name, "schema": SCHEMA}
    if isinstance(own := source.get("info"), dict):  # a text there is the name
        info |= own
    events = {"event": [_event_json(event) for event in collection.events]} if collection.events else {}
    return {**source, "info": info, "item": [node_json(child) for child in collection.items], **events}


def _event_json(event: Event) -> JsonObject:
    script = {"id": event.script.id, "type": "text/javascript", "exec": event.script.exec.split("\n")}
    disabled = {"disabled": True} if event.disabled else {}
    return {"listen": event.listen, "script": {**event.script.source, **script}, **disabled}
