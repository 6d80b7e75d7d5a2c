"""Where the files of a collection are: in a folder on the disk, or in memory as they would be written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Protocol

from runner.formats.reading import read_regular

LARGEST = 50_000_000
"""Bytes of the largest file that is read."""


class Tree(Protocol):
    """Folders and files by their paths below a root, with slashes; whatever cannot be read raises `OSError`."""

    def entries(self, folder: str) -> Iterator[tuple[str, bool]]:
        """The names in a folder, each with whether it is a folder."""

    def identity(self, folder: str) -> object:
        """What two paths to one folder have in common."""

    def read(self, path: str) -> bytes:
        """The bytes of a file."""

    def has_file(self, path: str) -> bool:
        """Whether there is such a file."""


class OnDisk:
    """The files of a folder on the disk."""

    def __init__(self, root: str) -> None:
        self._root = root

    def entries(self, folder: str) -> Iterator[tuple[str, bool]]:
        """The names in a folder, links followed."""
        with os.scandir(os.path.join(self._root, folder)) as found:
            for entry in found:
                yield entry.name, entry.is_dir()

    def identity(self, folder: str) -> object:
        """Device and number of the folder."""
        status = os.stat(os.path.join(self._root, folder))
        return status.st_dev, status.st_ino

    def read(self, path: str) -> bytes:
        """The bytes of a regular file."""
        return read_regular(os.path.join(self._root, path), LARGEST)

    def has_file(self, path: str) -> bool:
        """Whether there is such a file."""
        return os.path.isfile(os.path.join(self._root, path))


class InMemory:
    """Files that are not written yet."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = files
        self._folders: dict[str, dict[str, bool]] = {"": {}}
        for path in files:
            above, name = "", path
            while "/" in name:
                first, _, name = name.partition("/")
                self._folders[above][first] = True
                above = f"{above}{first}/"
                self._folders.setdefault(above, {})
            self._folders[above][name] = False

    def entries(self, folder: str) -> Iterator[tuple[str, bool]]:
        """The names in a folder."""
        key = f"{folder.rstrip('/')}/" if folder else ""
        if key not in self._folders:
            raise FileNotFoundError(folder)
        yield from self._folders[key].items()

    def identity(self, folder: str) -> object:
        """The path itself."""
        return folder

    def read(self, path: str) -> bytes:
        """The bytes, those of a text as UTF-8."""
        content = self._files[path]
        return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content

    def has_file(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self._files
