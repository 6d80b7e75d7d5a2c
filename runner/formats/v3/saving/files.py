"""A collection that was read from a folder and has changed since: what its files are now, and which of them are gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from runner.deep_json import same
from runner.errors import InvalidCollection, NotEditable
from runner.formats.postman.upgrade import upgraded
from runner.formats.postman.v2 import KEPT
from runner.formats.v3.converting import lost_in_v3
from runner.formats.v3.fields.definition import COLLECTION, FOLDER, write_variables
from runner.formats.v3.fields.example import EXAMPLE
from runner.formats.v3.fields.request import RULES
from runner.formats.v3.fields.rule import Place, member, written
from runner.formats.v3.kept import put_back
from runner.formats.v3.paths import RESOURCES, SIDE_FILE
from runner.formats.v3.reading import V3Origin, read_written
from runner.formats.v3.saving.layout import Laid, lay_out
from runner.formats.v3.saving.merging import merged
from runner.formats.v3.writing import WrittenFile
from runner.formats.yaml.edit import edit
from runner.formats.yaml.reader import read
from runner.formats.yaml.writer import write
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass

SIDE = f"{RESOURCES}/{SIDE_FILE}"


@dataclass(slots=True)
class Saved:
    """All `files` of the collection by their paths, those of them that are `gone`, and the nodes as they are laid out."""

    files: dict[str, bytes] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    nodes: list[Laid] = field(default_factory=list)

    def settle(self) -> None:
        """Let each node say which file it is in now."""
        for one in self.nodes:
            one.source[KEPT] = {**member(one.source, KEPT), "file": one.path}


def saved(origin: V3Origin, document: JsonObject) -> Saved:
    """The files for a document of v2.1 that was made by changing that of the origin.

    Files of nodes that did not change keep their bytes; in those of others only what differs changes. The files are read
    again and compared with what was meant: `NotEditable` is raised if that differs.
    """
    if same(origin.document, document):
        return Saved(dict(origin.contents))
    before = {file.path: file for file in lay_out(origin, upgraded(origin.document, url_texts=True), origin.document)}
    after = lay_out(origin, upgraded(document, url_texts=True), document)
    found = Saved(dict(origin.contents), nodes=after)
    moved = {path: content for one in after for path, content in one.beside.items()}
    kept: JsonObject = {}
    old_kept = member(_side(origin.contents), "kept")
    new: dict[str, bytes] = {}
    for one in after:
        old = before.get(one.old) if one.old else None
        content, data = _content(one, old, origin.contents)
        if content is not None:
            new[one.path] = content
        if data is None:
            if one.old in old_kept:
                kept[one.path] = old_kept[one.old]
        elif changes := [*_of_variables(one, old, old_kept), *_lost(one, data)]:
            kept[one.path] = changes
    for path in [*before, *(path for old in before.values() for path in old.beside)]:
        if path not in new and path not in moved and path in found.files:
            del found.files[path]
            found.gone.append(path)
    found.files |= {**moved, **new}
    others = {path: changes for path, changes in old_kept.items() if path not in before and path not in kept}
    _keep(found, {**kept, **others})
    _compare(found, origin)
    return found


def _side(contents: Mapping[str, bytes]) -> JsonObject:
    data: Json = read(contents[SIDE], SIDE).value if SIDE in contents else {}
    return data if isinstance(data, dict) else {}


def _keep(found: Saved, kept: JsonObject) -> None:
    """Give the side file what the format cannot hold now."""
    before = _side(found.files)
    after: JsonObject = {
        **{key: value for key, value in before.items() if key != "kept"},
        **({"kept": kept} if kept else {}),
    }
    if same(before, after, ordered=False):
        return
    if after:
        text = edit(found.files[SIDE].decode(), after, SIDE) if SIDE in found.files else write(after)
        found.files[SIDE] = text.encode()
    elif found.files.pop(SIDE, None) is not None:
        found.gone.append(SIDE)


def _content(one: Laid, old: Laid | None, contents: Mapping[str, bytes]) -> tuple[bytes | None, JsonObject | None]:
    """The bytes of a node's file, None if it has none, and its data if that is not what it was."""
    content = contents.get(one.old) if one.old else None
    if old is None or content is None:
        data = _new_data(one)
        needless = one.needless and not data.keys() - {"$kind", "order"} and one.order is None
        return (None, None) if needless else (write(data).encode(), data)
    before, after = said(old), said(one)
    if same(before, after) and one.order is None and not one.examples:
        return content, None
    text = content.decode()
    read_data: Json = read(text, one.old).value
    changed = merged(read_data, before, after)
    assert isinstance(changed, dict)  # as the reader has it
    data = dict(changed)
    if one.order is not None:
        data["order"] = one.order
    if one.examples and "examples" in data:
        data["examples"] = one.examples
    return edit(text, data, one.path).encode(), data


def _new_data(one: Laid) -> JsonObject:
    data = said(one, one.seed)
    kind = "collection" if one.kind in ("collection", "folder") else one.node_kind
    data = {**({} if one.foreign else {"$kind": kind}), **data}
    put_back(data, member(one.node, KEPT).get("kept"))
    data.pop("order", None)
    return data if one.order is None else {**data, "order": one.order}


def said(one: Laid, seed: str = "") -> JsonObject:
    """What a node's file says by the rules of the format."""
    place = Place(one.stem, seed=seed)
    if one.kind == "collection":
        return written(COLLECTION, one.node, place)
    if one.kind == "folder":
        variables = write_variables(one.node, place)
        return {**written(FOLDER, one.node, place), **({} if variables is None else {"variables": variables})}
    if one.kind == "example":
        return written(EXAMPLE, one.node, place)
    if not one.foreign:
        return written(RULES[one.node_kind], one.node, place)
    data = {key: value for key, value in member(member(one.node, KEPT), "data").items() if key != "name"}
    return data if one.node["name"] == one.stem else {**data, "name": one.node["name"]}


def _of_variables(one: Laid, old: Laid | None, kept: JsonObject) -> Iterator[JsonObject]:
    """What was kept of variables that did not change."""
    if old is not None and same(one.node.get("variable"), old.node.get("variable")):
        yield from (change for change in kept.get(one.old, ()) if str(change["at"]).startswith("/variable/"))


def _lost(one: Laid, data: JsonObject) -> list[JsonObject]:
    """What is missing from a node that is read from its file; variables are what the format makes of them."""
    if one.foreign:
        return []
    node = {key: value for key, value in _whole(one).items() if key != "variable"}
    data = {key: value for key, value in data.items() if key != "variables" or one.kind == "request"}
    return list(lost_in_v3(WrittenFile(path=one.path, kind=one.kind, name=one.name, data=data, node=node)))


def _compare(found: Saved, origin: V3Origin) -> None:
    """Read the files again; raises `NotEditable` if they do not say what was meant."""
    try:
        again = read_written(found.files, origin.root)
    except InvalidCollection as error:
        raise NotEditable(f"not written: it could not be read again: {error.message}", where=origin.root) from None
    written_origin = V3Origin(format="v3", root=origin.root, contents=found.files, document=again.document)
    got = lay_out(written_origin, upgraded(again.document, url_texts=True), again.document)
    for one, other in zip(_comparable(found.nodes), _comparable(got), strict=False):
        if not same(one, other, ordered=False):
            raise NotEditable("not written: read again, it would not be what was meant", where=f"{origin.root}/{one[0]}")
    if len(found.nodes) != len(got):
        raise NotEditable("not written: read again, it would not be what was meant", where=origin.root)


def _comparable(nodes: list[Laid]) -> Iterator[list[Json]]:
    for one in nodes:
        data = said(replace(one, node=_whole(one)))
        for key in ("order", "examples"):
            data.pop(key, None)
        yield [one.path, one.name, data]


def _whole(one: Laid) -> JsonObject:
    """A node without what has files of its own, its URL as an object."""
    found: JsonObject
    if one.kind == "collection":
        found = upgraded({**one.node, "item": []})
    elif one.kind == "example":
        found = upgraded({"item": [{"response": [one.node]}]})["item"][0]["response"][0]
    else:
        found = upgraded({"item": [{**one.node, "item" if one.kind == "folder" else "response": []}]})["item"][0]
    return found
