"""What `pm.require` can load: files beside the collection, and packages from folders beside it.

The text of the script names the files, and their texts name further ones, so everything is read before the script runs.
`./lib/x.js` is relative to the collection, or inside a package to the requiring file. `npm:name@1.2.3` is looked up in
`node_modules`, `@team/name` in `packages` and then in `node_modules`. Only the collection's folder and those of
`--allow-read` are read.
"""

from __future__ import annotations

import os
import posixpath
import re

from runner.deep_json import loads
from runner.effects import ReadCode, Step
from runner.errors import FileRefused, FileUnreadable
from runner.model.json import JsonObject

SCRIPT_NAMES = re.compile(r"""\bpm\s*\.\s*require\s*\(\s*(["'`])([^"'`\\\n]+)\1\s*\)""")
PACKAGE_NAMES = re.compile(r"""\brequire\s*\(\s*(["'`])([^"'`\\\n]+)\1\s*\)""")
SPECIFIER = re.compile(r"^(?:npm:)?((?:@[^/@]+/)?[^/@:]+)(?:@([^/]+))?(/.+)?$")
ENDINGS = ("", ".js", ".json", ".cjs", "/index.js")
FOLDERS = {True: ("node_modules",), False: ("packages", "node_modules")}
"""The folders to search: for a name with the prefix `npm:` (True), for any other (False)."""

LIMIT = 2000
"""Files that one script may load."""

LIMIT_BYTES = 64 * 1024 * 1024
"""Their total size."""


class Packages:
    """The files that one script needs, by their id: the path relative to the collection's folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._texts: dict[str, str | None] = {}
        self._waiting: list[tuple[str, bool]] = []
        self._bytes = 0
        self._refused = ""
        self.found: dict[str, JsonObject] = {}

    def load(self, source: str) -> Step[tuple[JsonObject, JsonObject]]:
        """Read everything that this script requires; returns the packages by id, and the id of each name in the script."""
        links = yield from self._links(names_in(source, SCRIPT_NAMES), "", external=False)
        while self._waiting:  # a list instead of recursion: files may require one another in long chains
            yield from self._take(*self._waiting.pop())
        return self.found, links

    def _links(self, names: list[str], place: str, external: bool) -> Step[JsonObject]:
        """The ids of the names that a file in the folder `place` requires; the files found are queued for reading."""
        links: JsonObject = {}
        waiting: list[tuple[str, bool]] = []
        for name in names:
            self._refused = ""
            id = yield from self._find(name, place)
            if id is not None:
                links[name] = id
                waiting.append((id, external or name.startswith("npm:")))
            elif not place and not external:
                links[name] = name
                self.found[name] = {"error": self._refused or missing(name, self._folder)}
        self._waiting += reversed(waiting)
        return links

    def _take(self, id: str, external: bool) -> Step[None]:
        if id in self.found or len(self.found) >= LIMIT:
            return
        text = self._texts[id] or ""
        package: JsonObject = {"data": text, "external": external, "links": {}}
        self.found[id] = package
        names = [] if id.endswith(".json") else names_in(text, PACKAGE_NAMES)
        package["links"] = yield from self._links(names, posixpath.dirname(id) or ".", external)

    def _find(self, name: str, place: str) -> Step[str | None]:
        if name.startswith(("./", "../", "/")):
            return (yield from self._file(posixpath.join(place, name)))
        found = SPECIFIER.match(name)
        if found is None:
            return None
        package, version, inside = found[1], found[2], found[3] or ""
        for folder in FOLDERS[name.startswith("npm:")]:
            for base in folders_up(place):
                id = yield from self._package(posixpath.join(base, folder, package), version, inside)
                if id is not None:
                    return id
        return None

    def _package(self, path: str, version: str | None, inside: str) -> Step[str | None]:
        """The file to load: one inside the package, the main file of its package.json, or a single file of that name."""
        described = yield from self._read(posixpath.join(path, "package.json"))
        about = parsed(described)
        if version and about and not is_version(str(about.get("version", version)), version.lstrip("^~=v")):
            return None
        if inside:
            return (yield from self._file(path + inside))
        main = str(about.get("main") or "index.js")
        found = yield from self._file(posixpath.join(path, main))
        return found or (yield from self._file(path))

    def _file(self, path: str) -> Step[str | None]:
        for ending in ENDINGS:
            id = posixpath.normpath(path + ending)
            if (yield from self._read(id)) is not None:
                return id
        return None

    def _read(self, id: str) -> Step[str | None]:
        if id not in self._texts:
            try:
                content = yield from ReadCode(os.path.join(self._folder, id), self._folder)
                self._bytes += len(content)
                if self._bytes > LIMIT_BYTES:
                    raise FileRefused(f"its files have more than {LIMIT_BYTES // 1024**2} MB")
                self._texts[id] = content.decode("utf-8-sig", "replace")
            except FileUnreadable as error:
                self._texts[id] = None
                if isinstance(error, FileRefused):
                    self._refused = self._refused or error.message
        return self._texts[id]


def names_in(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The names that a text requires, each once."""
    return list(dict.fromkeys(found[2] for found in pattern.finditer(text)))


def folders_up(place: str) -> list[str]:
    """The folder of the requiring file and its parents, up to the collection's."""
    folders = [place or "."]
    while folders[-1] not in (".", "/", ""):
        folders.append(posixpath.dirname(folders[-1]) or ".")
    return folders


def is_version(version: str, wanted: str) -> bool:
    """Whether a version is the wanted one, which may lack its last parts: 1.2.3 is 1.2, but 1.20.0 is not."""
    return version.startswith(wanted) and not version[len(wanted) :][:1].isdigit()


def parsed(text: str | None) -> JsonObject:
    """The content of a package.json; empty if it is missing or invalid."""
    try:
        found = loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def missing(name: str, folder: str) -> str:
    """The reason why a package was not found."""
    if name.startswith((".", "/")):
        return f"there is no such file in {folder}"
    if name.startswith("jsr:"):
        return "packages of jsr are not fetched; give it as a local file"
    places = " or ".join(FOLDERS[name.startswith("npm:")])
    return f"it is not in {places} of {folder}"
