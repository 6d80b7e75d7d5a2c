"""The findings of rules, before and after their places in a file are known."""

from __future__ import annotations

from enum import IntEnum

from runner.formats.places import Steps
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass


class Severity(IntEnum):
    """The severity of a finding; a rule with `OFF` is not applied."""

    OFF = 0
    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """Its name in options and reports."""
        return self.name.lower()


LEVELS = {severity.word: severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of a document; `at` is an offset in its text, which a script may have as a list of lines."""

    steps: Steps
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a document: the value at `spot` becomes `value`, or is `removed` with its key.

    With `spot.at` only the text from there to `end` changes, into the text `value`.
    """

    spot: Spot
    value: Json = None
    end: int | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: `line` and `column` count from 1, `path` leads to it in the document (`item[0].name`).

    `item` has the names from the collection down to the request or folder; `fix` says what `--fix` would do, if anything.
    None of its texts contains a secret.
    """

    id: str
    severity: Severity
    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""
    item: str = ""
    fix: str = ""
    edits: tuple[Edit, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity.word}: {self.message} [{self.id}]"
