"""What lies in a collection's folder: its files with their data, each looked at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import field

from runner.errors import InvalidDocument, LoadError
from runner.formats.format import YAML
from runner.formats.v3.fields.definition import SCRIPT_TYPES
from runner.formats.v3.paths import DEFINITION, EXAMPLE, REQUEST, RESOURCES, is_request, stem_in
from runner.formats.v3.problems import Problem
from runner.formats.v3.schema.files import DEFINITION as DEFINITION_SHAPE
from runner.formats.v3.schema.files import HTTP_EXAMPLE, OTHER_EXAMPLE, REQUESTS
from runner.formats.v3.schema.shapes import Shape
from runner.formats.v3.trees import OnDisk, Tree
from runner.formats.yaml.nodes import Document
from runner.formats.yaml.reader import read
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass

MOST_OF_A_FILE = 50
"""So many mistakes of one file are told."""

HEAD = 4000
"""Bytes at the beginning of a file with another name in which its `$kind` is looked for."""

_KIND = re.compile(rb"""(?m)^(?:\{\s*)?["']?\$kind["']?\s*:\s*["']?([\w.-]+)|\A\s*\{\s*"\$kind"\s*:\s*"([\w.-]+)""")
SKIPPED = frozenset({".git", RESOURCES})


@dataclass(frozen=True, slots=True)
class File:
    """One file that was read: its path below the root, the stem of its name, its text and its data."""

    path: str
    stem: str
    content: bytes
    data: JsonObject


@dataclass(slots=True)
class Folder:
    """A folder on the disk; `path` is empty for the root, and ends with a slash otherwise.

    `resources` are the names in its `.resources`. By the path of a request, `examples` has its examples, and `others` the
    texts of all that lies beside one that v2.1 does not know: examples of other kinds, messages.
    """

    path: str
    name: str
    definition: File | None = None
    requests: list[File] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)
    resources: frozenset[str] = frozenset()
    examples: dict[str, list[File]] = field(default_factory=dict)
    others: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def is_used(self) -> bool:
        """Whether it is a folder of the collection: something in it is."""
        return bool(self.definition or self.requests or self.folders)


class Disk:
    """Reads a collection's folder; what is wrong with its files is in `problems`."""

    def __init__(self, root: str, tree: Tree | None = None) -> None:
        self.root = root
        self.tree = tree or OnDisk(root)
        self.problems: list[Problem] = []
        self.files: dict[str, File] = {}
        """Every file that was read, by its path."""
        self.beside: dict[str, bytes] = {}
        """What lies beside requests and means nothing to v2.1."""

    def folder(self) -> Folder:
        """Everything in the root, in no order; folders without anything of the collection are left out."""
        root = Folder("", os.path.basename(os.path.abspath(self.root)))
        waiting: list[tuple[Folder, frozenset[object]]] = [(root, frozenset())]
        found: list[tuple[Folder, Folder]] = []
        while waiting:
            folder, above = waiting.pop()
            try:
                identity = self.tree.identity(folder.path)
                if identity in above:
                    self.refuse(folder.path, "it is a link to a folder that it lies in")
                    continue
                for inner in self._inside(folder):
                    waiting.append((inner, above | {identity}))
                    found.append((folder, inner))
            except OSError as error:
                self.refuse(folder.path or ".", _reason(error))
        for outer, inner in reversed(found):
            if inner.is_used:
                outer.folders.append(inner)
        return root

    def _inside(self, folder: Folder) -> Iterator[Folder]:
        """Read what lies in a folder; gives the folders in it."""
        for name, is_folder in self.tree.entries(folder.path):
            if is_folder:
                if name == RESOURCES:
                    folder.resources = frozenset(name for name, _ in self.tree.entries(f"{folder.path}{RESOURCES}/"))
                    folder.definition = self.definition(folder.path)
                elif name not in SKIPPED:
                    yield Folder(f"{folder.path}{name}/", name)
            elif is_request(name):
                file = self.request(folder.path, name)
                if file is not None:
                    folder.requests.append(file)
            elif name.lower().endswith((*YAML, ".json")):
                self._doubt(f"{folder.path}{name}")
        for file in folder.requests:
            if "examples" in file.data or f"{file.stem}.resources" in folder.resources:
                self._examples(folder, file)
                if file.data["$kind"] != "http-request" and (texts := self._others(folder.path, file)):
                    folder.others[file.path] = texts

    # -- single files -------------------------------------------------------------------------------------------

    def definition(self, folder: str) -> File | None:
        """The definition of a folder; None without one that can be used."""
        resources = f"{folder}{RESOURCES}/"
        names = sorted(name for name, _ in self.tree.entries(resources))
        for name in names:
            if is_request(name):
                self.refuse(f"{resources}{name}", "a request in .resources is never run: move it out", "FMT002")
        given = [name for name in names if name in DEFINITION]
        if len(given) > 1:
            self.refuse(f"{resources}{given[1]}", f"there is a {given[0]}, too: which of them counts?")
        if not given:
            return None
        file = self.file(f"{resources}{given[0]}", "", "FMT017")
        if file is None or not self._fits(file, DEFINITION_SHAPE, "FMT017"):
            return None
        return file

    def request(self, folder: str, name: str) -> File | None:
        """The request in a file; None if it cannot be used."""
        stem = stem_in(name, REQUEST)
        file = self.file(f"{folder}{name}", stem, "FMT015")
        if file is None:
            return None
        kind = file.data.get("$kind")
        if not stem:
            self.refuse(file.path, 'Invalid request filename stem "".', "FMT002")
            return None
        if not isinstance(kind, str) or kind not in REQUESTS:
            named = f'Unknown request kind "{kind}"' if "$kind" in file.data else "$kind is missing"
            self._refuse_at(file, ("$kind",), f"{named}: the kinds are {', '.join(REQUESTS)}", "FMT014")
            return None
        return file if self._fits(file, REQUESTS[kind], "FMT015") else None

    def _examples(self, folder: Folder, request: File) -> None:
        """Read the examples of a request, which lie where it says, or else where they belong."""
        said = request.data.get("examples")
        place = said if isinstance(said, str) else f"{RESOURCES}/{request.stem}.resources/examples"
        inside = os.path.normpath(os.path.join(folder.path, place)).replace(os.sep, "/")
        if inside.startswith(("../", "/")) or os.path.isabs(inside):
            self._refuse_at(request, ("examples",), f"examples path leads out of the collection: {said}", "FMT003")
            return
        try:
            names = sorted(name for name, _ in self.tree.entries(inside))
        except OSError as error:
            if isinstance(said, str) and not isinstance(error, FileNotFoundError):
                self._refuse_at(request, ("examples",), _reason(error), "FMT001")
            return
        wanted = f"{str(request.data['$kind']).removesuffix('-request')}-example"
        for name in names:
            if stem := stem_in(name, EXAMPLE):
                file = self.file(f"{inside}/{name}", stem, "FMT016")
                if file is None:
                    continue
                if file.data.get("$kind") != wanted:
                    self._refuse_at(file, ("$kind",), f"the examples of this request have the kind {wanted}", "FMT016")
                elif self._fits(file, HTTP_EXAMPLE if wanted == "http-example" else OTHER_EXAMPLE, "FMT016"):
                    folder.examples.setdefault(request.path, []).append(file)

    def _others(self, folder: str, request: File) -> dict[str, str]:
        """The texts of the files that lie beside a request, by their paths below its resources."""
        place, found = f"{folder}{RESOURCES}/{request.stem}.resources/", dict[str, str]()
        waiting = [""]
        while waiting:
            inner = waiting.pop()
            try:
                for name, is_folder in self.tree.entries(place + inner):
                    if is_folder:
                        waiting.append(f"{inner}{name}/")
                    else:
                        content = self.beside[f"{place}{inner}{name}"] = self.tree.read(f"{place}{inner}{name}")
                        found[inner + name] = content.decode("utf-8", "replace")
            except OSError as error:
                if inner or not isinstance(error, FileNotFoundError):
                    self.refuse(place + inner, _reason(error))
        return found

    def _doubt(self, path: str) -> None:
        """Refuse a file that says it is one of a collection, but has a name under which nobody finds it."""
        try:
            found = _KIND.search(self.tree.read(path)[:HEAD])
        except OSError:
            return  # nothing of it is needed
        if found is None:
            return
        kind = (found[1] or found[2]).decode()
        if kind in REQUESTS:
            self.refuse(path, f"a {kind} is found only in a file NAME.request.yaml", "FMT204")
        elif kind == "collection" or kind.endswith(("-example", "-message")):
            where = ".resources/definition.yaml" if kind == "collection" else ".resources/NAME.resources"
            self.refuse(path, f"a file of the kind {kind} is found only in {where}", "FMT204")

    # -- reading ------------------------------------------------------------------------------------------------

    def file(self, path: str, stem: str, rule: str) -> File | None:
        """The data of a file; None if it cannot be read, or is not a mapping."""
        try:
            content = self.tree.read(path)
            document = read(content, path)
        except OSError as error:
            self.refuse(path, _reason(error))
            return None
        except InvalidDocument as error:
            self.problems.append(_syntax(error, path))
            return None
        except LoadError as error:
            self.refuse(path, error.message)
            return None
        data: Json = document.value
        if not isinstance(data, dict):
            self.refuse(path, "the document is not a mapping of keys to values", rule)
            return None
        file = self.files[path] = File(path, stem, content, data)
        return file

    def _fits(self, file: File, shape: Shape, rule: str) -> bool:
        """Whether a file's data has a shape; what is wrong becomes problems."""
        found = shape(file.data)[:MOST_OF_A_FILE]
        document = read(file.content, file.path) if found else None
        for keys, reason in found:
            if rule == "FMT017" and keys[:1] == ("scripts",) and keys[-1:] == ("type",):
                reason = f"a script of a definition has one of the types {', '.join(SCRIPT_TYPES)}"
            self._refuse_at(file, keys, reason, "FMT010" if keys == ("order",) else rule, document)
        return not found

    def refuse(self, path: str, reason: str, rule: str = "") -> None:
        """Take down why a file cannot be used."""
        self.problems.append(Problem(path, reason, rule))

    def _refuse_at(
        self, file: File, keys: Sequence[str | int], reason: str, rule: str, document: Document | None = None
    ) -> None:
        line, column = (document or read(file.content, file.path)).place(keys)
        self.problems.append(Problem(file.path, reason, rule, line, column, tuple(keys)))


def _reason(error: OSError) -> str:
    if error.strerror is None:
        return str(error)
    return f"it cannot be read: {error.strerror[:1].lower()}{error.strerror[1:]}"


def _syntax(error: InvalidDocument, path: str) -> Problem:
    """The problem of a text that is not YAML."""
    line, _, column = error.where.removeprefix(path).removeprefix(":").partition(":")
    hint = f"; {error.hint}" if error.hint else ""
    return Problem(path, f"{error.message}{hint}", "FMT018", int(line or 0), int(column or 1) if line else 0)
