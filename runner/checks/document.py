"""The text of one file: where a value of it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from runner.checks.finding import Spot
from runner.formats.format import Given
from runner.formats.places import Steps, repeated_keys, starts_of
from runner.model.json import Json

_LETTER = re.compile(r"\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\.|.", re.DOTALL)
"""What stands for one character in a JSON text."""


class JsonDocument:
    """A file of JSON. Every place that is asked for is found in one pass over the text."""

    def __init__(self, given: Given) -> None:
        self.path = given.path
        self.text = given.text
        self.value = given.document
        self._letters: dict[int, list[int]] = {}

    def starts(self, spots: Iterable[Spot]) -> dict[Spot, int]:
        """The offset of each spot; of what is not there, that of the nearest value around it."""
        leading = {spot: self.element(spot) for spot in spots}
        wanted = {steps[:end] for steps, _ in leading.values() for end in range(len(steps) + 1)}
        found = starts_of(self.text, wanted)
        return {spot: self._start(found, *place) for spot, place in leading.items()}

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, from 1."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def repeated(self) -> Iterator[tuple[Steps, int]]:
        """Members that another one of the same key replaces, with the offsets of their keys."""
        return repeated_keys(self.text) if self.text else iter(())

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def _start(self, found: dict[Steps, int], steps: Steps, at: int | None) -> int:
        if steps in found:
            start = found[steps]
            is_text = at is not None and self.text[start : start + 1] == '"'
            return start + 1 + self._letter(start, at) if is_text and at is not None else start
        while steps and steps not in found:
            steps = steps[:-1]
        return found.get(steps, 0)

    def _letter(self, start: int, at: int) -> int:
        """The offset behind the opening mark of a text at which its character number `at` is written."""
        if start not in self._letters:
            end = starts_end(self.text, start) - 1
            offsets = [found.start() - start - 1 for found in _LETTER.finditer(self.text, start + 1, end)]
            self._letters[start] = [*offsets, end - start - 1]
        offsets = self._letters[start]
        return offsets[min(at, len(offsets) - 1)]

    def element(self, spot: Spot) -> tuple[Steps, int | None]:
        """Where the text is in which an offset lies: a script may be a list of lines."""
        value, at = self.get(spot.steps), spot.at
        if at is None:
            return spot.steps, None
        if isinstance(value, str):
            return spot.steps, at + _carriage_returns(value, at)
        for number, line in enumerate(value if isinstance(value, list) else ()):
            length = len(line) if isinstance(line, str) else 0
            if at <= length:
                return (*spot.steps, number), at
            at -= length + 1
        return spot.steps, None

    def get(self, steps: Steps) -> Json:
        """The value at these steps; None if there is none."""
        value = self.value
        for step in steps:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value


def starts_end(text: str, start: int) -> int:
    """The offset behind the JSON text whose opening mark is at `start`."""
    found = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL).match(text, start)
    return found.end() if found else start


def _carriage_returns(text: str, at: int) -> int:
    """How many of them stand before an offset of the text in which they are left out before line feeds."""
    if "\r\n" not in text:
        return 0
    count = 0
    for line in text.split("\r\n")[:-1]:
        at -= len(line) + 1
        if at < 0:
            break
        count += 1
    return count


def path_text(steps: Steps) -> str:
    """Steps as they read in a message: `item[0].request.url`."""
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path
