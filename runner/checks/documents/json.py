"""JSON files: all requested places are found in one pass over the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runner.checks.documents.document import Document
from runner.checks.finding import Spot
from runner.formats.format import Given
from runner.formats.json_text import parse_json
from runner.formats.places import Steps, repeated_keys, starts_of
from runner.model.json import Json

_LETTER = re.compile(r"\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\.|.", re.DOTALL)
"""One character of a JSON string, as it may be written."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class JsonDocument(Document):
    """A JSON file."""

    def __init__(self, given: Given) -> None:
        super().__init__(given.path, given.text, given.document)
        self._letters: dict[int, list[int]] = {}

    def starts(self, spots: Iterable[Spot]) -> dict[Spot, int]:
        """The offset of each spot."""
        leading = {spot: self.element(spot) for spot in spots}
        wanted = {steps[:end] for steps, _ in leading.values() for end in range(len(steps) + 1)}
        found = starts_of(self.text, wanted)
        return {spot: self._start(found, *place) for spot, place in leading.items()}

    def read_again(self) -> Json:
        """What the text says."""
        return parse_json(self.text, self.path)

    def repeated(self) -> Iterator[Steps]:
        """Members that another one of the same key replaces."""
        return (steps for steps, _ in repeated_keys(self.text))

    def element(self, spot: Spot) -> tuple[Steps, int | None]:
        """The string that an offset lies in: a script may be a list of lines."""
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

    def _start(self, found: dict[Steps, int], steps: Steps, at: int | None) -> int:
        if steps in found:
            start = found[steps]
            is_text = self.text[start : start + 1] == '"'
            return start + 1 + self._letter(start, at) if is_text and at is not None else start
        while steps and steps not in found:
            steps = steps[:-1]
        return found.get(steps, 0)

    def _letter(self, start: int, at: int) -> int:
        """The offset, after a string's opening quote, at which its character number `at` is written."""
        if start not in self._letters:
            found = _STRING.match(self.text, start)
            end = found.end() - 1 if found else start + 1
            offsets = [letter.start() - start - 1 for letter in _LETTER.finditer(self.text, start + 1, end)]
            self._letters[start] = [*offsets, end - start - 1]
        offsets = self._letters[start]
        return offsets[min(at, len(offsets) - 1)]


def _carriage_returns(text: str, at: int) -> int:
    """The number of carriage returns before an offset of the text in which those before line feeds are left out."""
    if "\r\n" not in text:
        return 0
    count = 0
    for line in text.split("\r\n")[:-1]:
        at -= len(line) + 1
        if at < 0:
            break
        count += 1
    return count
