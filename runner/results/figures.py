"""What is counted and measured in a run: Newman's trackers and averages, and the slowest requests."""

from __future__ import annotations

import math
from bisect import insort

from runner.events import Cursor, RequestEvent
from runner.model.collection import Collection, Item
from runner.model.quick_dataclass import dataclass
from runner.results.evidence import SentRequest, sent_request

TRACKERS = (
    "iterations",
    "items",
    "scripts",
    "prerequests",
    "requests",
    "tests",
    "assertions",
    "testScripts",
    "prerequestScripts",
)
"""What is counted, in the order of Newman's report. `prerequests` and `tests` are the two phases of an item that ran."""

PHASES = ("response", "dns", "firstByte")


@dataclass(slots=True)
class Tracker:
    """How many of one kind have finished, are running, and have failed."""

    total: int = 0
    pending: int = 0
    failed: int = 0

    def start(self) -> None:
        """One has started."""
        self.pending += 1

    def finish(self, *, failed: bool = False) -> None:
        """One is done."""
        self.total += 1
        self.failed += failed
        if self.pending:
            self.pending -= 1


@dataclass(slots=True)
class Spread:
    """Average, smallest, largest and standard deviation of a series in milliseconds, without keeping it (Welford)."""

    count: int = 0
    average: float = 0.0
    min: float = 0.0
    max: float = 0.0
    squares: float = 0.0

    def add(self, value: float | None) -> None:
        """Add a value; None (the phase did not happen) is ignored."""
        if value is None:
            return
        self.min = min(self.min, value) if self.count else value
        self.max = max(self.max, value)
        self.count += 1
        delta = value - self.average
        self.average += delta / self.count
        self.squares += delta * (value - self.average)

    @property
    def deviation(self) -> float:
        """The standard deviation of all values so far."""
        return math.sqrt(self.squares / self.count) if self.count else 0.0


USUAL = 5
"""The number that is kept even if the options ask for fewer: some reports always list these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowRequest:
    """A request with its response time in milliseconds, and the execution that it belongs to."""

    time: float
    sent: SentRequest
    item: Item
    path: tuple[str, ...]
    cursor: Cursor
    collection: Collection | None = None


class Slowest:
    """Keeps the `most` requests with the longest response times in `kept`: the slowest first, then the earliest."""

    def __init__(self, most: int | None = None) -> None:
        self._most = max(most or 0, USUAL)
        self.kept: list[SlowRequest] = []

    def add(self, event: RequestEvent, collection: Collection | None, time: float) -> None:
        """Consider a request that got its response after `time` milliseconds."""
        if len(self.kept) == self._most and time <= self.kept[-1].time:
            return
        item, path, cursor = event.item, event.path, event.cursor
        sent = sent_request(event)
        slow = SlowRequest(time=time, sent=sent, item=item, path=path, cursor=cursor, collection=collection)
        insort(self.kept, slow, key=lambda one: -one.time)
        del self.kept[self._most :]
