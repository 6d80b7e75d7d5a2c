"""The files that a run reads, and whether one of them has been saved since.

A file counts as saved when its time, size or number differs from what it was when the run began to read. So editors may
write beside a file and move it over, and no save is lost, whoever listens when.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from glob import glob

from runner.cancel import Cancel
from runner.cli.run import is_pattern, is_url
from runner.reruns import FOLDER

DOCUMENTS = (".json", ".yaml", ".yml")
"""The files of a collection that is a folder; editors and tools leave others beside them."""

NOT_ENTERED = frozenset({".git", "node_modules", FOLDER})

Stamp = tuple[int, int, int] | None
"""What changes with each save of a file: its time, size and number; None if there is no file."""


def stamp_of(path: str) -> Stamp:
    """The stamp of the file of this path."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


class WatchedFiles:
    """The files that the rounds have read so far, but for those that they write, and what is new among the collections."""

    def __init__(self) -> None:
        self._collections: tuple[str, ...] = ()
        self._read: set[str] = set()
        self._written: set[str] = set()
        self._stamps: dict[str, Stamp] = {}
        self._lock = threading.Lock()
        self._round = Cancel()
        self.saved: list[str] = []
        """What was saved since the round began, relative to the current folder where it is in there."""
        self.on_new: Callable[..., None] = lambda *paths: None
        """Called with paths that were not watched before."""

    def reads(self, path: str) -> None:
        """Take in a file that is about to be read."""
        path = os.path.abspath(path)
        with self._lock:
            if path in self._read or FOLDER in path.split(os.sep):
                return
            self._read.add(path)
            self._stamps.setdefault(path, stamp_of(path))
        self.on_new(path)

    def take_collections(self, names: Iterable[str]) -> None:
        """Take in the collections: files, folders with all documents in them, and patterns with what they match."""
        with self._lock:
            self._collections = tuple(os.path.abspath(name) for name in names if not is_url(name))
            for path in self._paths():
                self._stamps.setdefault(path, stamp_of(path))
        self.on_new(*self._collections)

    def writes(self, path: str) -> None:
        """Leave out a file that is about to be written: that is not a save of the user's."""
        with self._lock:
            self._written.add(os.path.abspath(path))

    def begin(self) -> Cancel:
        """Take all files as they are for a round that reads them; what is given is set as soon as one is saved."""
        with self._lock:
            self._stamps = {path: stamp_of(path) for path in self._paths()}
            self._round = Cancel()
            return self._round

    def look(self) -> None:
        """Look whether a file is other than the round has read it, or is new."""
        with self._lock:
            paths = self._stamps.keys() | set(self._paths())
            changed = [path for path in paths - self._written if stamp_of(path) != self._stamps.get(path)]
            if changed:
                self.saved = sorted(map(shown_path, changed))
                self._round.set()

    def count(self) -> int:
        """How many files there are that are watched."""
        with self._lock:
            return sum(stamp is not None for path, stamp in self._stamps.items() if path not in self._written)

    def folders(self) -> dict[str, int]:
        """The folders in which a save shows, each with its number: one that was made anew is another one.

        They are those of each file and of what it is a link to, or the next one above if that is gone.
        """
        with self._lock:
            paths = {*self._paths(), *self._collections}
        found = {existing_folder(one) for path in paths for one in (path, os.path.realpath(path))}
        found |= {folder for name in self._collections for folder, _ in _walk(name)}
        stamps = {folder: stamp_of(folder) for folder in sorted(found)}
        return {folder: stamp[2] for folder, stamp in stamps.items() if stamp is not None}  # others are gone by now

    def _paths(self) -> Iterator[str]:
        yield from self._read
        for name in self._collections:
            if is_pattern(name):
                yield from glob(name, recursive=True)
            for folder, files in _walk(name):
                yield from (os.path.join(folder, file) for file in files if file.lower().endswith(DOCUMENTS))


def _walk(folder: str) -> Iterator[tuple[str, list[str]]]:
    """Each folder in this one, itself included, with the names of its files; nothing if it is not a folder."""
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_ENTERED]
        yield path, files


def existing_folder(path: str) -> str:
    """The folder of this path; if it is not there, or is a pattern, the next one above that is there."""
    folder = os.path.dirname(path)
    while not os.path.isdir(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder


def shown_path(path: str) -> str:
    """A path as its user may have typed it: relative if it is in the current folder."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if relative.startswith(os.pardir) else relative
