"""A document of v2.1 as the files of the format, in the order of the collection."""

from __future__ import annotations

from collections.abc import Iterator

from runner.formats.postman.v2 import KEPT
from runner.formats.v3.disk import SKIPPED
from runner.formats.v3.fields.definition import COLLECTION, FOLDER
from runner.formats.v3.fields.example import EXAMPLE
from runner.formats.v3.fields.request import RULES
from runner.formats.v3.fields.rule import Place, member, written
from runner.formats.v3.kept import put_back
from runner.formats.v3.names import Stems, stem_of
from runner.formats.v3.paths import EXAMPLE as EXAMPLE_ENDINGS
from runner.formats.v3.paths import REQUEST, RESOURCES, rank, stem_in
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass

DEFINITION = f"{RESOURCES}/definition.yaml"
STEP = 1000
"""How far the `order` of one entry is from that of the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """One file: its path below the collection's folder and its data.

    `node` is what of v2.1 it was written from, which is a `kind` of node (collection, folder, request, example) and has a
    `name`. One that was `foreign` to v2.1 is its file as it was read, with the texts of its `resources`. `needless` is a
    definition that the folder had not.
    """

    path: str
    kind: str
    name: str
    data: JsonObject
    node: JsonObject
    foreign: bool = False
    needless: bool = False
    resources: JsonObject | None = None


def write_files(document: JsonObject) -> Iterator[WrittenFile]:
    """The files of a collection of v2.1, whose parts have the forms of v2.1's schema."""
    info = document.get("info")
    collection = document if isinstance(info, dict) else {**document, "info": {}}
    name = collection["info"].get("name")
    seed = str(collection["info"].get("_postman_id") or name or "")
    data = {"$kind": "collection", **written(COLLECTION, collection, Place("", seed=seed))}
    put_back(data, member(document, KEPT).get("kept"))
    yield WrittenFile(path=DEFINITION, kind="collection", name=data["name"], data=data, node=document)
    folders: list[tuple[JsonObject, str]] = [(document, "")]
    while folders:
        folder, base = folders.pop()
        inner: list[tuple[JsonObject, str]] = []
        for file in _entries(folder, base, seed):
            yield file
            if file.kind == "folder":
                inner.append((file.node, file.path.removesuffix(DEFINITION)))
        folders += reversed(inner)


def _entries(folder: JsonObject, base: str, seed: str) -> Iterator[WrittenFile]:
    """The files of what lies in a folder itself; requests and folders are numbered in one sequence."""
    requests, folders = Stems(), Stems()
    entries = folder.get("item")
    nodes = [node for node in entries if isinstance(node, dict)] if isinstance(entries, list) else []
    for node in nodes:
        if own := _own_stem(node):
            (folders if "item" in node else requests).reserve(own, id(node))
    made: list[list[WrittenFile]] = []
    for number, node in enumerate(nodes, 1):
        if "item" in node:
            stem = folders.take(folder_name(node), "collection", id(node))
            made.append([_folder(node, base, Place(stem, number * STEP, f"{seed}/{base}{stem}"))])
        else:
            stem = requests.take(named(node, "New Request"), "http-request", id(node))
            made.append(list(_request(node, base, Place(stem, number * STEP, seed))))
    ranks = [rank(first.data, first.name) for first, *_ in made]
    if ranks != sorted(ranks):  # what somebody kept of the order no longer fits
        for number, (first, *_) in enumerate(made, 1):
            first.data.pop("order", None)
            first.data["order"] = number * STEP
    for files in made:
        yield from files


def folder_name(node: JsonObject) -> str:
    """The name that a folder's stem is made of: `.resources` and `.git` are none that a folder may have."""
    name = named(node, "New Folder")
    return f"-{name}" if stem_of(name, "").lower() in SKIPPED else name


def _own_stem(node: JsonObject) -> str:
    """The stem that the file had before it became JSON; empty if its name alone says it."""
    file = member(node, KEPT).get("file")
    name = file.partition(f"/{RESOURCES}/definition.")[0].rpartition("/")[2] if isinstance(file, str) else ""
    return name if "item" in node else stem_in(name, REQUEST) or stem_in(name, EXAMPLE_ENDINGS)


def _folder(node: JsonObject, base: str, place: Place) -> WrittenFile:
    name, kept = named(node, "New Folder"), member(node, KEPT)
    data = {"$kind": "collection", **written(FOLDER, {**node, "name": name}, place)}
    put_back(data, kept.get("kept"))
    path, needless = f"{base}{place.stem}/{DEFINITION}", kept.get("definition") is False
    if needless:
        del data["order"]
    return WrittenFile(path=path, kind="folder", name=name, data=data, node=node, needless=needless)


def _request(node: JsonObject, base: str, place: Place) -> Iterator[WrittenFile]:
    name, kept = named(node, "New Request"), member(node, KEPT)
    kind = str(kept.get("kind", "http-request"))
    path = f"{base}{place.stem}{_ending(kept, REQUEST)}"
    here = f"{base}{RESOURCES}/{place.stem}.resources/"
    resources = {f"{here}{name}": text for name, text in member(kept, "resources").items()}
    if kind not in RULES:
        data = dict(member(kept, "data"))
        yield WrittenFile(path=path, kind="request", name=name, data=data, node=node, foreign=True, resources=resources)
        return
    source = node.get("request")
    request = source if isinstance(source, dict) else {"url": source}
    item = {**node, "name": name, "request": request}
    data = {"$kind": kind, **written(RULES[kind], item, place)}
    put_back(data, kept.get("kept"))
    yield WrittenFile(path=path, kind="request", name=name, data=data, node=node, resources=resources)
    examples = Stems()
    responses = node.get("response")
    nodes = [one for one in responses if isinstance(one, dict)] if isinstance(responses, list) else []
    for response in nodes:
        if own := _own_stem(response):
            examples.reserve(own, id(response))
    for number, response in enumerate(nodes, 1):
        yield _example(
            response, base, place, Place(examples.take(named(response, ""), "example", id(response)), number * STEP)
        )


def _example(response: JsonObject, base: str, request: Place, place: Place) -> WrittenFile:
    name, kept = named(response, ""), member(response, KEPT)
    data = {"$kind": "http-example", **written(EXAMPLE, {**response, "name": name}, place)}
    put_back(data, kept.get("kept"))
    path = f"{base}{RESOURCES}/{request.stem}.resources/examples/{place.stem}{_ending(kept, EXAMPLE_ENDINGS)}"
    return WrittenFile(path=path, kind="example", name=name, data=data, node=response)


def _ending(kept: JsonObject, endings: tuple[str, ...]) -> str:
    file = kept.get("file")
    return next((ending for ending in endings if isinstance(file, str) and file.endswith(ending)), endings[0])


def named(node: JsonObject, default: str) -> str:
    """The name of a folder, request or example."""
    name: Json = node.get("name")
    return default if name is None else str(name)
