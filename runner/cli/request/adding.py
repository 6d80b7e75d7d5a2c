"""A place in a collection for a new request, which is sent as a part of that collection and then kept in it."""

from __future__ import annotations

import uuid

from runner.errors import UsageError
from runner.foreign.names import unused
from runner.model.json import JsonObject
from runner.python.collection import Collection, Folder, Request


class Place:
    """Where in a collection the request goes; a folder that is not there is made.

    Raises `LoadError`, and `UsageError` for a name that is taken.
    """

    def __init__(self, path: str, folder: str, name: str, item: JsonObject) -> None:
        self.collection = Collection.load(path)
        self.id = str(uuid.uuid4())
        self._item = item
        holder: Collection | Folder = self.collection
        entries = _items(self.collection.document)
        for part in filter(None, folder.split("/")):
            found = [one for one in holder.items if isinstance(one, Folder) and one.name == part]
            made = found[0] if found else Folder({"name": part, "item": []})
            if not found:
                entries.append(made.document)
            holder, entries = made, _items(made.document)
        taken = {one.name for one in holder.items if isinstance(one, Request)}
        if name and name in taken:
            where = f"{folder}/{name}" if folder else name
            raise UsageError(f'there is a request "{where}" already', where=path, hint="give it another --name")
        item["name"] = name or unused(item["name"], taken, "{} ({})")
        item["id"] = self.id
        entries.append(item)
        self.where = "/".join([*filter(None, folder.split("/")), item["name"]])

    def save(self) -> None:
        """Write the collection, in the form of its file; raises `ExportError` and `NotEditable`."""
        del self._item["id"]  # only needed to run it: Postman gives it one
        self.collection.save()


def _items(document: JsonObject) -> list[JsonObject]:
    items = document.setdefault("item", [])
    if not isinstance(items, list):  # one object in place of a list counts as its only entry
        items = document["item"] = [items]
    return items
