"""Reads the files of a collection: `opencollection.yml`, a `folder.yml` in each folder, and a file for each request."""

from __future__ import annotations

import os

from runner.errors import InvalidCollection, LoadError
from runner.foreign.bruno.folders import DEEPEST, ordered
from runner.foreign.bruno.model import INHERIT, NONE, Authorization, Environment, Folder, Request, Tree
from runner.foreign.entries import Entry
from runner.foreign.imported import Note
from runner.foreign.open_collection.items import Reading
from runner.formats.format import YAML, Given
from runner.formats.reading import read_text

COLLECTIONS = ("opencollection.yml", "opencollection.yaml")
FOLDERS = ("folder.yml", "folder.yaml")
ENVIRONMENTS = "environments"
LEFT_OUT = frozenset({"node_modules", ENVIRONMENTS})
NOT_ITEMS = frozenset({*COLLECTIONS, *FOLDERS, "workspace.yml"})


def read_tree(given: Given) -> tuple[Tree, list[Note]]:
    """The collection in a folder, in one file, or of one request; raises `LoadError`."""
    reading = Reading()
    if not os.path.isdir(given.path):
        return _of_file(given, reading), reading.notes
    path = given.path
    found = next((os.path.join(path, name) for name in COLLECTIONS if os.path.lexists(os.path.join(path, name))), "")
    top = _content(Given(read_text(found), found)) if found else Entry(None)
    _refuse_workspace(top, found)
    bruno = top.get("extensions").get("bruno")
    ignored = LEFT_OUT | {one.value for one in bruno.get("ignore") if isinstance(one.value, str)}
    root = _folder(path, os.path.basename(os.path.abspath(path)), 0, ignored, reading)
    environments = _environments(path, reading)
    if found:
        reading.collection(top, root, found)
        root.items += reading.bundled(top, found)
        environments += reading.environments(top.get("config").get("environments"), found)
    elif not root.items:
        raise InvalidCollection("is a folder without requests of OpenCollection", where=path)
    return Tree(root=root, environments=environments, sandwich=_sandwich(top)), reading.notes


def _of_file(given: Given, reading: Reading) -> Tree:
    top = _content(given)
    _refuse_workspace(top, given.path)
    name = os.path.splitext(os.path.basename(given.path))[0]
    root = Folder(name=name or "Imported", auth=Authorization(NONE))
    if top.get("opencollection") or top.get("items"):
        reading.collection(top, root, given.path)
        root.items += reading.bundled(top, given.path)
        environments = reading.environments(top.get("config").get("environments"), given.path)
        if not root.items and os.path.basename(given.path) in COLLECTIONS:
            hint = f"name its folder: postrunner import {os.path.dirname(given.path) or '.'}"
            raise InvalidCollection("holds no requests: they are in files beside it", where=given.path, hint=hint)
        return Tree(root=root, environments=environments, sandwich=_sandwich(top))
    request = reading.item(top, given.path, name)
    if not isinstance(request, Request):
        raise InvalidCollection("is neither a collection nor a request of OpenCollection", where=given.path)
    root.name, root.items = request.name, [request]
    return Tree(root=root)


def _content(given: Given) -> Entry:
    top = Entry.of(given.yaml)
    if not isinstance(top.value, dict):
        raise InvalidCollection("is not an object", where=given.path)
    return top


def _refuse_workspace(top: Entry, path: str) -> None:
    if top.get("info").text("type") == "workspace":
        inner = [one.text("path") for one in top.get("collections")]
        hint = f"name one of them: {', '.join(inner)}" if inner else ""
        raise InvalidCollection("is a workspace, which lists collections", where=path, hint=hint)


def _sandwich(top: Entry) -> bool:
    return top.get("extensions").get("bruno").get("scripts").text("flow") != "sequential"


def _folder(path: str, name: str, depth: int, ignored: frozenset[str], reading: Reading) -> Folder:
    """The folder at a path, with its items in the order in which Bruno runs them."""
    if depth > DEEPEST:
        raise InvalidCollection("has folders inside of folders without end", where=path)
    found = Folder(name=name, auth=Authorization(INHERIT if depth else NONE))
    folders: list[Folder] = []
    requests: list[Request] = []
    for entry in sorted(os.listdir(path)):
        inner = os.path.join(path, entry)
        if os.path.isdir(inner):
            if entry not in ignored and not entry.startswith("."):
                folder = _folder(inner, entry, depth + 1, ignored - {ENVIRONMENTS}, reading)
                if folder.items or folder.file:
                    folders.append(folder)
        elif entry in FOLDERS and depth:
            reading.folder(_content(Given(read_text(inner), inner)), found, inner)
        elif entry.endswith(YAML) and entry not in NOT_ITEMS:
            request = _request(inner, os.path.splitext(entry)[0], reading)
            if isinstance(request, Request):
                requests.append(request)
    found.items = ordered(folders, requests)
    return found


def _request(path: str, name: str, reading: Reading) -> Folder | Request | None:
    """The item of a file; one that cannot be read is a note, as Bruno shows it and goes on."""
    try:
        return reading.item(_content(Given(read_text(path), path)), path, name)
    except LoadError as error:
        reading.notes.append(Note(f"this file is not read: {error.message}", path))
        return None


def _environments(path: str, reading: Reading) -> list[Environment]:
    folder = os.path.join(path, ENVIRONMENTS)
    if not os.path.isdir(folder):
        return []
    found = []
    for entry in sorted(os.listdir(folder)):
        if entry.endswith(YAML):
            file = os.path.join(folder, entry)
            top = _content(Given(read_text(file), file))
            found.append(reading.environment(top, file, os.path.splitext(entry)[0]))
    return reading.extended(found)
