"""An OpenAPI document with the files that it refers to."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote, urljoin

from runner.errors import InvalidDocument, LoadError
from runner.files import Files, is_root
from runner.foreign.imported import Note
from runner.formats.format import YAML, Given
from runner.formats.json_text import parse_json
from runner.formats.reading import decode
from runner.formats.yaml.reader import read
from runner.model.json import Json, JsonObject

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
MOST_STEPS = 100
"""References that follow one another; a longer chain is taken for a circle."""


class Document:
    """A document and, once something refers to them, the files beside it.

    A file is looked for relative to the one that refers to it. It is read if it lies below the folder of the document or
    below the current folder. From the network comes only what `fetch` gives, the text of an address; it raises `LoadError`
    for what it does not fetch. What cannot be followed becomes a note and counts as an empty object. `root` may
    be replaced, for instance by the same document in a newer version.
    Addresses below that of the document (`$self`, OpenAPI 3.2) mean the files beside it.
    """

    def __init__(self, given: Given, fetch: Callable[[str], str] | None = None) -> None:
        self._fetch = fetch
        self.text = given.text
        self.path = given.path
        self.root = _content(given)
        self.notes: list[Note] = []
        self._has_folder = not _ADDRESS.match(self.path) or os.path.exists(self.path)
        folder = os.path.dirname(self.path) if self._has_folder else ""
        here = os.getcwd()
        self._files = Files(folder or here, allow_outside=False, allow_read=() if is_root(here) else (here,))
        self._own = os.path.basename(self.path)
        own_address = self.root.get("$self")
        self._self = own_address if isinstance(own_address, str) and _ADDRESS.match(own_address) else ""
        self._others: dict[str, Json] = {}
        self._noted: set[str] = set()

    @property
    def version(self) -> tuple[int, int]:
        """The first two numbers of the version: (2, 0) for Swagger, (3, 1) for OpenAPI 3.1."""
        found = re.match(r"(\d+)\.(\d+)", str(self.root.get("swagger") or self.root.get("openapi") or ""))
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def resolved(self, node: Json) -> JsonObject:
        """The object that a node is or refers to, with the summary and description beside its `$ref`; else an empty one."""
        for _ in range(MOST_STEPS):
            if not isinstance(node, dict):
                return {}
            ref = node.get("$ref")
            if not isinstance(ref, str):
                return node
            target = self.target(ref)
            own = {key: node[key] for key in ("summary", "description") if isinstance(node.get(key), str)}
            node = {**target, **own} if own and isinstance(target, dict) else target
        return {}

    def target(self, ref: str) -> Json:
        """What a reference names: `#/a/b` in the document, `file#/a/b` in a file; None, with a note, if nothing."""
        name, _, pointer = ref.partition("#")
        if self._self and _ADDRESS.match(name):
            name = self._beside(name)
        found: Json = self.root if name in ("", self._own) else self._other(name, ref)
        if found is None:
            return None
        steps = pointer.split("/")
        known = not steps[0]
        for step in [unquote(step).replace("~1", "/").replace("~0", "~") for step in steps[1:]]:
            if isinstance(found, list) and step.isdecimal() and int(step) < len(found):
                found = found[int(step)]
            elif isinstance(found, dict) and step in found:
                found = found[step]
            else:
                known = False
                break
        if not known:
            self.note(f"the reference {ref} leads to nothing", ref)
        return found if known else None

    def note(self, message: str, *words: str, item: str = "") -> None:
        """Keep a note, once, with the line of the last of the words that follow one another in the text."""
        if message not in self._noted:
            self._noted.add(message)
            self.notes.append(Note(message, self.path, self.line_of(*words), item))

    def line_of(self, *words: str) -> int:
        """The line where the last of these keys or texts stands behind the others, from 1; 0 if it is not found."""
        at = 0
        for word in words:
            found = re.compile(rf"(?<![\w/$-])[\"']?{re.escape(word)}[\"']?(?![\w/-])").search(self.text, at)
            if found is None:
                return 0
            at = found.end()
        return self.text.count("\n", 0, at) + 1 if words else 0

    def _beside(self, address: str) -> str:
        """The path of a file at an address below that of the document; any other address as it is."""
        folder = self._self.rpartition("/")[0] + "/"
        own = address == self._self
        return self._own if own else address[len(folder) :] if address.startswith(folder) else address

    def _other(self, name: str, ref: str) -> Json:
        if name.startswith("//") or (_ADDRESS.match(name) and self._fetch is None):
            self.note(f"the reference {ref} is not followed: it leads into the network", ref)
            return None
        if name not in self._others:
            self._others[name] = self._read(name, ref)
        return self._others[name]

    def _read(self, name: str, ref: str) -> Json:
        address = name if self._has_folder else urljoin(self.path, name)
        from_network = bool(_ADDRESS.match(address))
        if not self._has_folder and not (from_network and self._fetch):
            self.note(f"the reference {ref} is not followed: there are no files beside the document", ref)
            return None
        try:
            text = self._fetch(address) if from_network and self._fetch else decode(self._files.read(name))
            value = read(text, name).value if name.lower().endswith(YAML) else parse_json(text, name)
        except LoadError as error:
            self.note(f"the reference {ref} is not followed: {error}", ref)
            return None
        for holder in _references(value):
            holder["$ref"] = self._seen_from_the_document(holder["$ref"], name)
        return value

    def _seen_from_the_document(self, ref: str, name: str) -> str:
        """A reference in the file `name` as it would stand in the document."""
        file, mark, pointer = ref.partition("#")
        if not file:
            return f"{name}{mark}{pointer}"
        if _ADDRESS.match(name):
            return f"{urljoin(name, file)}#{pointer}"
        if _ADDRESS.match(file) or file.startswith("/"):
            return ref
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(name), file))
        return f"{'' if joined == self._own else joined}{mark or '#'}{pointer}"


def _content(given: Given) -> JsonObject:
    """The object in a text of JSON or YAML; raises `InvalidDocument`."""
    if given.text.lstrip("\ufeff \t\r\n").startswith(("{", "[")) and given.extension not in YAML:
        found = given.document
    else:
        found = given.yaml.value
    if not isinstance(found, dict) or not ("openapi" in found or "swagger" in found):
        raise InvalidDocument("this is not an OpenAPI document: it has no openapi and no swagger", where=given.path)
    return found


def _references(value: Json) -> Iterator[JsonObject]:
    """Every object that has a `$ref`, at any depth; values of an `enum` are none."""
    waiting: list[Json] = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if isinstance(found.get("$ref"), str):
                yield found
            waiting += [one for key, one in found.items() if key != "enum" or not isinstance(one, list)]
        elif isinstance(found, list):
            waiting += found
