"""How often each of many names came, without end of memory for names that scripts make up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from runner.model.json import JsonArray

Key = tuple[str, ...]

MOST = 1_000
"""Names that are told apart."""

LONGEST = 1_000
"""Characters that are kept of a name or message."""

FURTHER = "(further ones)"
"""Takes the place of the last part of a name that came when there were `MOST` already."""


class Tallies:
    """Counts by name, of which only the last part may be what scripts make up: further ones are counted as `FURTHER`."""

    __slots__ = ("_names", "counts")

    def __init__(self) -> None:
        self.counts: dict[Key, int] = {}
        self._names = 0

    def add(self, key: Key, count: int = 1) -> None:
        """Count a name."""
        counts = self.counts
        if key not in counts and key[-1] != FURTHER:
            if self._names >= MOST:
                key = (*key[:-1], FURTHER)
            else:
                self._names += 1
        counts[key] = counts.get(key, 0) + count

    def merge(self, other: Tallies) -> None:
        """Count those of another. Exact for all parts but the last, and for that as long as there are at most `MOST`."""
        for key, count in other.counts.items():
            self.add(key, count)

    def __iter__(self) -> Iterator[tuple[Key, int]]:
        """The names with their counts, the most frequent first."""
        return iter(sorted(self.counts.items(), key=lambda one: (-one[1], one[0])))

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def total(self) -> int:
        """All counts."""
        return sum(self.counts.values())

    def to_json(self) -> JsonArray:
        """All of it, as plain data."""
        return [[*key, count] for key, count in sorted(self.counts.items())]

    @classmethod
    def from_json(cls, data: JsonArray) -> Tallies:
        """What `to_json` wrote."""
        made = cls()
        for row in cast("list[list[Any]]", data):
            made.add(tuple(row[:-1]), row[-1])
        return made
