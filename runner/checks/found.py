"""Finds the files to check: those that are named, and those in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

from runner.checks.documents.document import Document
from runner.checks.documents.json import JsonDocument
from runner.checks.documents.v3_folder import V3Folder, root_of, unusable
from runner.checks.documents.yaml import YamlDocument
from runner.checks.finding import Finding
from runner.checks.rules.environments import kind_of_folder
from runner.checks.rules.workspace import FOLDER as WORKSPACE
from runner.checks.rules.workspace import is_workspace_file
from runner.checks.subject import Listing
from runner.checks.tree import DocumentOf
from runner.errors import FileUnreadable, InvalidCollection, LoadError
from runner.formats.file_names import COLLECTION, ENVIRONMENT, GLOBALS, searched
from runner.formats.format import YAML, Given
from runner.formats.places import Steps
from runner.formats.postman.environment import parse_environment
from runner.formats.postman.wrapped import WRAPPERS, wrapper_of
from runner.formats.reading import read_text
from runner.formats.table import load, recognise
from runner.formats.v3.paths import is_part
from runner.formats.v3.workspace import collections_of
from runner.model.collection import Collection
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Environment

ENDINGS = (*COLLECTION, *ENVIRONMENT, *GLOBALS)
"""The names of files to look for in a folder: those that Postman writes."""


def _in_one_file(source: JsonObject) -> Document | None:
    return None


@dataclass(frozen=True, slots=True)
class Found:
    """What was read; `top` are the steps to the collection or environment in its document. A workspace has no `model`.

    `own` gives the document of a node of the collection that stands in a file of its own, `listing` the folders of such a
    collection. Without `only`, findings in all of its files are told. `refused` is why a run would not take the file.
    """

    path: str
    document: Document
    model: Collection | Environment | None
    top: Steps = ()
    own: DocumentOf = _in_one_file
    listing: Listing = ()
    only: frozenset[str] = frozenset()
    refused: LoadError | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A collection with unusable files."""

    error: LoadError
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Files:
    """Some files of one collection in the v3 format."""

    root: str
    names: frozenset[str]


def together(paths: Iterable[str]) -> list[str | Files]:
    """The paths, with the files of a v3 collection grouped, because it is checked as a whole."""
    found: dict[str, list[str]] = {}
    for path in paths:
        root = None if os.path.isdir(path) or not path.endswith(YAML) else root_of(path)
        found.setdefault(root or path, []).extend([path] if root else [])
    return [Files(root, frozenset(map(os.path.normpath, names))) if names else root for root, names in found.items()]


def find_files(path: str | Files, unreadable: list[LoadError]) -> Iterator[Found | Broken]:
    """The files that a path stands for: a file, a collection's folder, or everything in any other folder.

    What cannot be read in a folder goes to `unreadable`. Raises `LoadError` for a file that cannot be read, and for a
    folder that holds nothing.
    """
    if isinstance(path, Files):
        yield read_folder(path.root, path.names)
        return
    if not os.path.isdir(path):
        yield read_file(path)
        return
    if is_part(path):
        yield read_folder(path)
        return
    names = [*_of_workspace(path), *_in_folder(path)]
    if not names:
        hint = (
            f"what is looked for is called *{', *'.join(ENDINGS)}, or is a folder of the format v3; name others themselves"
        )
        raise FileUnreadable("holds nothing to check", where=path, hint=hint)
    for name in dict.fromkeys(map(os.path.normpath, names)):
        try:
            yield read_folder(name) if os.path.isdir(name) else read_file(name)
        except LoadError as error:
            unreadable.append(error)


def read_folder(root: str, only: frozenset[str] = frozenset()) -> Found | Broken:
    """A collection in the v3 format; raises `LoadError`."""
    try:
        folder = V3Folder(root)
    except LoadError:
        found = unusable(root)
        if not found:
            raise
        count = len({finding.file for finding in found})
        said = "a file" if count == 1 else f"{count} files"
        return Broken(InvalidCollection(f"{said} of this collection cannot be used", where=root), found)
    source = folder.collection.source
    return Found(root, folder.own(source), folder.collection, (), folder.own, list(folder.listing()), only)


def read_file(path: str) -> Found:
    """A collection, environment, globals or workspace file, recognised by its content; raises `LoadError`."""
    given = Given(read_text(path), path)
    if is_workspace_file(path):
        return Found(path, YamlDocument(path, given.text), None)
    if path.endswith(YAML):
        return _read_yaml(given)
    entry = recognise(given)
    is_environment = entry is not None and "environment" in entry.roles
    given.role = _scope(given) if is_environment else "collection"
    model, origin = load(given)
    read = JsonDocument(given)
    wrapper = wrapper_of(read.value, WRAPPERS)
    return Found(path, read, replace(model, origin=origin), (wrapper,) if wrapper else ())


def _read_yaml(given: Given) -> Found:
    """An environment or globals in YAML; if a run would refuse it, with the variables that are readable nevertheless."""
    given.role = scope = "globals" if given.path.endswith(GLOBALS) else "environment"
    document = YamlDocument(given.path, given.text)
    try:
        return Found(given.path, document, load(given)[0])
    except InvalidCollection as error:
        value = document.value
        if not isinstance(value, list) and not (isinstance(value, dict) and "values" in value):
            raise
        listed = value if isinstance(value, list) else value["values"]
        rows: Json = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
        return Found(given.path, document, parse_environment({"values": rows}, given.path, scope), refused=error)


def _scope(given: Given) -> str:
    """The scope of a file of variables: environment or globals."""
    value = given.json
    says = value.get("_postman_variable_scope") if isinstance(value, dict) else None
    is_globals = says == "globals" or (isinstance(value, dict) and "globals" in value and "values" not in value)
    return "globals" if is_globals or given.path.endswith(GLOBALS) else "environment"


def _of_workspace(path: str) -> Sequence[str]:
    """The collections of a workspace, of which some have no file at their top."""
    return collections_of(path) or ()


def _in_folder(path: str) -> Iterator[str]:
    for folder, inner, names in os.walk(path):
        inner[:] = searched(inner, WORKSPACE)
        if folder != path and is_part(folder):
            inner[:] = []
            yield folder
            continue
        wanted = (*YAML, ".json") if kind_of_folder(folder) else ENDINGS
        paths = (os.path.join(folder, name) for name in sorted(names))
        yield from (path for path in paths if path.endswith(wanted) or is_workspace_file(path))
