"""Which workers take part, what the master last heard of each, and what is unknown of those that were lost."""

from __future__ import annotations

from math import ceil

from runner.model.quick_dataclass import dataclass

HEARTBEAT = 1.0
"""Seconds between two signs of life of a worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A worker that ended without its last report.

    `since` is when its last report came, `at` when it was gone at the latest, in seconds since the epoch (master's clock).
    `requests` is about how many requests no total contains: those of its highest rate for that time, and one for each of
    its users that may have been under way; None for one that never reported any.
    """

    worker: str
    since: float
    at: float
    requests: int | None


@dataclass(slots=True, kw_only=True)
class Presence:
    """What the master knows of one worker, by its own clock.

    `worker` is its name in reports, empty unless it takes part. It is `working` from its first user to its last report, and
    `missing` while nothing is heard of it. One that has `left` has reported everything.
    """

    worker: str
    alive: float
    reported: float
    users: int = 0
    working: bool = False
    missing: bool = False
    left: bool = False
    highest_rate: float = 0.0

    def report(self, arrived: float, requests: int, users: int) -> None:
        """Take down a report: what was done since the last one, and the users now."""
        passed = max(arrived - self.reported, HEARTBEAT)
        self.highest_rate = max(self.highest_rate, requests / passed)
        self.users = max(users, self.users if requests else 0)
        self.reported = self.alive = arrived

    def lost(self) -> Lost:
        """What is unknown if the worker says nothing any more."""
        at = self.alive + HEARTBEAT  # it would have been heard of by then
        requests = ceil(self.highest_rate * (at - self.reported)) + self.users if self.highest_rate else None
        return Lost(worker=self.worker, since=self.reported, at=at, requests=requests)
