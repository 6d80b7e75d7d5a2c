"""Reads exports of Insomnia: YAML of version 5, JSON or YAML of version 4, and the folder of a project."""

from __future__ import annotations

import os
import re

from runner.errors import InvalidCollection
from runner.foreign.entries import Entry
from runner.foreign.imported import Imported, ImportOptions
from runner.foreign.insomnia.collecting import Collecting
from runner.foreign.insomnia.model import Workspace
from runner.foreign.insomnia.version_4 import workspaces_of
from runner.foreign.insomnia.version_5 import workspace_of
from runner.foreign.joining import joined
from runner.formats.format import YAML, Given
from runner.formats.reading import read_text
from runner.sandbox.analysis import Analysis

PROJECT = ".insomnia"
"""The folder in which Insomnia kept what Git had of a project."""

TYPES = {"RequestGroup": "request_group", "ApiSpec": "api_spec", "GrpcRequest": "grpc_request", "CookieJar": "cookie_jar",
         "WebSocketRequest": "websocket_request", "UnitTest": "unit_test", "UnitTestSuite": "unit_test_suite"}  # fmt: skip
_ID = re.compile(r"\"_id\"\s*:\s*\"([^\"\\]*)\"")


def read(given: Given, options: ImportOptions) -> Imported:
    """The collection and the environments of an export; raises `LoadError`."""
    workspaces = _workspaces(given)
    if not workspaces:
        raise InvalidCollection("has no requests of Insomnia", where=given.path)
    with Analysis() as analysis:
        parts = [Collecting(one, analysis.chains, given.path).imported() for one in workspaces]
    return joined(parts, options.name)


def _workspaces(given: Given) -> list[Workspace]:
    if os.path.isdir(given.path):
        resources = _project(os.path.join(given.path, PROJECT))
        return workspaces_of(resources, os.path.basename(os.path.abspath(given.path)))
    top = _content(given)
    name = os.path.splitext(os.path.basename(given.path))[0] or "Insomnia"
    if top.get("resources"):
        return workspaces_of(_resources(top, given.text), name)
    if "insomnia" in top.text("type"):
        return [workspace_of(top, given.path)]
    raise InvalidCollection("is not an export of Insomnia: it has neither resources nor a type", where=given.path)


def _content(given: Given) -> Entry:
    if given.text.lstrip("\ufeff \t\r\n").startswith("{") and given.extension not in YAML:
        return Entry(given.document)
    return Entry.of(given.yaml)


def _resources(top: Entry, text: str) -> list[Entry]:
    """The resources; of JSON the lines are those of their ids."""
    found = list(top.get("resources"))
    if any(one.line for one in found):
        return found
    lines: dict[str, int] = {}
    line, last = 1, 0
    for match in _ID.finditer(text):
        line += text.count("\n", last, match.start())
        last = match.start()
        lines.setdefault(match[1], line)
    return [Entry(one.value, lines.get(one.text("_id"), 0)) for one in found]


def _project(path: str) -> list[Entry]:
    """The resources of a project: each is a file in a folder of its type."""
    found = []
    for folder in sorted(os.listdir(path)):
        inner = os.path.join(path, folder)
        for file in sorted(os.listdir(inner)) if os.path.isdir(inner) else ():
            if file.endswith(YAML):
                source = os.path.join(inner, file)
                entry = Entry.of(Given(read_text(source), source).yaml)
                if isinstance(entry.value, dict):
                    type = entry.text("type") or folder
                    found.append(Entry({**entry.value, "_type": TYPES.get(type, type.lower())}))
    return found
