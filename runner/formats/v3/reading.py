"""A collection's folder as a document of v2.1, with the file that each part of it came from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import field

from runner.formats.postman.v2 import KEPT
from runner.formats.v3.disk import Disk, File, Folder
from runner.formats.v3.fields.definition import COLLECTION, FOLDER
from runner.formats.v3.fields.example import read_example
from runner.formats.v3.fields.request import RULES, read_request
from runner.formats.v3.fields.rule import read_into
from runner.formats.v3.kept import put_back
from runner.formats.v3.paths import DEFINITION, RESOURCES, SIDE_FILE, is_part
from runner.formats.v3.problems import refused
from runner.model.json import JsonObject
from runner.model.origin import Origin
from runner.model.quick_dataclass import dataclass

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class V3Origin(Origin):
    """A folder of files: `root` is the folder, `contents` has the bytes of each file, by its path below the root."""

    root: str
    contents: dict[str, bytes] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class ReadFolder:
    """What was read: the document of v2.1, where each node has its `file` under `KEPT`, and every file.

    `stale` has the places in the side file that no longer fit the files that they are about.
    """

    document: JsonObject
    files: dict[str, File]
    stale: list[str] = field(default_factory=list)


def read_folder(root: str) -> ReadFolder:
    """The collection in a folder; raises `InvalidCollection`, which names every file that cannot be used and why."""
    disk = Disk(root)
    folder = disk.folder()
    side = _side_file(disk)
    if disk.problems:
        raise refused(disk.problems, root)
    return _made(disk, folder, side)


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
    if not os.path.isfile(os.path.join(disk.root, path)):
        return {}
    file = disk.file(path, "", "")
    kept = file.data.get("kept") if file else None
    if file is not None and not isinstance(kept, dict | None):
        disk.refuse(path, "kept is no mapping of files to changes")
    return kept if isinstance(kept, dict) else {}


# -- making the document ----------------------------------------------------------------------------------------------


def _made(disk: Disk, top: Folder, side: JsonObject) -> ReadFolder:
    data = top.definition.data if top.definition else {}
    document: JsonObject = {"info": {"name": data.get("name", top.name), "schema": SCHEMA}}
    read_into(COLLECTION, data, document)
    read = ReadFolder(document=document, files=disk.files)
    waiting = [(top, document)]
    while waiting:
        folder, node = waiting.pop()
        made = [_item(folder, file, side, read) for file in folder.requests]
        for inner in folder.folders:
            own = inner.definition.data if inner.definition else {}
            child = read_into(FOLDER, own, {"name": own.get("name", inner.name)})
            waiting.append((inner, child))
            made.append((_rank(own, child["name"]), child))
        made.sort(key=lambda one: one[0])
        events = node.pop("event", None)
        node["item"] = [child for _, child in made]
        node |= {"event": events} if events else {}
        file = folder.definition.path if folder.definition else f"{folder.path}{RESOURCES}/{DEFINITION[0]}"
        _settle(node, file, side, read)
    document[KEPT] = {**document[KEPT], "format": "v3"}
    return read


Rank = tuple[float, bytes]


def _rank(data: JsonObject, name: str) -> Rank:
    """What brings siblings into order: `order`, then the name by its code units."""
    return data.get("order", 0), name.encode("utf-16-be", "surrogatepass")


def _item(folder: Folder, file: File, side: JsonObject, read: ReadFolder) -> tuple[Rank, JsonObject]:
    data, kind = file.data, file.data["$kind"]
    name = data.get("name", file.stem)
    if kind not in RULES:
        node: JsonObject = {"name": name, **({"id": data["id"]} if "id" in data else {}), "request": {}}
        _settle(node, file.path, side, read)
        node[KEPT] |= {"kind": kind, "data": data}
        return _rank(data, name), node
    node = read_request(data, name)
    examples = [(_rank(one.data, one.data.get("name", one.stem)), one) for one in folder.examples.get(file.path, ())]
    for _, example in sorted(examples, key=lambda one: one[0]):
        if example.data["$kind"] == "http-example":
            response = read_example(example.data, example.data.get("name", example.stem))
            _settle(response, example.path, side, read)
            node["response"].append(response)
    _settle(node, file.path, side, read)
    if kind != "http-request":
        node[KEPT]["kind"] = kind
    return _rank(data, name), node


def _settle(node: JsonObject, path: str, side: JsonObject, read: ReadFolder) -> None:
    """Put back what the format cannot hold, and say which file the node came from."""
    if path in side:
        read.stale += [f"{path}{place}" for place in put_back(node, side[path])]
    node[KEPT] = {"file": path}
