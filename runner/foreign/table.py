"""The formats that are read and written: a drawer with `reading.py` or `writing.py` each, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import NamedTuple

from runner.foreign.imported import FormatOption, Imported, ImportOptions
from runner.foreign.written import ExportOptions, Written
from runner.formats.format import Given
from runner.model.collection import Collection

FILE, FOLDER = "file", "folder"


class Reader(NamedTuple):
    """A format that is read; its module is imported when it is first needed.

    The module has `read(given, options)`, which raises `LoadError`; `options_module` has `OPTIONS`, the `FormatOption`s by
    name, each of which is an option of the command, too. `title` names what is read, in the plural. `paths` says what a
    source may be: of a folder only its path is given. How a text or folder of the format is recognised is told in
    `runner/formats/foreign.py`: its `Kind` names the reader.
    """

    title: str
    module: str
    paths: tuple[str, ...] = (FILE,)
    options_module: str = ""

    @property
    def read(self) -> Callable[[Given, ImportOptions], Imported]:
        """Makes a collection of a text or folder."""
        found: Callable[[Given, ImportOptions], Imported] = import_module(self.module).read
        return found

    @property
    def options(self) -> Mapping[str, FormatOption]:
        """The options that only this format has."""
        found: Mapping[str, FormatOption] = import_module(self.options_module).OPTIONS if self.options_module else {}
        return found


READERS: dict[str, Reader] = {
    "curl": Reader("curl command lines", "runner.foreign.curl.reading"),
    "openapi": Reader(
        "OpenAPI and Swagger documents", "runner.foreign.openapi.reading", options_module="runner.foreign.openapi.options"
    ),
    "har": Reader("HAR files", "runner.foreign.har.reading", options_module="runner.foreign.har.options"),
    "http": Reader(".http files", "runner.foreign.http_file.reading"),
    "bruno": Reader("folders and files of Bruno", "runner.foreign.bruno.reading", (FILE, FOLDER)),
    "insomnia": Reader("exports and projects of Insomnia", "runner.foreign.insomnia.reading", (FILE, FOLDER)),
    "opencollection": Reader(
        "folders and files of OpenCollection", "runner.foreign.open_collection.reading", (FILE, FOLDER)
    ),
}
"""By the names that `--from` takes."""


class Writer(NamedTuple):
    """A format that is written; its module is imported when it is first needed.

    The module has `write(collection, options)`, and may have `OPTIONS`, its `FormatOption`s by name. `title` names what is
    written. A `folder` cannot go to standard output, even if it has but one file.
    """

    title: str
    module: str
    folder: bool = False

    @property
    def write(self) -> Callable[[Collection, ExportOptions], Written]:
        """Makes texts of a collection."""
        found: Callable[[Collection, ExportOptions], Written] = import_module(self.module).write
        return found

    @property
    def options(self) -> Mapping[str, FormatOption]:
        """The options that only this format has."""
        found: Mapping[str, FormatOption] = getattr(import_module(self.module), "OPTIONS", {})
        return found


WRITERS: dict[str, Writer] = {
    "bruno": Writer("a folder of Bruno", "runner.foreign.bruno.writing", folder=True),
    "curl": Writer("a script of curl commands", "runner.foreign.curl.writing"),
    "har": Writer("a HAR file", "runner.foreign.har.writing"),
    "http": Writer("an .http file", "runner.foreign.http_file.writing"),
    "httpx": Writer("a Python script with httpx", "runner.foreign.httpx.writing"),
    "pytest": Writer("a module of tests for pytest", "runner.foreign.pytest.writing"),
}
"""By the names that `export --to` takes."""
