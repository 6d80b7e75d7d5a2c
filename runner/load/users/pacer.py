"""Gives out start times at a fixed rate, whatever the answers take (an open model)."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from gevent import Greenlet, spawn
from gevent.event import AsyncResult, Event

from runner.load.users.rows import Turns


class Pacer:
    """The starts of one worker: its share of `rate` iterations a second, evenly between those of the other workers.

    A start goes to the user that was busy last, so that as few as possible are in use. When all are busy it is dropped, and
    told to `drop`. A start that is given out late counts from when it was due, so a slow worker hides nothing.
    """

    def __init__(self, rate: float, share: tuple[int, int], turns: Turns, drop: Callable[[int], None]) -> None:
        index, workers = share
        self._rate = rate
        self._interval = workers / rate
        self._first = index / rate
        self._turns = turns
        self._drop = drop
        self._idle: dict[AsyncResult[float | None], None] = {}
        self._paused = Event()
        self._greenlet: Greenlet[..., None] | None = None

    def start(self) -> None:
        """Give out starts from now on."""
        if self._greenlet is None:
            self._greenlet = spawn(self._pace)

    def share_with(self, workers: int) -> None:
        """Keep to the rate together with so many workers from now on."""
        self._interval = workers / self._rate

    def stop(self) -> None:
        """Give out no more."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def wait(self, stopped: Event) -> float | None:
        """Wait for a start; returns how many seconds ago it was due, None if the user was stopped meanwhile."""
        mine: AsyncResult[float | None] = AsyncResult()

        def release(event: Event) -> None:
            mine.set(None)

        self._idle[mine] = None
        stopped.rawlink(release)
        try:
            due: float | None = mine.get()
        finally:
            stopped.unlink(release)
            self._idle.pop(mine, None)
        return None if due is None else max(monotonic() - due, 0.0)

    def _pace(self) -> None:
        due = monotonic() + self._first
        while not self._turns.over:
            self._paused.wait(max(due - monotonic(), 0.0))
            if self._idle:
                self._idle.popitem()[0].set(due)
            else:
                self._drop(1)
            due += self._interval
        while self._idle:  # those who wait find that nothing is left
            self._idle.popitem()[0].set(due)
