"""Many durations, kept as how many there are of each bucket."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from math import ceil

from runner.load.figures.bucket import bucket
from runner.model.json import JsonObject


class Durations:
    """Durations in milliseconds. Merging is exact: whatever the parts and their order, the result is the same.

    Sums are whole microseconds, since floats depend on the order in which they are added. `shortest` and `longest` are not
    rounded, and None without a duration, as are the mean and the percentiles.
    """

    __slots__ = ("_micros", "_ranks", "buckets", "count", "longest", "shortest")

    def __init__(self) -> None:
        self.count = 0
        self.shortest: float | None = None
        self.longest: float | None = None
        self.buckets: dict[float, int] = {}
        self._micros = 0
        self._ranks: tuple[list[float], list[int]] | None = None

    def add(self, ms: float) -> None:
        """Count one."""
        self.count += 1
        self._micros += round(ms * 1000)
        if self.shortest is None or ms < self.shortest:
            self.shortest = ms
        if self.longest is None or ms > self.longest:
            self.longest = ms
        key = bucket(ms)
        self.buckets[key] = self.buckets.get(key, 0) + 1
        self._ranks = None

    def merge(self, other: Durations) -> None:
        """Count those of another."""
        if not other.count:
            return
        self.count += other.count
        self._micros += other._micros
        if self.shortest is None or (other.shortest is not None and other.shortest < self.shortest):
            self.shortest = other.shortest
        if self.longest is None or (other.longest is not None and other.longest > self.longest):
            self.longest = other.longest
        own = self.buckets
        for key, count in other.buckets.items():
            own[key] = own.get(key, 0) + count
        self._ranks = None

    @property
    def mean(self) -> float | None:
        """The average."""
        return self._micros / self.count / 1000 if self.count else None

    def percentile(self, percent: float) -> float | None:
        """The smallest bucket that at least `percent` of all durations do not exceed (nearest rank, nothing between two).

        `percent` is 0 to 100; 0 gives the bucket of the shortest.
        """
        if not self.count:
            return None
        if self._ranks is None:
            keys = sorted(self.buckets)
            self._ranks = keys, [*accumulate(self.buckets[key] for key in keys)]
        keys, reached = self._ranks
        rank = ceil(round(self.count * percent / 100, 6))  # 99.9 % of 1,000 is 999, whatever floats make of it
        return keys[bisect_left(reached, rank)]

    def to_json(self) -> JsonObject:
        """All of it, as plain data."""
        return {
            "count": self.count,
            "micros": self._micros,
            "min": self.shortest,
            "max": self.longest,
            "buckets": [[key, self.buckets[key]] for key in sorted(self.buckets)],
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> Durations:
        """What `to_json` wrote."""
        made = cls()
        made.count, made._micros = data["count"], data["micros"]
        made.shortest, made.longest = data["min"], data["max"]
        made.buckets = {float(key): count for key, count in data["buckets"]}
        return made
