"""How many users there are at each moment of a load test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise

from runner.load.options import LoadOptions
from runner.model.quick_dataclass import dataclass

Points = tuple[tuple[float, float], ...]

PROFILES: dict[str, Points] = {
    "ramp-up": ((0, 0.25), (0.25, 1), (1, 1)),
    "spike": ((0, 0.1), (0.4, 0.1), (0.5, 1), (0.6, 0.1), (1, 0.1)),
    "peak": ((0, 0.2), (0.2, 0.2), (0.4, 1), (0.6, 1), (0.8, 0.2), (1, 0.2)),
}
"""The shapes of Postman's profiles: shares of the users at shares of the time."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Users over time: straight lines between points of seconds and users; the last one goes on."""

    points: Points

    def users_at(self, seconds: float) -> int:
        """The users at this time after the start."""
        for (before, low), (after, high) in pairwise(self.points):
            if seconds < after:
                return round(low + (high - low) * (seconds - before) / (after - before))
        return round(self.points[-1][1])

    @property
    def most(self) -> int:
        """The most users at any time."""
        return round(max(users for _, users in self.points))


def shape_of(options: LoadOptions) -> Shape:
    """The shape that the options ask for."""
    return Shape(tuple(_points(options)))


def _points(options: LoadOptions) -> Iterator[tuple[float, float]]:
    users = options.users
    if options.stages:
        yield 0, 0
        yield from zip(accumulate(seconds for seconds, _ in options.stages), (n for _, n in options.stages), strict=True)
    elif options.load_profile != "fixed" and options.duration is not None:
        for share, part in PROFILES[options.load_profile]:
            yield share * options.duration, max(1.0, part * users)
    elif options.spawn_rate is not None and options.spawn_rate < users:
        first = max(1.0, options.spawn_rate)
        yield 0, first
        yield (users - first) / options.spawn_rate, users
    else:
        yield 0, users
