"""A collection's folder as a document of v2.1, with the file that each part of it came from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import field

from runner.formats.postman.v2 import KEPT, SCHEMA
from runner.formats.v3.disk import Disk, File, Folder
from runner.formats.v3.fields.definition import COLLECTION, FOLDER
from runner.formats.v3.fields.example import read_example
from runner.formats.v3.fields.request import RULES, read_request
from runner.formats.v3.fields.rule import read_into
from runner.formats.v3.kept import put_back
from runner.formats.v3.paths import DEFINITION, RESOURCES, SIDE_FILE, is_part, rank
from runner.formats.v3.problems import refused
from runner.formats.v3.trees import InMemory
from runner.model.json import JsonObject
from runner.model.origin import Origin
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class V3Origin(Origin):
    """A folder of files, or one request of it: `contents` has the bytes of each file, by its path below the `root`.

    `document` is what was read from them; nobody changes it.
    """

    root: str
    contents: dict[str, bytes] = field(default_factory=dict)
    document: JsonObject = field(default_factory=dict, repr=False, compare=False)


@dataclass(slots=True, kw_only=True)
class ReadFolder:
    """What was read from a `folder`: the document of v2.1, where each node has its `file` under `KEPT`, and every file.

    `beside` has the bytes of what means nothing to v2.1, and of the side file.
    `stale` has the places in the side file that no longer fit the files that they are about. `from_v21` tells whether the
    folder was made of a collection of v2.1.
    """

    folder: str
    document: JsonObject
    files: dict[str, File]
    beside: dict[str, bytes]
    from_v21: bool = False
    stale: list[str] = field(default_factory=list)


def read_folder(root: str) -> ReadFolder:
    """The collection in a folder; raises `InvalidCollection`, which names every file that cannot be used and why."""
    return _read(Disk(root))


def _read(disk: Disk) -> ReadFolder:
    folder = disk.folder()
    side = _side_file(disk)
    if disk.problems:
        raise refused(disk.problems, disk.root)
    return _made(disk, folder, side)


def read_written(files: Mapping[str, str | bytes], root: str = "") -> ReadFolder:
    """The same for files that are not written yet."""
    return _read(Disk(root, InMemory(files)))


def read_single(path: str) -> ReadFolder:
    """The one request of a file, with the definitions of the folders around it; raises as `read_folder` does."""
    above, root = _folders_above(os.path.dirname(os.path.abspath(path)))
    disk = Disk(root)
    top = folder = Folder("", os.path.basename(root))
    for name in above:
        inner = Folder(f"{folder.path}{name}/", name)
        folder.folders.append(inner)
        folder = inner
    for one in _line(top):
        if os.path.isdir(os.path.join(root, one.path, RESOURCES)):
            one.definition = disk.definition(one.path)
    request = disk.request(folder.path, os.path.basename(path))
    folder.requests += [request] if request else []
    side = _side_file(disk)
    if disk.problems:
        raise refused(disk.problems, path)
    return _made(disk, top, side)


def _folders_above(folder: str) -> tuple[list[str], str]:
    """The names of the folders from a collection's root down to this one, and the root."""
    names: list[str] = []
    while is_part(parent := os.path.dirname(folder)) and parent != folder:
        names.insert(0, os.path.basename(folder))
        folder = parent
    return names, folder


def _line(folder: Folder) -> Iterator[Folder]:
    yield folder
    for inner in folder.folders:
        yield from _line(inner)


def _side_file(disk: Disk) -> JsonObject:
    """What the format cannot hold: changes by the file that they are about."""
    path = f"{RESOURCES}/{SIDE_FILE}"
    if not disk.tree.has_file(path):
        return {}
    file = disk.file(path, "", "")
    kept = file.data.get("kept") if file else None
    if file is None or not isinstance(kept, dict | None):
        disk.refuse(path, "kept is not a mapping of files to changes") if file else None
        return {}
    disk.beside[path] = disk.files.pop(path).content
    return file.data


# -- making the document ----------------------------------------------------------------------------------------------


def _made(disk: Disk, top: Folder, side: JsonObject) -> ReadFolder:
    data = _changeable(top.definition, side.get("kept") or {})
    document: JsonObject = {"info": {"name": data.get("name", top.name), "schema": SCHEMA}}
    read_into(COLLECTION, data, document)
    from_v21 = side.get("from") == "v2.1"
    read = ReadFolder(folder=disk.root, document=document, files=disk.files, beside=disk.beside, from_v21=from_v21)
    kept = side.get("kept") or {}
    waiting = [(top, document)]
    while waiting:
        folder, node = waiting.pop()
        made = [_item(folder, file, kept, read) for file in folder.requests]
        for inner in folder.folders:
            own = _changeable(inner.definition, kept)
            child = read_into(FOLDER, own, {"name": own.get("name", inner.name)})
            waiting.append((inner, child))
            made.append((rank(own, child["name"]), child))
        made.sort(key=lambda one: one[0])
        events = node.pop("event", None)
        node["item"] = [child for _, child in made]
        node |= {"event": events} if events else {}
        file = folder.definition.path if folder.definition else f"{folder.path}{RESOURCES}/{DEFINITION[0]}"
        _settle(node, file, kept, read)
    document[KEPT] = {**document[KEPT], "format": "v3"}
    return read


def _item(folder: Folder, file: File, kept: JsonObject, read: ReadFolder) -> tuple[tuple[float, bytes], JsonObject]:
    data, kind = _changeable(file, kept), file.data["$kind"]
    name = data.get("name", file.stem)
    if kind not in RULES:
        node: JsonObject = {"name": name, **({"id": data["id"]} if "id" in data else {}), "request": {}}
        _settle(node, file.path, kept, read)
        node[KEPT] |= {"kind": kind, "data": data, **_others(folder, file)}
        return rank(data, name), node
    node = read_request(data, name)
    examples = [(rank(one.data, one.data.get("name", one.stem)), one) for one in folder.examples.get(file.path, ())]
    for _, example in sorted(examples, key=lambda one: one[0]):
        if example.data["$kind"] == "http-example":
            response = read_example(_changeable(example, kept), example.data.get("name", example.stem))
            _settle(response, example.path, kept, read)
            node["response"].append(response)
    _settle(node, file.path, kept, read)
    if kind != "http-request":
        node[KEPT] |= {"kind": kind, **_others(folder, file)}
    return rank(data, name), node


def _others(folder: Folder, file: File) -> JsonObject:
    texts = folder.others.get(file.path)
    return {"resources": texts} if texts else {}


def _changeable(file: File | None, kept: JsonObject) -> JsonObject:
    """The data of a file, of its own if what is read from it will be changed."""
    data = file.data if file else {}
    return deepcopy(data) if file and file.path in kept else data


def _settle(node: JsonObject, path: str, kept: JsonObject, read: ReadFolder) -> None:
    """Put back what the format cannot hold, and say which file the node came from."""
    if path in kept:
        read.stale += [f"{path}{place}" for place in put_back(node, kept[path])]
    node[KEPT] = {"file": path}
