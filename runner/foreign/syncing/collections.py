"""A whole collection brought up to date with a newly imported one."""

from __future__ import annotations

from collections.abc import Sequence

from runner.foreign.syncing.matching import Key, Place, base_path, key_of, places
from runner.foreign.syncing.requests import sync_auth, sync_item
from runner.foreign.syncing.rows import is_stub, sync_description
from runner.model.json import JsonObject


def sync(document: JsonObject, fresh: JsonObject) -> list[str]:
    """Change a v2.1 document to what a newly imported one says, and return what changed, a line each.

    Requests are matched by method and path. Their names, scripts, ids, order and examples stay, and so does every value
    that is not only a stub. New requests go into the folders of the new document. Nothing else is removed: a request that
    the new document does not have is told and stays.
    """
    changes: list[str] = []
    bases = base_path(document.get("variable")), base_path(fresh.get("variable"))
    waiting: dict[Key, list[Place]] = {}
    for place in places(document.get("item")):
        waiting.setdefault(key_of(place.item, bases), []).append(place)
    for new in places(fresh["item"]):
        mine = waiting.get(key_of(new.item, bases))
        if mine:
            place = next((one for one in mine if one.folders == new.folders), mine[0])
            mine.remove(place)
            sync_item(place.item, new.item, lambda change, at=str(place): changes.append(f"{at}: {change}"))  # type: ignore[misc]
        else:
            _folder(document, fresh, new.folders).append(new.item)
            changes.append(f"{new}: added")
    _sync_head(document, fresh, changes)
    changes += [f"{place}: kept, though the document does not have it" for rest in waiting.values() for place in rest]
    return changes


def _folder(document: JsonObject, fresh: JsonObject, names: Sequence[str]) -> list[JsonObject]:
    """The items of a folder of this path, made as the new document has it where it is missing."""
    holder, model = document, fresh
    for name in names:
        model = _named(model, name) or {}
        found = _named(holder, name)
        if found is None:
            found = {**{key: value for key, value in model.items() if key != "item"}, "name": name, "item": []}
            holder.setdefault("item", []).append(found)
        holder = found
    items: list[JsonObject] = holder.setdefault("item", [])
    return items


def _named(holder: JsonObject, name: str) -> JsonObject | None:
    """The first folder of this name."""
    items = holder.get("item")
    folders = [item for item in items if isinstance(item, dict) and isinstance(item.get("item"), list)] if items else []
    return next((folder for folder in folders if folder.get("name") == name), None)


def _sync_head(document: JsonObject, fresh: JsonObject, changes: list[str]) -> None:
    """Description, auth and variables of the collection; a variable that is there keeps its value."""
    sync_description(document.setdefault("info", {}), fresh["info"].get("description"), "", changes.append)
    sync_auth(document, fresh.get("auth"), changes.append)
    rows = document.get("variable")
    own: list[JsonObject] = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    known = {row.get("key", row.get("id")): row.get("value") for row in own}
    added = [row for row in fresh.get("variable", []) if row["key"] not in known]
    for row in fresh.get("variable", []):
        if row["key"] in known and known[row["key"]] != row["value"] and not is_stub(row["value"]):
            changes.append(f"variable {row['key']}: kept, the document has {row['value']}")
    if added:
        document["variable"] = [*own, *added]
        changes += [f"variable {row['key']} added" for row in added]
