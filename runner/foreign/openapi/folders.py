"""The folders that requests lie in: one for each segment of a path, or one for each tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.operations import Operation, objects
from runner.model.json import JsonObject

MakeItem = Callable[[Operation], JsonObject]


class Folders:
    """A tree of folders; `items` are the outermost ones."""

    def __init__(self) -> None:
        self.items: list[JsonObject] = []
        self._folders: dict[tuple[str, ...], list[JsonObject]] = {}

    def folder(self, names: Sequence[str], descriptions: dict[str, str] | None = None) -> list[JsonObject]:
        """The items of the folder of this path, which is made if it is not there."""
        around = self.items
        for count, name in enumerate(names, 1):
            path = tuple(names[:count])
            if path not in self._folders:
                described = (descriptions or {}).get(name)
                made: JsonObject = {"name": name, **({"description": described} if described else {}), "item": []}
                around.append(made)
                self._folders[path] = made["item"]
            around = self._folders[path]
        return around


def by_paths(operations: Iterable[Operation], make: MakeItem) -> list[JsonObject]:
    """A folder for each segment of a path, also of the last one."""
    folders = Folders()
    for operation in operations:
        segments = [segment for segment in operation.path.split("/") if segment]
        folders.folder(segments or ["/"]).append(make(operation))
    return folders.items


def by_tags(document: Document, operations: Iterable[Operation], make: MakeItem, *, nested: bool) -> list[JsonObject]:
    """A folder for each tag, also one that no operation has; an operation lies in those of all its tags. Tags of a kind
    (OpenAPI 3.2) that is not for navigation have none.

    `nested`: it lies once, in a folder for its last tag in one for the tag before, or for the parent that the tag names.
    """
    tags = {str(tag.get("name")): tag for tag in objects(document.root.get("tags"))}
    told = {name: tag.get("description") or tag.get("summary") for name, tag in tags.items()}
    descriptions = {name: text for name, text in told.items() if isinstance(text, str)}
    labels = {name for name, tag in tags.items() if tag.get("kind") not in (None, "nav")}
    folders = Folders()
    for name in () if nested else tags:
        if name not in labels:
            folders.folder([name], descriptions)
    for operation in operations:
        own = [tag for tag in dict.fromkeys(operation.tags) if tag not in labels]
        if nested and len(own) == 1:
            own = _with_parents(own[0], tags)
        for path in [own] if nested or not own else [[tag] for tag in own]:
            folders.folder(path, descriptions).append(make(operation))
    return folders.items


def _with_parents(tag: str, tags: dict[str, JsonObject]) -> list[str]:
    """A tag behind its parents (OpenAPI 3.2), the outermost first."""
    path = [tag]
    while isinstance(parent := tags.get(path[0], {}).get("parent"), str) and parent in tags and parent not in path:
        path.insert(0, parent)
    return path
