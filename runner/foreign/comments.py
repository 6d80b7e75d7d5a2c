"""Keeps what was not carried over as comments in the items where it belongs."""

from __future__ import annotations

from runner.foreign.imported import Imported
from runner.model.json import JsonObject


def keep_notes(imported: Imported) -> None:
    """Add each note to the description of its item, unless a text of the item has it already; without an item, nowhere."""
    for note in imported.notes:
        item = item_at(imported.collection.get("item", []), note.item) if note.item else None
        if item is None or any(note.message in text for text in _texts(item)):
            continue
        holder = item if "item" in item else item.setdefault("request", {})
        if isinstance(holder, dict):
            before = description_text(holder.get("description"))
            holder["description"] = f"{before}\n\n" * bool(before) + f"Not imported: {note.message}"


def item_at(items: list[JsonObject], path: str) -> JsonObject | None:
    """The first item of this path; the names in it may hold slashes themselves."""
    for item in items:
        name = str(item.get("name", ""))
        if name == path:
            return item
        if path.startswith(f"{name}/") and isinstance(item.get("item"), list):
            found = item_at(item["item"], path[len(name) + 1 :])
            if found is not None:
                return found
    return None


def description_text(description: object) -> str:
    """A description is a text, or an object with one."""
    found = description.get("content") if isinstance(description, dict) else description
    return found if isinstance(found, str) else ""


def _texts(item: JsonObject) -> list[str]:
    """The description of an item and the texts of its scripts."""
    request = item.get("request")
    texts = [description_text(holder.get("description")) for holder in (item, request) if isinstance(holder, dict)]
    for event in item.get("event", []):
        lines = event.get("script", {}).get("exec", [])
        texts.append("\n".join(lines) if isinstance(lines, list) else str(lines))
    return texts
