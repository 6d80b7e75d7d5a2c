"""Reads a folder of Bruno: its files in the order in which Bruno runs them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from runner.errors import InvalidCollection, InvalidDocument
from runner.foreign.bruno.model import NONE, Authorization, Environment, Folder, Request, Tree
from runner.foreign.bruno.parsing import parse_environment, parse_level, parse_request
from runner.formats.format import Given
from runner.formats.reading import read_text
from runner.model.json import Json

BRU = ".bru"
CONFIGURATION, COLLECTION, FOLDER, ENVIRONMENTS = "bruno.json", "collection.bru", "folder.bru", "environments"
LEFT_OUT = frozenset({"node_modules", ".git", ENVIRONMENTS})
DEEPEST = 60
"""Folders inside of folders that are read; more are a circle of links."""


def read_tree(given: Given) -> Tree:
    """The collection in a folder, or the one request of a file; raises `LoadError`."""
    if not os.path.isdir(given.path):
        name = os.path.splitext(os.path.basename(given.path))[0] or "Request"
        request = parse_request(given.text, given.path, name)
        root = Folder(name=request.name, auth=Authorization(NONE), items=[request])
        return Tree(root=root)
    path = given.path
    configured = _configuration(os.path.join(path, CONFIGURATION))
    name = str(configured.get("name") or "") or os.path.basename(os.path.abspath(path))
    unread: list[InvalidDocument] = []
    root = _folder(path, name, 0, unread, ignored=_ignored(configured))
    root.name = name
    scripts = configured.get("scripts")
    flow = scripts.get("flow") if isinstance(scripts, dict) else None
    if not root.items and unread:
        raise unread[0]
    if not root.items and not os.path.lexists(os.path.join(path, CONFIGURATION)):
        raise InvalidCollection("is a folder without requests of Bruno", where=path)
    return Tree(root=root, environments=_environments(path), sandwich=flow != "sequential", unread=unread)


def _configuration(path: str) -> Mapping[str, Json]:
    """What `bruno.json` says; a folder below a collection has none."""
    if not os.path.lexists(path):
        return {}
    document = Given(read_text(path), path).document
    if not isinstance(document, dict):
        raise InvalidCollection("is not an object", where=path)
    return document


def _ignored(configured: Mapping[str, Json]) -> frozenset[str]:
    ignored = configured.get("ignore")
    return LEFT_OUT | frozenset(one for one in ignored if isinstance(one, str)) if isinstance(ignored, list) else LEFT_OUT


def _folder(path: str, name: str, depth: int, unread: list[InvalidDocument], ignored: frozenset[str]) -> Folder:
    """A folder with its requests; as in Bruno, one whose file cannot be read does not keep the others from being read."""
    found = Folder(name=name, auth=Authorization(NONE if depth == 0 else "inherit"))
    folders: list[Folder] = []
    requests: list[Request] = []
    if depth > DEEPEST:
        raise InvalidCollection("has folders inside of folders without end", where=path)
    for entry in sorted(os.listdir(path)):
        inner = os.path.join(path, entry)
        if os.path.isdir(inner):
            if entry not in ignored and not entry.startswith("."):
                folder = _folder(inner, entry, depth + 1, unread, frozenset({"node_modules", ".git"}))
                if folder.items or folder.file:
                    folders.append(folder)
        elif entry == (COLLECTION if depth == 0 else FOLDER):
            parse_level(read_text(inner), inner, found, inherits=depth > 0)
        elif entry.endswith(BRU) and entry not in (COLLECTION, FOLDER):
            try:
                requests.append(parse_request(read_text(inner), inner, entry.removesuffix(BRU)))
            except InvalidDocument as error:
                unread.append(error)
    found.items = ordered(folders, requests)
    return found


def ordered(folders: Sequence[Folder], requests: Sequence[Request]) -> list[Folder | Request]:
    """Entries of one folder as they are run.

    Bruno runs folders by their place, then by name, and requests after them. Where folders and requests have no place in
    common, the places are those of one list, as in a collection that came from Postman: then that order counts.
    """
    places = [one.seq for one in (*folders, *requests)]
    if 0 not in places and len(set(places)) == len(places):
        return sorted([*folders, *requests], key=lambda one: one.seq)
    known = sorted(folders, key=lambda one: (one.seq or float("inf"), one.name.lower()))
    return [*known, *sorted(requests, key=lambda one: one.seq or float("inf"))]


def _environments(path: str) -> list[Environment]:
    folder = os.path.join(path, ENVIRONMENTS)
    if not os.path.isdir(folder):
        return []
    files = [entry for entry in sorted(os.listdir(folder)) if entry.endswith(BRU)]
    return [
        parse_environment(read_text(os.path.join(folder, entry)), os.path.join(folder, entry), entry.removesuffix(BRU))
        for entry in files
    ]
