"""Loads what is named as a collection and is not a JSON file: a folder of the format, one of its requests, a workspace."""

from __future__ import annotations

from dataclasses import replace

from runner.formats.postman.v2 import parse_collection
from runner.formats.v3.kept import outdated
from runner.formats.v3.reading import ReadFolder, V3Origin, read_folder, read_single, read_written
from runner.model.collection import Collection


def load_folder(path: str) -> Collection:
    """The collection in a folder; raises `InvalidCollection`."""
    return _collection(read_folder(path), path)


def load_request(path: str) -> Collection:
    """A collection of the one request in a file; raises `InvalidCollection`."""
    return _collection(read_single(path), path)


def settled(origin: V3Origin, files: dict[str, bytes]) -> V3Origin:
    """The origin of a collection whose files were written since it was read."""
    return replace(origin, contents=files, document=read_written(files, origin.root).document)


def _collection(found: ReadFolder, path: str) -> Collection:
    contents = {name: file.content for name, file in found.files.items()}
    unused = (outdated(found.stale),) if found.stale else ()
    origin = V3Origin(
        format="v3",
        root=found.folder,
        contents={**contents, **found.beside},
        document=found.document,
        unused=unused,
    )
    return replace(parse_collection(found.document, path), origin=origin, path=path)
