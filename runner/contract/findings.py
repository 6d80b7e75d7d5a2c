"""What is told of an exchange that is not as a document says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import NamedTuple

from runner.model.json import Json
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong at a JSON path: what the document expects, and what is there."""

    path: str
    expected: str
    actual: str
    value: Json = field(default=None, compare=False, repr=False)
    """What is there, as a value: of alternatives the one that none of them takes."""

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, actual {self.actual}"

    def below(self, place: str) -> Violation:
        """The same, seen from whoever holds the value at this place."""
        return Violation(place + self.path.removeprefix("$"), self.expected, self.actual, self.value)


class Check(NamedTuple):
    """One check of an exchange; `unchecked` says why it could not be made."""

    name: str
    violations: Sequence[Violation]
    unchecked: str = ""
