"""The files that are pulled into and pushed from: JSON and YAML, collections and variables, each with one door to write."""

from __future__ import annotations

import os
from copy import deepcopy
from dataclasses import replace
from typing import Protocol

from runner.deep_json import same
from runner.errors import InvalidCollection, UsageError
from runner.formats.canonical.order import ordered
from runner.formats.canonical.shapes import V2
from runner.formats.canonical.text import POSTMAN
from runner.formats.file_names import COLLECTION, ENVIRONMENT, GLOBALS
from runner.formats.format import YAML, Given
from runner.formats.json_text import JsonOrigin, dump_json
from runner.formats.load import load_collection, load_environment
from runner.formats.postman.environment import SCOPE, parse_environment
from runner.formats.postman.v2 import KEPT
from runner.formats.postman.wrapped import WRAPPERS, wrapper_of
from runner.formats.reading import read_text
from runner.formats.table import dump, recognise
from runner.formats.v3.converting import to_v3
from runner.formats.v3.fields.request import RULES
from runner.formats.v3.fields.rule import member
from runner.formats.v3.names import stem_of
from runner.formats.v3.reading import V3Origin
from runner.formats.v3.saving.files import saved
from runner.formats.v3.workspace import collections_of, holds_collection
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.model.variable import Environment
from runner.outputs import ANYONE, OWNER_ONLY, is_folder, write_text
from runner.outputs.tree import write_tree
from runner.postman_api.documents.bare import ABOUT_EXPORT, bare_collection, bare_environment, entries_of, own_part, walk
from runner.postman_api.documents.ids import take_over

FORMATS = ("v2.1", "v3")
"""JSON, or YAML."""


class Local(Protocol):
    """A file or folder, or the place of a new one; `bare` is what it says, None if it is not there."""

    path: str
    kind: str
    bare: JsonObject | None

    @property
    def format(self) -> str:
        """v2.1 (JSON) or v3 (YAML)."""

    def write(self, document: JsonObject, secret: bool) -> None:
        """Write a bare document; a new file that is `secret` is for its owner only. Raises `ExportError`, `NotEditable`."""

    def take_ids(self, remote: JsonObject) -> None:
        """Write down the ids that its parts have in Postman."""


def open_local(path: str, kind: str, to: str = "") -> Local:
    """What is at a path, of this kind or of whatever kind it is; raises `LoadError`.

    What is not there yet will be in the format `to`, or in the one that its name says; what is there must be in it.
    """
    local = _opened(path, kind, to)
    if to and local.format != to:
        raise UsageError(f"is of the format {local.format}, not {to}", where=path, hint="name another file with --output")
    return local


def _opened(path: str, kind: str, to: str) -> Local:
    if os.path.isdir(path):
        if kind not in ("", "collection"):
            raise InvalidCollection(f"is a folder, and {kind} are one file", where=path)
        if collections_of(path):
            raise UsageError("is a workspace of several collections", where=path, hint="name one of postman/collections")
        return CollectionFile(path, load_collection(path) if holds_collection(path) else None, is_folder=True)
    if not os.path.lexists(path):
        return _new(path, kind or "collection", to)
    given = Given(read_text(path), path, _role(path))
    _refuse_more(given)
    found = recognise(given)
    if found is not None and "environment" in found.roles:
        own = "globals" if "globals" in os.path.basename(path).lower() or kind == "globals" else "environment"
        return VariablesFile(path, kind or own, load_environment(path, kind or own))
    collection = load_collection(path)
    if collection.origin is not None and collection.origin.format not in ("v2", "v3"):
        hint = f"make it one of v2.1: postrunner convert {path} --to v2.1 --in-place"
        raise InvalidCollection("is of the format v1, which Postman does not take", where=path, hint=hint)
    return CollectionFile(path, collection, is_folder=False)


def _refuse_more(given: Given) -> None:
    """Raise `InvalidCollection` for a file in which a document is only a part, as in a run report."""
    document = given.json if given.path.lower().endswith(".json") else None
    if isinstance(document, dict) and len(document) > 1 and wrapper_of(document, WRAPPERS):
        raise InvalidCollection("holds more than one document", where=given.path, hint="name a file of its own")


def _role(path: str) -> str:
    name = os.path.basename(path).lower()
    return "globals" if name.endswith(GLOBALS) else "environment" if name.endswith((*ENVIRONMENT, *YAML)) else ""


def _new(path: str, kind: str, to: str) -> Local:
    if kind == "collection":
        return CollectionFile(path, None, is_folder=to == "v3" or (not to and not path.lower().endswith(".json")))
    if not path.lower().endswith((".json", *YAML)):
        raise UsageError(f"{kind} become one file: name it *.json or *.yaml", where=path)
    return VariablesFile(path, kind, None)


def default_path(folder: str, name: str, kind: str, to: str) -> str:
    """The path of a new file for what is called so in Postman, in a folder."""
    stem = stem_of(name, kind)
    if kind == "collection":
        return os.path.join(folder, stem if to == "v3" else f"{stem}{COLLECTION[0]}")
    endings = ENVIRONMENT if kind == "environment" else GLOBALS
    return os.path.join(folder, stem + endings[to == "v3"])


def names_folder(path: str) -> bool:
    """Whether a path is a folder for new files, and none that is a collection itself."""
    return is_folder(path) and not (os.path.isdir(path) and holds_collection(path) and not collections_of(path))


class CollectionFile:
    """A collection of v2.0 or v2.1 in a file, or of v3 in a folder."""

    kind = "collection"

    def __init__(self, path: str, collection: Collection | None, *, is_folder: bool) -> None:
        self.path = path
        self._collection, self._is_folder = collection, is_folder
        self.bare = None if collection is None else self._read(collection)

    @property
    def format(self) -> str:
        """v2.1 or v3."""
        return "v3" if self._is_folder else "v2.1"

    def _read(self, collection: Collection) -> JsonObject:
        for kind, node in walk(collection.source):
            own = member(node, KEPT).get("kind", "http-request")
            if kind == "request" and own not in RULES:
                message = f"the Postman API takes no requests of the kind {own}: {node.get('name')}"
                raise UsageError(message, where=self.path, hint="keep them in a collection of their own")
        return bare_collection(collection.source)

    def write(self, document: JsonObject, secret: bool) -> None:
        """Write the collection: of a file or folder that is there only what changed."""
        mode = OWNER_ONLY if secret else ANYONE
        if self._collection is None:
            if self._is_folder:
                write_tree(self.path, to_v3(document).files, mode=mode)
            else:
                write_text(self.path, dump_json(ordered(document, "collection", V2), POSTMAN), mode=mode)
            return
        self._save(self._collection, self._with_own(self._collection.source, document), mode)

    def _with_own(self, source: JsonObject, document: JsonObject) -> JsonObject:
        """The document with the parts that did not change as the file has them, and with what only the file knows."""
        assert self.bare is not None
        made = ordered(document, "collection", V2)
        assert isinstance(made, dict)
        v20 = "v2.0" in str(member(source, "info").get("schema"))
        own: dict[object, tuple[JsonObject, JsonObject]] = {"": (source, self.bare)}
        for (_, node), (_, bare) in zip(walk(source), walk(self.bare), strict=True):
            own[bare.get("id")] = (node, bare)
        for id, node in [("", made), *((node.get("id"), node) for _, node in walk(made))]:
            if id not in own:
                continue
            here, bare = own[id]
            if not v20 and same(own_part(bare), own_part(node), ordered=False):
                _take_from(here, node)
            elif KEPT in here:
                node[KEPT] = here[KEPT]
        about = {key: value for key, value in member(source, "info").items() if key in ABOUT_EXPORT}
        made["info"] = {**member(made, "info"), **about}
        return made

    def _save(self, collection: Collection, document: JsonObject, mode: int) -> None:
        origin = collection.origin
        if isinstance(origin, V3Origin):
            found = saved(origin, document)
            files = {name: text for name, text in found.files.items() if text != origin.contents.get(name)}
            write_tree(self.path, files, found.gone, mode=mode)
            return
        style = origin.style if isinstance(origin, JsonOrigin) else POSTMAN
        write_text(self.path, dump_json(document, style), mode=mode)

    def take_ids(self, remote: JsonObject) -> None:
        """Write the ids into the file; everything else in it stays as it is."""
        collection = load_collection(self.path)  # as it is now: the user may have gone on with it
        document = deepcopy(collection.source)
        if not take_over(document, remote):
            return
        self._save(collection, document, ANYONE)


def _take_from(source: JsonObject, node: JsonObject) -> None:
    """Make a part what it is in the source, but for its ids and what is in it."""
    inner: JsonObject = {key: node[key] for key in ("id", "item", "response") if key in node}
    if (theirs := member(node, "info").get("_postman_id")) is not None:
        inner["info"] = {**member(source, "info"), "_postman_id": theirs}
    own = {key: value for key, value in source.items() if key in inner or key not in ("item", "response") or not value}
    node.clear()
    node.update({**own, **inner})


class VariablesFile:
    """An environment or globals, in JSON or YAML."""

    def __init__(self, path: str, kind: str, environment: Environment | None) -> None:
        self.path, self.kind = path, kind
        self._environment = environment
        self.bare = None if environment is None else _bare(environment, kind)

    @property
    def format(self) -> str:
        """v2.1 for JSON, v3 for YAML."""
        return "v3" if self.path.lower().endswith(YAML) else "v2.1"

    def write(self, document: JsonObject, secret: bool) -> None:
        """Write the variables; in a file that is there, those that did not change stay as they are."""
        mode = OWNER_ONLY if secret else ANYONE
        given = self._environment
        source = given.source if given is not None else {}
        old = entries_of(source.get("values"))
        values = [_kept(entry, old) for entry in entries_of(document["values"])]
        made: JsonObject = {**source, **document, "values": values}
        if given is None and not self.path.lower().endswith(YAML):
            made[SCOPE] = self.kind
        environment = replace(
            parse_environment(made, self.path, self.kind), origin=given.origin if given is not None else None
        )
        write_text(self.path, dump(environment, environment.origin, self.kind, path=self.path), mode=mode)

    def take_ids(self, remote: JsonObject) -> None:
        """Variables have none."""


def _bare(environment: Environment, kind: str) -> JsonObject:
    made = bare_environment(environment.source or {"values": [one.source for one in environment.values]})
    if kind == "globals":
        made.pop("name", None)
    return made


def _kept(entry: JsonObject, old: list[JsonObject]) -> JsonObject:
    """A variable as it stands in the file already if that says the same; else the old entry with what changed."""
    for own in old:
        if own.get("key") == entry["key"]:
            before = entries_of(bare_environment({"values": [own]})["values"])[0]
            old.remove(own)
            changed = {key: value for key, value in entry.items() if before.get(key) != value}
            dropped = {key for key in before if key not in entry}
            return {**{key: value for key, value in own.items() if key not in dropped}, **changed}
    return entry
