"""Gives out start times at a fixed rate, whatever the answers take (an open model)."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from gevent import Greenlet, spawn
from gevent.event import AsyncResult, Event
from locust.user.task import LOCUST_STATE_RUNNING, LOCUST_STATE_WAITING

from runner.load.users.rows import Turns

if TYPE_CHECKING:
    from locust import User


class Pacer:
    """The starts of one worker: its share of `rate` iterations a second, evenly between those of the other workers.

    A start goes to the user that was busy last, so that as few as possible are in use. When all are busy it is dropped, and
    told to `drop`. A start that is given out late counts from when it was due, so a slow worker hides nothing.
    """

    def __init__(self, rate: float, share: tuple[int, int], turns: Turns, drop: Callable[[int], None]) -> None:
        index, workers = share
        self._interval = workers / rate
        self._first = index / rate
        self._turns = turns
        self._drop = drop
        self._idle: list[AsyncResult[float]] = []
        self._paused = Event()
        self._greenlet: Greenlet[..., None] | None = None

    def start(self) -> None:
        """Give out starts from now on."""
        if self._greenlet is None:
            self._greenlet = spawn(self._pace)

    def stop(self) -> None:
        """Give out no more."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def wait(self, user: User) -> float:
        """Wait for a start; returns how many seconds ago it was due."""
        mine: AsyncResult[float] = AsyncResult()
        self._idle.append(mine)
        user._state = LOCUST_STATE_WAITING  # so that Locust ends a user that waits at once
        try:
            due: float = mine.get()
        finally:
            if mine in self._idle:
                self._idle.remove(mine)
        user._state = LOCUST_STATE_RUNNING
        return max(monotonic() - due, 0.0)

    def _pace(self) -> None:
        due = monotonic() + self._first
        while not self._turns.over:
            self._paused.wait(max(due - monotonic(), 0.0))
            if self._idle:
                self._idle.pop().set(due)
            else:
                self._drop(1)
            due += self._interval
        while self._idle:  # those who wait find that nothing is left
            self._idle.pop().set(due)
