"""Deals out iterations and rows of data, so that all workers together keep to what was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from runner.entropy import Entropy
from runner.model.json import JsonObject


class Turns:
    """The iterations of one worker: each has a number of its own among all workers, and a row of data.

    Worker `index` of `count` has the numbers index, index + count, and so on. `most` limits those of all workers together.
    Nothing is kept of what was dealt out, so a long test needs no more memory than a short one.
    """

    def __init__(
        self, rows: Sequence[JsonObject], distribution: str, most: int | None, share: tuple[int, int], entropy: Entropy
    ) -> None:
        self._rows = rows
        self._distribution = distribution
        self._most = most
        self._next, self._step = share
        self._entropy = entropy
        self.out_of_rows = False
        self.over = False
        """Whether there is nothing left to deal out."""

    def take(self) -> tuple[int, JsonObject] | None:
        """The next iteration with its row, empty without data; None if there is none left."""
        number = self._next
        if self._most is not None and number >= self._most:
            self.over = True
            return None
        if self._distribution == "unique" and number >= len(self._rows):
            self.over = self.out_of_rows = True
            return None
        self._next += self._step
        return number, self._row(number)

    def _row(self, number: int) -> JsonObject:
        if not self._rows:
            return {}
        at = self._entropy.integer(0, len(self._rows) - 1) if self._distribution == "random" else number
        return self._rows[at % len(self._rows)]
