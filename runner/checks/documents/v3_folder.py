"""Collections in the v3 format: a folder of YAML files, one for each node of the collection."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runner.checks.documents.document import Document
from runner.checks.documents.yaml import YamlDocument
from runner.checks.finding import Finding, Severity
from runner.formats.load import load_collection
from runner.formats.postman.v2 import KEPT
from runner.formats.v3.disk import Disk
from runner.formats.v3.paths import EXAMPLE, REQUEST, RESOURCES, is_part
from runner.formats.v3.reading import V3Origin
from runner.model.collection import Collection
from runner.model.json import JsonObject

UNUSABLE = "unusable-file"
"""The rule for an unusable file where Postman has none."""

FILES = (*REQUEST, *EXAMPLE)


class V3Folder:
    """The folder of one collection, with a document for each of its files."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.collection: Collection = load_collection(root)
        assert isinstance(self.collection.origin, V3Origin)
        self._contents = self.collection.origin.contents

    def own(self, source: JsonObject) -> Document:
        """The document of a node, or of a saved example, whose steps use its own keys."""
        name = source[KEPT]["file"]
        return self.document(name, None if name.endswith(EXAMPLE) else source)

    def document(self, name: str, source: JsonObject | None = None) -> YamlDocument:
        """The document of a file, by its path below the root; empty if there is no such file."""
        text = self._contents.get(name, b"").decode("utf-8", "replace")
        return YamlDocument(os.path.join(self.root, *name.split("/")), text, source)

    def listing(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """Each folder below the root, with the folders and files in it; `.git` is left out."""
        for folder, inner, names in os.walk(self.root):
            inner[:] = sorted(name for name in inner if name != ".git")
            yield folder, inner, sorted(names)


def root_of(path: str) -> str | None:
    """The root of the collection that a file belongs to; None if it belongs to none."""
    if not (path.endswith(FILES) or os.path.basename(os.path.dirname(path)) == RESOURCES):
        return None
    folder = os.path.dirname(path) or "."
    while RESOURCES in os.path.abspath(folder).split(os.sep):
        folder = os.path.dirname(folder) or "."
    while is_part(parent := os.path.normpath(os.path.join(folder, os.pardir))) and not os.path.samefile(parent, folder):
        folder = parent
    return folder if is_part(folder) else None


def unusable(root: str) -> list[Finding]:
    """The problems of files that cannot be used at all, by Postman's rules for them."""
    disk = Disk(root)
    disk.folder()
    return [
        Finding(
            id=problem.rule or UNUSABLE,
            severity=Severity.ERROR,
            file=os.path.join(root, *problem.path.split("/")),
            line=problem.line or 1,
            column=problem.column or 1,
            path=problem.pointer,
            message=problem.reason,
        )
        for problem in disk.problems
    ]
