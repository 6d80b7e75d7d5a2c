"""Makes one collection of several: each becomes a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runner.foreign.imported import Imported, Note
from runner.foreign.names import unused
from runner.formats.postman.v2 import SCHEMA
from runner.model.json import JsonObject

FOLDER_KEYS = ("item", "auth", "event", "protocolProfileBehavior")
"""What a folder has as a collection does."""


def joined(parts: Sequence[Imported], name: str = "") -> Imported:
    """The only part, or one collection with a folder for each that has items; `name` is the collection's.

    Variables belong to the whole collection. One that an earlier part has with another value stays as it is there; a note
    says so.
    """
    if len(parts) == 1:
        if name:
            parts[0].collection["info"]["name"] = name
        return parts[0]
    variables: dict[str, JsonObject] = {}
    made = Imported(collection={"info": {"name": name or "Imported", "schema": SCHEMA}, "item": []})
    names: set[str] = set()
    for part in parts:
        folder = unused(str(part.collection["info"]["name"]), names)
        made.notes += [replace(note, item=f"{folder}/{note.item}" if note.item else "") for note in part.notes]
        for variable in part.collection.get("variable", []):
            first = variables.setdefault(variable["key"], variable)
            if first.get("value") != variable.get("value"):
                made.notes.append(Note(f"the variable {variable['key']} of {folder} has another value there", item=folder))
        content = {key: part.collection[key] for key in FOLDER_KEYS if key in part.collection}
        description = part.collection["info"].get("description")
        described = {"description": description} if description else {}
        if part.collection["item"]:
            made.collection["item"].append({"name": folder, **described, **content})
        for environment, document in part.environments.items():
            made.environments[unused(environment, set(made.environments))] = document
    if variables:
        made.collection["variable"] = list(variables.values())
    return made
