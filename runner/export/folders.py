"""A collection of the format v3 as a folder: in the folder that it was read from only what changed, elsewhere all of it."""

from __future__ import annotations

import os
from copy import deepcopy
from dataclasses import replace

from runner.errors import ExportError
from runner.formats.postman.v2 import dump_collection
from runner.formats.reading import read_bytes
from runner.formats.v3.converting import to_v21
from runner.formats.v3.merging import changed_files
from runner.formats.v3.paths import is_request
from runner.formats.v3.reading import V3Origin, read_written
from runner.model.collection import Collection
from runner.outputs import ANYONE
from runner.outputs.tree import write_tree


def goes_into_folder(path: str, collection: Collection) -> bool:
    """Whether a collection is written as a folder: it was one, and the path names neither a JSON file nor another one."""
    is_v3 = collection.origin is not None and collection.origin.format == "v3"
    return is_v3 and not path.lower().endswith(".json") and (os.path.isdir(path) or not os.path.lexists(path))


def export_folder(path: str, collection: Collection) -> None:
    """Write the files of a collection; raises `ExportError`, and `NotEditable` if more than what differs had to change."""
    origin = collection.origin
    assert isinstance(origin, V3Origin)
    changed = changed_files(collection.source, dump_collection(collection), origin.contents)
    if os.path.isdir(path) and os.path.isdir(origin.root) and os.path.samefile(path, origin.root):
        _refuse_changed_meanwhile(path, changed, origin)
        write_tree(path, changed, mode=ANYONE)
        return
    _refuse_others(path, origin)
    texts = {name: content.decode() for name, content in origin.contents.items()}
    write_tree(path, {**texts, **changed}, mode=ANYONE)


def as_v21(collection: Collection) -> Collection:
    """The same collection as one of v2.1, as `postrunner convert` has it: what that cannot hold is kept in it."""
    origin = collection.origin
    assert isinstance(origin, V3Origin)
    read = read_written({name: content.decode() for name, content in origin.contents.items()})
    read.folder, read.document = origin.root, deepcopy(collection.source)
    return replace(collection, source=to_v21(read).document, origin=None)


def _refuse_changed_meanwhile(path: str, changed: dict[str, str], origin: V3Origin) -> None:
    """Raise `ExportError` if a file that is to change is not what was read any more."""
    for name in changed:
        whole = os.path.join(path, name)
        there = read_bytes(whole) if os.path.lexists(whole) else None
        if there != origin.contents.get(name):
            raise ExportError("not written: it was changed while the run went on", where=whole)


def _refuse_others(path: str, origin: V3Origin) -> None:
    """Raise `ExportError` for a folder with requests that are none of this collection: it would get a mixture of both."""
    for place, inner, names in os.walk(path):
        inner[:] = [name for name in inner if name != ".git"]
        for name in names:
            below = os.path.relpath(os.path.join(place, name), path).replace(os.sep, "/")
            if is_request(name) and below not in origin.contents:
                hint = "name a folder of its own, or one that this collection was written into before"
                raise ExportError(
                    f"not written: it has a request that is none of this collection ({below})", where=path, hint=hint
                )
