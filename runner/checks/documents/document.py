"""The text of one file, and the places of values in it. Each format has its own class with this interface."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from runner.checks.finding import Spot
from runner.formats.places import Steps
from runner.model.json import Json


class Document(ABC):
    """A file that was read; `value` is its parsed content."""

    def __init__(self, path: str, text: str, value: Json) -> None:
        self.path = path
        self.text = text
        self.value = value

    @abstractmethod
    def starts(self, spots: Iterable[Spot]) -> dict[Spot, int]:
        """The offset of each spot in the text; for a missing value, that of the nearest enclosing one."""

    @abstractmethod
    def read_again(self) -> Json:
        """A fresh parse of the text, which the caller may change."""

    def repeated(self) -> Iterator[Steps]:
        """The members that a later one with the same key replaces."""
        return iter(())

    def steps_in(self, steps: Steps) -> Steps:
        """The steps in the document itself for these steps in the JSON of v2.1."""
        return steps

    def element(self, spot: Spot) -> tuple[Steps, int | None]:
        """The steps to the string that an offset lies in, and the offset within that string."""
        return self.steps_in(spot.steps), spot.at

    def holds(self, spot: Spot) -> bool:
        """Whether the document contains a spot; a v1 collection was converted, so its spots may be missing."""
        value = self.get(self.element(spot)[0])
        return isinstance(value, str) if spot.at is not None else value is not None

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, from 1; an offset after the last line end counts as that line end."""
        offset = max(0, min(offset, len(self.text) - 1))
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def get(self, steps: Steps) -> Json:
        """The value at these steps; None if there is none."""
        return value_at(self.value, steps)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]


class EmptyDocument(Document):
    """A file or folder of which only the name matters."""

    def __init__(self, path: str) -> None:
        super().__init__(path, "", None)

    def starts(self, spots: Iterable[Spot]) -> dict[Spot, int]:
        """Everything is at its beginning."""
        return dict.fromkeys(spots, 0)

    def read_again(self) -> Json:
        """Nothing."""
        return None


def value_at(value: Json, steps: Steps) -> Json:
    """The value at these steps inside another one; None if there is none."""
    for step in steps:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def path_text(steps: Steps) -> str:
    """Steps as written in messages: `item[0].request.url`."""
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path
