"""The folder of a collection's snapshots: what lies in it, and how it is changed: all of it, or nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping

from runner.errors import ExportError, FileRefused, InvalidDocument
from runner.formats.json_text import JsonStyle, dump_json, parse_json
from runner.formats.reading import read_text
from runner.model.json import JsonObject
from runner.outputs import ANYONE
from runner.outputs.tree import write_tree
from runner.snapshots.documents import VERSION, file_text
from runner.snapshots.keys import ENDING, RULES, FileNames, Key, key_of
from runner.snapshots.rules import KINDS, Texts

HINT = "remove it, or put back what was there"


class Folder:
    """The snapshots of one collection, each by what it is of. A folder that is missing is empty.

    All of it is read at once; raises `LoadError` for what is no snapshot.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.rules = Texts()
        self.files: dict[Key, str] = {}
        """The path of each snapshot below the folder, with slashes."""
        for name in _files(path, ""):
            if name == RULES:
                self.rules = self._read_rules()
                continue
            key, _ = self._read(name)
            if key in self.files:
                raise FileRefused(f"is of the same response as {self.files[key]}", where=self.place(name), hint=HINT)
            self.files[key] = name
        self._names = FileNames(self.files.values())
        self._new: dict[Key, str] = {}

    def place(self, name: str) -> str:
        """The path of a file as it is told."""
        return os.path.join(self.path, *name.split("/"))

    def name(self, key: Key) -> str:
        """The path of a snapshot below the folder, also of one that is not there yet."""
        if key not in self.files and key not in self._new:
            self._new[key] = self._names.new(key)
        return self.files.get(key) or self._new[key]

    def document(self, key: Key) -> JsonObject | None:
        """A snapshot; None if there is none. Raises `LoadError` if it can no longer be read."""
        return self._read(self.files[key])[1] if key in self.files else None

    def write(self, documents: Mapping[Key, JsonObject], gone: Collection[Key] = (), rules: Texts | None = None) -> None:
        """Write snapshots, remove others, write rules; raises `ExportError` and `LoadError`, and then changes nothing."""
        texts: dict[str, str | bytes] = {self.name(key): file_text(key, one) for key, one in documents.items()}
        for key in documents:
            place = self.place(self.name(key))
            if key in self.files:
                self._check_own(key)
            elif os.path.lexists(place):
                raise ExportError("is not overwritten: it came there meanwhile", where=place)
        for key in gone:
            self._check_own(key)
        if rules is not None:
            kinds: JsonObject = {kind: rules.of(kind) for kind in KINDS}
            texts[RULES] = dump_json({"rules": VERSION, **kinds}, _STYLE)
        write_tree(self.path, texts, [self.files[key] for key in gone], mode=ANYONE)
        for key in documents:
            self.files[key] = self.name(key)
        for key in gone:
            del self.files[key]

    def _check_own(self, key: Key) -> None:
        """Only what is still the snapshot that was read is overwritten or removed; one that is gone is none."""
        name = self.files[key]
        if os.path.lexists(self.place(name)) and self._read(name)[0] != key:
            raise ExportError("is not overwritten: it is another snapshot by now", where=self.place(name))

    def _read(self, name: str) -> tuple[Key, JsonObject]:
        place = self.place(name)
        document = parse_json(read_text(place), place)
        if not isinstance(document, dict) or "snapshot" not in document:
            raise FileRefused("is no snapshot", where=place, hint=f"nothing else may end in {ENDING} in this folder")
        if document["snapshot"] != VERSION:
            message = f"has the form {str(document['snapshot'])[:20]}: this version of postrunner knows {VERSION}"
            raise FileRefused(message, where=place)
        key = key_of(document)
        if key is None:
            raise InvalidDocument('is broken: "request" or the numbers beside it do not say what it is of', where=place)
        if not isinstance(document.get("headers"), dict) or not _is_body(document.get("body", {})):
            raise InvalidDocument('is broken: "headers" or "body" has another form', where=place)
        return key, document

    def _read_rules(self) -> Texts:
        place = self.place(RULES)
        document = parse_json(read_text(place), place)
        if not isinstance(document, dict) or document.get("rules") != VERSION:
            raise FileRefused(f'is no file of rules: it begins with "rules": {VERSION}', where=place)
        given: JsonObject = {kind: document.get(kind, []) for kind in KINDS}
        for kind, texts in given.items():
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                raise InvalidDocument(f'is broken: "{kind}" is not a list of texts', where=place)
        if unknown := [key for key in document if key not in (*KINDS, "rules")]:
            raise InvalidDocument(f'is broken: "{unknown[0]}" is none of {", ".join(KINDS)}', where=place)
        return Texts(**given)


_STYLE = JsonStyle(final_newline=True)


def _is_body(body: object) -> bool:
    """Whether this is what `document_of` makes: one kind of content, or none."""
    if not isinstance(body, dict) or len(body) > 1:
        return False
    lines = body.get("text", [])
    is_text = isinstance(lines, list) and all(isinstance(line, str) for line in lines)
    return not body.keys() - {"json", "text", "binary"} and is_text


def _files(path: str, below: str) -> Iterator[str]:
    """The files that may be snapshots, by name; raises `FileRefused` for links and whatever else is no file."""
    try:
        with os.scandir(os.path.join(path, below)) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        raise FileRefused(f"is no folder of snapshots: {error.strerror}", where=os.path.join(path, below)) from error
    for entry in found:
        name = f"{below}/{entry.name}" if below else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _files(path, name)
        elif entry.name.endswith(ENDING):
            if not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                raise FileRefused("is no regular file", where=entry.path)
            yield name
