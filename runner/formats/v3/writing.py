"""A document of v2.1 as the files of the format: path → data, in the order of the collection."""

from __future__ import annotations

from collections.abc import Iterator

from runner.formats.v3.fields.definition import COLLECTION, FOLDER
from runner.formats.v3.fields.example import EXAMPLE
from runner.formats.v3.fields.request import RULES
from runner.formats.v3.fields.rule import Place, written
from runner.formats.v3.names import Stems
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass

DEFINITION = ".resources/definition.yaml"
STEP = 1000
"""How far the `order` of one entry is from that of the next."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file: its path below the collection's folder, its data, and the node of v2.1 that it was written from."""

    path: str
    data: JsonObject
    node: JsonObject


def write_files(document: JsonObject) -> Iterator[WrittenFile]:
    """The files of a collection of v2.1, whose parts have the forms of v2.1's schema."""
    info = document.get("info")
    collection = document if isinstance(info, dict) else {**document, "info": {}}
    seed = str(collection["info"].get("_postman_id") or collection["info"].get("name") or "")
    data = {"$kind": "collection", **written(COLLECTION, collection, Place("", seed=seed))}
    yield WrittenFile(DEFINITION, data, document)
    folders: list[tuple[JsonObject, str]] = [(document, "")]
    while folders:
        folder, base = folders.pop()
        inner: list[tuple[JsonObject, str]] = []
        for file in _entries(folder, base, seed):
            yield file
            if file.path.endswith(DEFINITION):
                inner.append((file.node, file.path.removesuffix(DEFINITION)))
        folders += reversed(inner)


def _entries(folder: JsonObject, base: str, seed: str) -> Iterator[WrittenFile]:
    """The files of what lies in a folder itself; requests and folders are numbered in one sequence."""
    requests, folders = Stems(), Stems()
    entries = folder.get("item")
    for number, node in enumerate(entries if isinstance(entries, list) else (), 1):
        order = number * STEP
        if "item" in node:
            stem = folders.take(_folder_name(node), "collection")
            place = Place(stem, order, f"{seed}/{base}{stem}")
            data = {"$kind": "collection", **written(FOLDER, {**node, "name": named(node, "New Folder")}, place)}
            yield WrittenFile(f"{base}{stem}/{DEFINITION}", data, node)
        else:
            stem = requests.take(named(node, "New Request"), "http-request")
            yield from _request(node, base, Place(stem, order, seed))


def _folder_name(node: JsonObject) -> str:
    """The name that a folder's stem is made of: `.resources` is not one that a folder may have."""
    name = named(node, "New Folder")
    return f"-{name}" if name.rstrip(" ").lower() == ".resources" else name


def _request(node: JsonObject, base: str, place: Place) -> Iterator[WrittenFile]:
    source = node.get("request")
    request = source if isinstance(source, dict) else {"url": source}
    item = {**node, "name": named(node, "New Request"), "request": request}
    yield WrittenFile(
        f"{base}{place.stem}.request.yaml",
        {"$kind": "http-request", **written(RULES["http-request"], item, place)},
        node,
    )
    examples = Stems()
    responses = node.get("response")
    for number, response in enumerate(responses if isinstance(responses, list) else (), 1):
        name = named(response, "")
        stem = examples.take(name, "example")
        data = {"$kind": "http-example", **written(EXAMPLE, {**response, "name": name}, Place(stem, number * STEP))}
        yield WrittenFile(f"{base}.resources/{place.stem}.resources/examples/{stem}.example.yaml", data, response)


def named(node: JsonObject, default: str) -> str:
    """The name of a folder, request or example."""
    name: Json = node.get("name")
    return default if name is None else str(name)
