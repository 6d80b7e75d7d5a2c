"""Requests that run beside a script: each on a thread of its own, answers in the order they arrive."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from time import monotonic

from runner.cancel import LOOK, Cancel
from runner.events import Event
from runner.model.quick_dataclass import dataclass
from runner.model.response import Exchange

Tell = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """A send that ended: its exchange or its error, and what is to be told of it."""

    id: str
    outcome: Exchange | Exception
    events: tuple[Event, ...]


class BackgroundSends:
    """Started sends of the running script.

    Their events are stamped as they happen and handed out by `wait`, on the driver's own thread.
    """

    def __init__(self, stamp: Callable[[Event], None], cancel: Cancel) -> None:
        self._stamp = stamp
        self._cancel = cancel
        self._done: queue.SimpleQueue[Ended | None] = queue.SimpleQueue()

    def start(self, id: str, work: Callable[[Tell], Exchange]) -> None:
        """Do work on a thread; it gets a function that takes the events on the way."""
        threading.Thread(target=self._work, args=(id, work), daemon=True).start()

    def wait(self, seconds: float | None) -> list[Ended]:
        """Everything that ended, after waiting for the first one for at most `seconds` (None: as long as it takes).

        Empty if the run is cancelled meanwhile.
        """
        end = None if seconds is None else monotonic() + seconds
        ended: list[Ended] = []
        with self._cancel.waking(lambda: self._done.put(None)):
            while not ended and not self._cancel.is_set:
                left = LOOK if end is None else min(LOOK, end - monotonic())
                try:
                    ended += filter(None, [self._done.get(timeout=max(left, 0))])
                except queue.Empty:
                    if left < LOOK:
                        return []
            while not self._done.empty():
                ended += filter(None, [self._done.get()])
        return ended

    def _work(self, id: str, work: Callable[[Tell], Exchange]) -> None:
        events: list[Event] = []

        def tell(event: Event) -> None:
            self._stamp(event)
            events.append(event)

        try:
            outcome: Exchange | Exception = work(tell)
        except Exception as error:  # handed to the script that waits for it
            outcome = error
            if self._cancel.is_set:  # it was broken off, which is not a failure of its own
                events.clear()
        self._done.put(Ended(id, outcome, tuple(events)))
