"""What a collection, a folder or a request says of itself."""

from __future__ import annotations

from runner.model.collection import Collection, Folder, Item


def description_of(node: Collection | Folder | Item) -> str:
    """The text of its description, or an empty one; of a request Postman keeps it inside of `request`."""
    source = node.source
    inner = source.get("request" if isinstance(node, Item) else "info")
    for place in (inner, source):
        found = place.get("description") if isinstance(place, dict) else None
        text = found.get("content") if isinstance(found, dict) else found
        if isinstance(text, str) and text.strip():
            return text.strip()
    return ""
