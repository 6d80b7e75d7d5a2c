"""Workspace folders, as Postman keeps them in a repository: several collections beside each other."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runner.errors import SelectionError, UsageError
from runner.formats.json_text import parse_json
from runner.formats.reading import read_text
from runner.formats.v3.disk import Disk
from runner.formats.v3.paths import DEFINITION, RESOURCES, is_part

MOST_SEARCHED = 20_000
"""Folders that are looked into for one that belongs to a collection."""

JSON_COLLECTION = (".postman_collection.json", ".collection.json")


def holds_collection(folder: str) -> bool:
    """Whether a folder is a collection: it or a folder in it has a definition or requests."""
    waiting, searched = [folder], 0
    while waiting and searched < MOST_SEARCHED:
        searched += 1
        place = waiting.pop(0)
        if is_part(place):
            return True
        try:
            with os.scandir(place) as entries:
                waiting += sorted(e.path for e in entries if e.is_dir(follow_symlinks=False) and e.name != ".git")
        except OSError:
            continue
    return False


def collections_of(folder: str) -> list[str] | None:
    """The collections of a workspace, folders and JSON files, by name; None for a folder that is not a workspace."""
    place = _collections_folder(os.path.abspath(folder))
    if place is None:
        return None
    shown = os.path.join(folder, os.path.relpath(place, os.path.abspath(folder))) if folder else place
    return [os.path.normpath(os.path.join(shown, name)) for name in sorted(os.listdir(place)) if _is_one(place, name)]


def _collections_folder(folder: str) -> str | None:
    """Where a workspace has its collections."""
    if is_part(folder):
        return None
    outer, name = os.path.split(folder)
    if name == "collections" and os.path.basename(outer) == "postman":
        return folder
    inside = (os.path.join(folder, "postman", "collections"), os.path.join(folder, "collections"))
    place = inside[1] if name == "postman" else inside[0]
    return place if os.path.isdir(place) else None


def _is_one(place: str, name: str) -> bool:
    path = os.path.join(place, name)
    return holds_collection(path) if os.path.isdir(path) else name.endswith(JSON_COLLECTION)


def chosen(paths: list[str], names: tuple[str, ...], workspace: str) -> list[str]:
    """Those collections of a workspace that have one of these names or ids; raises `SelectionError` for an unknown one."""
    known = {path: set(_names_of(path)) for path in paths}
    for name in names:
        if not any(name in own for own in known.values()):
            there = ", ".join(repr(next(iter(_names_of(path)))) for path in paths)
            hint = f"the collections are {there}" if there else "the workspace has no collection"
            raise SelectionError(f'there is no collection named "{name}"', where=workspace, hint=hint)
    return [path for path in paths if known[path].intersection(names)]


def _names_of(path: str) -> Iterator[str]:
    """What a collection is called: its name, its id, and that of its folder or file."""
    stem = os.path.basename(path)
    if not os.path.isdir(path):
        document = parse_json(read_text(path), path)
        info = document.get("info") if isinstance(document, dict) else None
        yield from (str(info[key]) for key in ("name", "_postman_id") if isinstance(info, dict) and info.get(key))
    elif any(os.path.isfile(os.path.join(path, RESOURCES, name)) for name in DEFINITION):
        definition = Disk(path).definition("")
        data = definition.data if definition else {}
        yield from (str(data[key]) for key in ("name", "id") if key in data)
    yield stem


def expand(folder: str, names: tuple[str, ...]) -> list[str] | None:
    """The collections that a workspace folder stands for, all or some by name; None for a folder that is not a workspace.

    Raises `UsageError` for a workspace without collections, and `SelectionError`.
    """
    paths = collections_of(folder)
    if paths == []:
        raise UsageError("this workspace has no collection", where=folder)
    return chosen(paths, names, folder) if paths and names else paths
