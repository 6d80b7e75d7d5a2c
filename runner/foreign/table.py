"""The formats that can be imported. A format is one drawer with `reading.py`, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import NamedTuple

from runner.foreign.imported import FormatOption, Imported, ImportOptions
from runner.formats.format import Given

FILE, FOLDER = "file", "folder"


class Reader(NamedTuple):
    """A format that is read; its module is imported when it is first needed.

    The module has `read(given, options)`, which raises `LoadError`, and may have `OPTIONS`, its `FormatOption`s by name.
    `title` names what is read, in the plural. `paths` says what a source may be: of a folder only its path is given. How
    a text or folder of the format is recognised is told in `runner/formats/foreign.py`: its `Kind` names the reader.
    """

    title: str
    module: str
    paths: tuple[str, ...] = (FILE,)

    @property
    def read(self) -> Callable[[Given, ImportOptions], Imported]:
        """Makes a collection of a text or folder."""
        found: Callable[[Given, ImportOptions], Imported] = import_module(self.module).read
        return found

    @property
    def options(self) -> Mapping[str, FormatOption]:
        """The options that only this format has."""
        found: Mapping[str, FormatOption] = getattr(import_module(self.module), "OPTIONS", {})
        return found


READERS: dict[str, Reader] = {}
"""By the names that `--from` takes."""
