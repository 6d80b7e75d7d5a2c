"""The names that files and folders of the format have."""

from __future__ import annotations

import os

from runner.model.json import JsonObject

RESOURCES = ".resources"
REQUEST = (".request.yaml", ".request.yml")
EXAMPLE = (".example.yaml", ".example.yml")
MESSAGE = (".message.yaml", ".message.yml")
DEFINITION = ("definition.yaml", "definition.yml")
SIDE_FILE = "postrunner.yaml"
"""In `.resources` of a collection: what the format cannot hold."""


def stem_in(name: str, endings: tuple[str, ...]) -> str:
    """The name of a file without the ending that it has of these; empty if it has none."""
    return next((name[: -len(ending)] for ending in endings if name.endswith(ending)), "")


def rank(data: JsonObject, name: str) -> tuple[float, bytes]:
    """What brings siblings into order: `order`, then the name by its code units."""
    return data.get("order", 0), name.encode("utf-16-be", "surrogatepass")


def is_request(name: str) -> bool:
    """Whether a file of this name holds a request."""
    return name.endswith(REQUEST)


def is_part(folder: str) -> bool:
    """Whether a folder on the disk is a collection or a folder of one: it has a definition, or requests."""
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    resources = os.path.join(folder, RESOURCES)
    return any(map(is_request, names)) or any(os.path.isfile(os.path.join(resources, name)) for name in DEFINITION)
