"""What the runners ask of those who use them: who makes the users, and who hears how the workers are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from runner.clock import Clock
from runner.load.distributed.presence import Lost
from runner.model.json import JsonObject


class Hands(Protocol):
    """The users of one worker, made of a job."""

    def deal(self, share: tuple[int, int]) -> None:
        """Take this worker's number and how many there are; before its first user."""

    def pace(self, count: int) -> None:
        """Keep to the rate together with so many workers from now on."""

    def stop(self) -> None:
        """Begin nothing new."""

    def report(self, users: int) -> JsonObject:
        """What came since the last report, as plain data."""


Prepare = Callable[[JsonObject, Clock], Hands]
"""Makes the users of a job; the clock shows the master's time."""


class Listener(Protocol):
    """Hears of the workers, by the names they have in reports."""

    def on_report(self, worker: str, report: JsonObject) -> int:
        """What `Hands.report` of a worker returned; says how many requests it tells of."""

    def on_lost(self, worker: str, lost: Lost) -> None:
        """Nothing is heard of a worker any more."""

    def on_back(self, worker: str) -> None:
        """Something is heard of a worker again that was taken for lost."""

    def on_left(self, worker: str) -> None:
        """A worker has ended its users before the end of the load, and reported everything."""

    def tell(self, text: str) -> None:
        """Tell the user."""
