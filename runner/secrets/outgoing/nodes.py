"""Masks the JSON of a collection, a folder or an item."""

from __future__ import annotations

from typing import Any

from runner.model.json import JsonObject
from runner.secrets.mask import Secrets


def mask_node(tree: JsonObject, secrets: Secrets) -> JsonObject:
    """A node of a collection without secrets; the names of nodes, examples and variables stay as their file has them."""
    masked: JsonObject = secrets.mask_json({key: value for key, value in tree.items() if key not in ("item", "info")})
    _keep_name(tree, masked, secrets)
    if isinstance(info := tree.get("info"), dict):
        masked["info"] = secrets.mask_json(info)
        _keep_name(info, masked["info"], secrets)
    for key, field in (("response", "name"), ("variable", "key")):
        for entry, shown in zip(_list(tree, key), _list(masked, key), strict=True):
            if isinstance(entry, dict):
                _keep_name(entry, shown, secrets, field)
    if isinstance(children := tree.get("item"), list):
        masked["item"] = [mask_node(child, secrets) for child in children]
    return {key: masked[key] for key in tree if key in masked} | masked


def _keep_name(tree: JsonObject, masked: JsonObject, secrets: Secrets, key: str = "name") -> None:
    if isinstance(tree.get(key), str):
        masked[key] = secrets.mask_name(tree[key])


def _list(tree: JsonObject, key: str) -> list[Any]:
    found = tree.get(key)
    return found if isinstance(found, list) else []
