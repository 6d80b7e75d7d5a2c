"""Secrets of a test that sees new ones all the time: tokens and sessions of many users, for hours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from runner.secrets.known import values_of
from runner.secrets.mask import Secrets
from runner.secrets.pieces import Pieces
from runner.secrets.writings.forms import Forms

MOST = 2000
"""Values that are learned before older ones are put aside: those that are used are learned again by then."""


class Recent(Secrets):
    """Knows all secrets that it was told before `settle`, and the latest of those that it has learned since.

    What was learned lately is put aside when it is too much, and forgotten when that happens again. The `generation` tells
    users when to learn again what they still use.
    """

    def __init__(self, values: Iterable[Any] = (), most: int = MOST) -> None:
        self._most = most
        self._lasting: tuple[str, ...] = ()
        self._older: Secrets | None = None
        self._least = 0
        super().__init__(values)

    def settle(self) -> None:
        """Never forget what is known now."""
        self._lasting = values_of(self)
        self._least = len(self._values)

    def mask(self, text: str) -> str:
        """The text without known secrets, those put aside included."""
        masked = super().mask(text)
        return masked if self._older is None else self._older.mask(masked)

    def _add_text(self, text: str) -> None:
        if len(self._values) - self._least >= self._most and text not in self._values:
            self._put_aside()
        super()._add_text(text)

    def _put_aside(self) -> None:
        """Begin with the lasting values again; what was learned since is still masked, until the next time."""
        older = Secrets()
        names = ("_values", "_forms", "_pieces", "_literals", "_patterns", "symbol")
        vars(older).update({name: getattr(self, name) for name in names})
        self._values, self._forms, self._pieces, self._found = set(), Forms(), Pieces(), 0
        self._older = older
        self.generation += 1
        for value in self._lasting:
            super()._add_text(value)
        self._changed()
