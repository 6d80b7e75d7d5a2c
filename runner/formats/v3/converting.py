"""Collections between v2.1 and v3. What the other format cannot hold is kept beside what is written, and put back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from runner.formats.postman.upgrade import upgraded
from runner.formats.postman.v2 import KEPT, SCHEMA
from runner.formats.v3.fields.definition import COLLECTION, FOLDER
from runner.formats.v3.fields.example import read_example
from runner.formats.v3.fields.request import read_request
from runner.formats.v3.fields.rule import read_into
from runner.formats.v3.kept import differences, saying
from runner.formats.v3.paths import RESOURCES, SIDE_FILE
from runner.formats.v3.reading import ReadFolder
from runner.formats.v3.writing import WrittenFile, write_files
from runner.formats.yaml.writer import write
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass


@dataclass(slots=True, kw_only=True)
class Converted:
    """What a collection became: a `document` of v2.1, or `files` of v3 by their paths.

    `kept` has what the other format cannot hold, as the changes of each file; it is in the result, too. `lost` tells what
    is in neither.
    """

    document: JsonObject = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    kept: dict[str, list[JsonObject]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


# -- to v3 ------------------------------------------------------------------------------------------------------------


def to_v3(document: JsonObject) -> Converted:
    """The files of a collection of v1 (made v2.1), v2.0 or v2.1."""
    made = Converted()
    source = upgraded(document, url_texts=True)
    for file in write_files(source):
        if not file.needless:
            made.files[file.path] = write(file.data)
        made.files |= file.resources or {}
        if not file.foreign and (changes := list(lost_in_v3(file))):
            made.kept[file.path] = changes
    root = document.get(KEPT)
    from_v3 = isinstance(root, dict) and root.get("format") == "v3"
    side: JsonObject = {**({} if from_v3 else {"from": "v2.1"}), **({"kept": made.kept} if made.kept else {})}
    if side:
        made.files[f"{RESOURCES}/{SIDE_FILE}"] = write(side)
    return made


def lost_in_v3(file: WrittenFile) -> Iterator[JsonObject]:
    """What would be missing from a node if it were read from its file."""
    node = {key: value for key, value in file.node.items() if key != KEPT}
    if file.kind == "example":
        wanted = _with_url_text(
            upgraded({"item": [{"response": [node]}]})["item"][0]["response"][0], node, "originalRequest"
        )
        got = read_example(file.data, file.name)
    elif file.kind == "request":
        wanted = {**_with_url_text(upgraded({"item": [node]})["item"][0], node, "request"), "response": []}
        got = read_request(file.data, file.name)
    elif file.kind == "folder":
        wanted = upgraded({"item": [{**node, "item": []}]})["item"][0]
        got = read_into(FOLDER, file.data, {"name": file.name, "item": []})
    else:
        wanted = upgraded({**node, "item": []})
        got = read_into(COLLECTION, file.data, {"info": {"name": file.name, "schema": SCHEMA}, "item": []})
    return differences(saying(wanted), saying(got))


def _with_url_text(whole: JsonObject, node: JsonObject, key: str) -> JsonObject:
    """A node with its URL as the text that it was: one with a query would become rows of it."""
    request = node.get(key)
    url = request.get("url") if isinstance(request, dict) else request
    return {**whole, key: {**whole[key], "url": url}} if isinstance(url, str) and "?" in url else whole


# -- to v2.1 ----------------------------------------------------------------------------------------------------------


def to_v21(read: ReadFolder) -> Converted:
    """The document of a folder of v3."""
    made = Converted(document=read.document)
    places = {id(file.node): str(file.node[KEPT].pop("file")) for file in list(write_files(read.document))}
    for file in list(write_files(read.document)):  # by their names alone
        own, usual = _own_name(places[id(file.node)]), _own_name(file.path)
        if file.kind != "collection" and own != usual:
            file.node[KEPT]["file"] = own
    for file in list(write_files(read.document)):
        mark, path = file.node[KEPT], places[id(file.node)]
        given = read.files.get(path)
        if given is None and file.kind == "folder":
            mark["definition"] = False
        elif given is None:
            continue  # the name of the root folder is written down, which may be another one next time
        elif not file.foreign and (changes := list(differences(given.data, file.data))):
            mark["kept"] = made.kept[path] = changes
        if not mark:
            del file.node[KEPT]
    if read.from_v21:
        made.document.pop(KEPT, None)
    made.lost = list(_lost_comments(read))
    return made


def _own_name(path: str) -> str:
    """The name of a file, or of the folder whose definition it is."""
    return path.partition(f"/{RESOURCES}/definition.")[0].rpartition("/")[2]


def _lost_comments(read: ReadFolder) -> Iterator[str]:
    """The files whose comments JSON has no place for."""
    for path, file in sorted(read.files.items()):
        if file.content.count(b"#") > write(file.data).count("#"):
            yield f"{path}: its comments"
