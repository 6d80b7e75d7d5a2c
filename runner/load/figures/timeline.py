"""A load test from second to second, in slices that become longer when the test does."""

from __future__ import annotations

from collections.abc import Iterator

from runner.load.figures.requests import Requests
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass

MOST = 600
"""Slices that a timeline has at most: ten minutes in seconds, a day in slices of 256 s."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What ended from `start` (seconds since the epoch) on, for `seconds` seconds; `users` are those at its end."""

    start: int
    seconds: int
    users: int
    requests: Requests
    iterations: int
    dropped: int


class _Open:
    """A slice to which is added; `users` has for each worker the latest second with a number, and that number."""

    __slots__ = ("dropped", "iterations", "requests", "users")

    def __init__(self) -> None:
        self.requests = Requests()
        self.iterations = 0
        self.dropped = 0
        self.users: dict[str, tuple[int, int]] = {}

    def merge(self, other: _Open) -> None:
        self.requests.merge(other.requests)
        self.iterations += other.iterations
        self.dropped += other.dropped
        for worker, said in other.users.items():
            self.users[worker] = max(self.users.get(worker, said), said)


class Timeline:
    """Slices that start at multiples of their width, so that they are the same whatever was added first."""

    def __init__(self) -> None:
        self.width = 1
        self._slices: dict[int, _Open] = {}
        self._first: int | None = None
        self._last = 0

    def requests(self, second: int) -> Requests:
        """The requests of the slice with this second, to add to them."""
        return self._at(second).requests

    def count(self, second: int, iterations: int, dropped: int) -> None:
        """Add iterations that ended in this second, and those that did not start."""
        slice = self._at(second)
        slice.iterations += iterations
        slice.dropped += dropped

    def users(self, second: int, worker: str, count: int) -> None:
        """Say how many users a worker had in a second."""
        said = (second, count)
        users = self._at(second).users
        users[worker] = max(users.get(worker, said), said)

    def _at(self, second: int) -> _Open:
        if self._first is None:
            self._first = self._last = second
        self._first, self._last = min(self._first, second), max(self._last, second)
        while self._last // self.width - self._first // self.width >= MOST:
            self._widen()
        return self._slices.setdefault(second // self.width, _Open())

    def _widen(self) -> None:
        self.width *= 2
        narrow, self._slices = self._slices, {}
        for place, slice in narrow.items():
            self._slices.setdefault(place // 2, _Open()).merge(slice)

    def __iter__(self) -> Iterator[Slice]:
        """All slices in order, without gaps. A worker has the users that it named last."""
        if self._first is None:
            return
        users: dict[str, int] = {}
        for place in range(self._first // self.width, self._last // self.width + 1):
            slice = self._slices.get(place) or _Open()
            users |= {worker: count for worker, (_, count) in slice.users.items()}
            yield Slice(
                place * self.width, self.width, sum(users.values()), slice.requests, slice.iterations, slice.dropped
            )

    def to_json(self) -> JsonObject:
        """All of it, as plain data."""
        rows = [
            {
                "place": place,
                "requests": slice.requests.to_json(),
                "iterations": slice.iterations,
                "dropped": slice.dropped,
                "users": [[worker, *said] for worker, said in sorted(slice.users.items())],
            }
            for place, slice in sorted(self._slices.items())
        ]
        return {"width": self.width, "first": self._first, "last": self._last, "slices": rows}

    @classmethod
    def from_json(cls, data: JsonObject) -> Timeline:
        """What `to_json` wrote."""
        made = cls()
        made.width, made._first, made._last = data["width"], data["first"], data["last"]
        for row in data["slices"]:
            slice = made._slices[row["place"]] = _Open()
            slice.requests = Requests.from_json(row["requests"])
            slice.iterations, slice.dropped = row["iterations"], row["dropped"]
            slice.users = {worker: (second, count) for worker, second, count in row["users"]}
        return made
