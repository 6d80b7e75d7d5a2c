"""A collection of the format v3 as a folder: in the folder that it was read from only what changed, elsewhere all of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace

from runner.errors import ExportError
from runner.formats.postman.v2 import dump_collection
from runner.formats.reading import read_bytes
from runner.formats.v3.converting import to_v21
from runner.formats.v3.paths import is_request
from runner.formats.v3.reading import V3Origin, read_written
from runner.formats.v3.saving.files import Saved, saved
from runner.model.collection import Collection
from runner.outputs import ANYONE
from runner.outputs.tree import write_tree


def goes_into_folder(path: str, collection: Collection) -> bool:
    """Whether a collection is written as a folder: it was one, and the path names neither a JSON file nor another one."""
    is_v3 = collection.origin is not None and collection.origin.format == "v3"
    return is_v3 and not path.lower().endswith(".json") and (os.path.isdir(path) or not os.path.lexists(path))


def export_folder(path: str, collection: Collection) -> Saved:
    """Write the files of a collection, and remove those that it has no more; gives what was written.

    Raises `ExportError`, and `NotEditable` if more than what differs had to change.
    """
    origin = collection.origin
    assert isinstance(origin, V3Origin)
    found = saved(origin, dump_collection(collection))
    if os.path.isdir(path) and os.path.isdir(origin.root) and os.path.samefile(path, origin.root):
        changed = {name: content for name, content in found.files.items() if content != origin.contents.get(name)}
        _refuse_changed_meanwhile(path, [*changed, *found.gone], origin)
        write_tree(path, changed, found.gone, mode=ANYONE)
    else:
        _refuse_others(path, found)
        write_tree(path, found.files, mode=ANYONE)
    return found


def as_v21(collection: Collection) -> Collection:
    """The same collection as one of v2.1, as `postrunner convert` has it: what that cannot hold is kept in it."""
    origin = collection.origin
    assert isinstance(origin, V3Origin)
    read = read_written(saved(origin, collection.source).files, origin.root)
    return replace(collection, source=to_v21(read).document, origin=None)


def _refuse_changed_meanwhile(path: str, names: Iterable[str], origin: V3Origin) -> None:
    """Raise `ExportError` if a file that is to change is not what was read any more."""
    for name in names:
        whole = os.path.join(path, name)
        there = read_bytes(whole) if os.path.lexists(whole) else None
        if there != origin.contents.get(name):
            raise ExportError("not written: it was changed since the collection was read", where=whole)


def _refuse_others(path: str, found: Saved) -> None:
    """Raise `ExportError` for a folder with requests that are none of this collection: it would get a mixture of both."""
    for place, inner, names in os.walk(path):
        inner[:] = [name for name in inner if name != ".git"]
        for name in names:
            below = os.path.relpath(os.path.join(place, name), path).replace(os.sep, "/")
            if is_request(name) and below not in found.files:
                hint = "name a folder of its own, or one that this collection was written into before"
                raise ExportError(
                    f"not written: it has a request that is none of this collection ({below})", where=path, hint=hint
                )
