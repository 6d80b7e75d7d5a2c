"""What a snapshot is of: a request by the names on the way to it, never by an id; and the name of its file."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from runner.engine.selection import leaves
from runner.formats.v3.names import stem_of
from runner.model.collection import Collection
from runner.model.json import Json, JsonObject

RULES = "rules.json"
"""The file of a folder of snapshots that holds its rules."""

ENDING = ".json"

LONGEST = 150
"""Characters of the longest path of a file below its folder: Windows takes 260 in all."""

Request = tuple[tuple[str, ...], int]
"""The names of folders and request, and which one it is of several with the same, from 1."""


class Key(NamedTuple):
    """One response: the request, the iteration, and which time in it, all from 1; `by_script` if a script ran it."""

    path: tuple[str, ...]
    twin: int = 1
    iteration: int = 1
    time: int = 1
    by_script: bool = False

    @property
    def request(self) -> Request:
        """The request alone."""
        return self.path, self.twin

    def to_json(self) -> JsonObject:
        """The key as it stands in a file; what is usual is left out."""
        found: JsonObject = {"request": list(self.path)}
        usual = Key(self.path)
        for name, value, default in zip(_NAMES, self[1:], usual[1:], strict=True):
            if value != default:
                found[name] = value
        return found

    @property
    def stem(self) -> str:
        """The stem of its file."""
        found = stem_of(self.path[-1], "request")
        found += f" [{self.twin}]" if self.twin > 1 else ""
        found += f" - iteration {self.iteration}" if self.iteration > 1 else ""
        found += f" - time {self.time}" if self.time > 1 else ""
        return found + (" - by a script" if self.by_script else "")


_NAMES = ("twin", "iteration", "time", "byScript")


def key_of(document: JsonObject) -> Key | None:
    """The key that stands in a file; None if none does."""
    path = document.get("request")
    if not isinstance(path, list) or not path or not all(isinstance(name, str) for name in path):
        return None
    twin, iteration, time = numbers = [document.get(name, 1) for name in _NAMES[:3]]
    by_script: Json = document.get("byScript", False)
    if any(type(number) is not int or number < 1 for number in numbers) or not isinstance(by_script, bool):
        return None
    return Key(tuple(path), twin, iteration, time, by_script)


def requests_of(collection: Collection) -> dict[int, Request]:
    """Each request of a collection, by the identity of its `source`."""
    often: Counter[tuple[str, ...]] = Counter()
    found = {}
    for trail, item in leaves((), collection.items):
        path = (*(folder.name for folder in trail), item.name)
        often[path] += 1
        found[id(item.source)] = path, often[path]
    return found


class FileNames:
    """The names of the files of a folder: no two differ only in the case or the form of their letters."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._files = {_folded(RULES)}
        self._folders: set[str] = set()
        for path in taken:
            self._take(path)

    def new(self, key: Key) -> str:
        """A path below the folder, with slashes, that nothing has yet."""
        folders = "".join(f"{stem_of(name, 'folder')}/" for name in key.path[:-1])
        base = f"{folders}{key.stem}"
        if len(base) > LONGEST or self._files.intersection(_above(_folded(base))):  # a folder that is a file already
            digest = hashlib.sha256("\0".join(map(str, key.to_json().items())).encode("utf-8", "replace")).hexdigest()
            base = f"{key.stem[:80].rstrip(' .')}-{digest[:12]}"
        number, path = 1, base + ENDING
        while not self._is_free(path):
            number += 1
            path = f"{base}-{number}{ENDING}"
        self._take(path)
        return path

    def _is_free(self, path: str) -> bool:
        folded = _folded(path)
        return folded not in self._files and folded not in self._folders

    def _take(self, path: str) -> None:
        folded = _folded(path)
        self._files.add(folded)
        self._folders.update(_above(folded))


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _above(path: str) -> list[str]:
    names = path.split("/")
    return ["/".join(names[:count]) for count in range(1, len(names))]
