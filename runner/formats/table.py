"""The table of formats. A format is one module with a `FORMAT`, and one line here."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, NamedTuple

from runner.formats.format import CERTAIN, NO, YAML, Format, Given
from runner.model.origin import Origin


class Entry(NamedTuple):
    """A format and its module, which is imported when it is first needed.

    `roles` are what its files may be given for: collection, environment, globals, data, dotenv. `extensions` are those of
    its files that say that a new one has this format.
    """

    name: str
    module: str
    roles: tuple[str, ...]
    extensions: tuple[str, ...] = (".json",)

    @property
    def format(self) -> Format[Any]:
        """The functions of the format."""
        found: Format[Any] = import_module(self.module).FORMAT
        return found


VARIABLES = ("environment", "globals")

FORMATS = [
    Entry("v2", "runner.formats.postman.v2", ("collection",)),
    Entry("v1", "runner.formats.postman.v1", ("collection",)),
    Entry("environment", "runner.formats.postman.environment", VARIABLES),
    Entry("environment-yaml", "runner.formats.postman.yaml_environment", VARIABLES, YAML),
    Entry("json-rows", "runner.formats.data.json_rows", ("data",)),
    Entry("csv", "runner.formats.data.csv_rows", ("data",), (".csv",)),
    Entry("dotenv", "runner.formats.dotenv", ("dotenv",), (".env",)),
]
"""They are asked in this order; of those with the same score the first wins."""


def load(given: Given) -> tuple[Any, Origin]:
    """The model in a text with its origin, read by the format of its role with the best score; raises `LoadError`.

    A text that no format knows is read by the first of the role, which says what is wrong.
    """
    entries = [entry for entry in FORMATS if given.role in entry.roles]
    return (_best(given, entries) or entries[0]).format.load(given)


def dump(model: Any, origin: Origin | None, role: str, exported_at: str = "", path: str = "") -> str:
    """The text of a model for a file of this path: in the format that the extension asks for, else as it was read.

    A model that was not read from a file has the first format of its role. Raises `NotEditable`.
    """
    return _written_as(origin, role, path).format.dump(model, origin, exported_at)


def extension_for(origin: Origin | None, role: str) -> str:
    """The extension of a new file for a model that was read from this."""
    return _written_as(origin, role, "").extensions[0]


def _written_as(origin: Origin | None, role: str, path: str) -> Entry:
    entries = [entry for entry in FORMATS if role in entry.roles]
    entries.sort(key=lambda entry: origin is None or entry.name != origin.format)
    extension = os.path.splitext(path)[1].lower()
    return next((entry for entry in entries if extension in entry.extensions), entries[0])


def recognise(given: Given) -> Entry | None:
    """The format with the best score for a text, whatever it was given for; None if no format knows it."""
    return _best(given, FORMATS)


def _best(given: Given, entries: list[Entry]) -> Entry | None:
    best, most = None, NO
    for entry in entries:
        score = entry.format.sniff(given)
        if score > most:
            best, most = entry, score
        if score >= CERTAIN:
            break
    return best
