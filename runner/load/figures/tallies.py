"""How often each of many names came, without end of memory for names that scripts make up."""

from __future__ import annotations

from collections.abc import Iterator

from runner.model.json import JsonArray, JsonObject

Key = tuple[str, ...]

MOST = 1_000
"""Names that are told apart; further ones are only counted."""

LONGEST = 1_000
"""Characters that are kept of a name or message."""


class Tallies:
    """Counts by name. `beyond` has those of names that came when there were `MOST` already."""

    __slots__ = ("beyond", "counts")

    def __init__(self) -> None:
        self.counts: dict[Key, int] = {}
        self.beyond = 0

    def add(self, key: Key, count: int = 1) -> None:
        """Count a name."""
        counts = self.counts
        if key in counts:
            counts[key] += count
        elif len(counts) < MOST:
            counts[key] = count
        else:
            self.beyond += count

    def merge(self, other: Tallies) -> None:
        """Count those of another. Exact for the sums, and for each name as long as there are at most `MOST`."""
        for key, count in other.counts.items():
            self.add(key, count)
        self.beyond += other.beyond

    def __iter__(self) -> Iterator[tuple[Key, int]]:
        """The names with their counts, the most frequent first."""
        return iter(sorted(self.counts.items(), key=lambda one: (-one[1], one[0])))

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def total(self) -> int:
        """All counts."""
        return sum(self.counts.values()) + self.beyond

    def to_json(self) -> JsonObject:
        """All of it, as plain data."""
        rows: list[JsonArray] = [[*key, count] for key, count in sorted(self.counts.items())]
        return {"counts": rows, "beyond": self.beyond}

    @classmethod
    def from_json(cls, data: JsonObject) -> Tallies:
        """What `to_json` wrote."""
        made = cls()
        made.counts = {tuple(row[:-1]): row[-1] for row in data["counts"]}
        made.beyond = data["beyond"]
        return made
