"""A collection that was read from a folder and has changed since: the texts of the files that say something else now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runner.deep_json import same
from runner.formats.postman.v2 import KEPT
from runner.formats.v3.fields.definition import COLLECTION, FOLDER
from runner.formats.v3.fields.example import EXAMPLE
from runner.formats.v3.fields.request import RULES
from runner.formats.v3.fields.rule import Place, written
from runner.formats.v3.paths import EXAMPLE as EXAMPLE_NAMES
from runner.formats.v3.paths import REQUEST, stem_in
from runner.formats.yaml.edit import edit
from runner.formats.yaml.reader import read
from runner.formats.yaml.writer import write
from runner.model.json import Json, JsonArray, JsonObject


def changed_files(before: JsonObject, after: JsonObject, contents: Mapping[str, bytes]) -> dict[str, str]:
    """The new texts of the files of whose nodes something differs between two documents of v2.1, by path.

    `contents` are the files as they were read: in their texts only what differs changes. Raises `NotEditable`.
    """
    old = dict(_files(before))
    texts: dict[str, str] = {}
    for path, said in _files(after):
        if path not in old or same(old[path], said):
            continue
        if path not in contents:  # a folder without a definition
            texts[path] = write({"$kind": "collection", **said})
            continue
        text = contents[path].decode()
        kept: Json = read(text, path).value
        texts[path] = edit(text, merged(kept, old[path], said), path)
    return texts


def _files(document: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """What each file says by the rules of the format, by its path; files that these rules say nothing of are left out."""
    waiting: list[JsonObject] = [document]
    while waiting:
        node = waiting.pop()
        path = node[KEPT]["file"]
        if node is document:
            yield path, written(COLLECTION, node, Place(""))
        elif "item" in node:
            yield path, written(FOLDER, node, Place(""))
        elif (kind := node[KEPT].get("kind", "http-request")) in RULES:
            yield path, written(RULES[kind], node, Place(stem_in(_name(path), REQUEST)))
            for example in node.get("response") or ():
                if KEPT in example:
                    named = example[KEPT]["file"]
                    yield named, written(EXAMPLE, example, Place(stem_in(_name(named), EXAMPLE_NAMES)))
        waiting += reversed(node.get("item", []))


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def merged(kept: Json, old: Json, new: Json) -> Json:
    """What a file says, with the changes that lead from `old` to `new`; what neither of them knows stays."""
    if same(old, new):
        return kept
    if isinstance(kept, list):
        old, new = _as_rows(old), _as_rows(new)
        if isinstance(old, list) and isinstance(new, list) and len(kept) == len(old):
            places = _places(old, new)
            return [
                row if place is None else merged(kept[place], old[place], row)
                for row, place in zip(new, places, strict=True)
            ]
        return new
    if isinstance(kept, dict) and isinstance(new, list):
        plain = all(isinstance(row, dict) and not row.keys() - {"key", "value", "secret"} for row in new)
        rows: JsonObject = {str(row["key"]): row["value"] for row in new if isinstance(row, dict)} if plain else {}
        secret = any(isinstance(row, dict) and row.get("secret") for row in new)
        return rows if len(rows) == len(new) and not secret else new
    if not (isinstance(kept, dict) and isinstance(old, dict) and isinstance(new, dict)):
        return new
    found: JsonObject = {}
    for key, value in kept.items():
        if key in new:
            found[key] = merged(value, old[key], new[key]) if key in old else new[key]
        elif key not in old:
            found[key] = value
    return {**found, **{key: value for key, value in new.items() if key not in found and not same(old.get(key), value)}}


def _as_rows(value: Json) -> Json:
    """Rows as a list, also of a map."""
    if isinstance(value, dict):
        return [{"key": key, "value": entry} for key, entry in value.items()]
    return [] if value is None else value


def _places(old: JsonArray, new: JsonArray) -> list[int | None]:
    """For each of the new rows the number of the old one: the next with its key."""
    waiting: dict[str, list[int]] = {}
    for number, row in enumerate(old):
        waiting.setdefault(_key(row), []).append(number)
    return [rows.pop(0) if (rows := waiting.get(_key(row))) else None for row in new]


def _key(row: Json) -> str:
    """What says which row it is: its key, else its type, as that of a script."""
    return str(row.get("key", row.get("type"))) if isinstance(row, dict) else str(row)
