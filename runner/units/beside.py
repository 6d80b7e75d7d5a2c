"""Runs several units at once, on one thread for each job; their events are passed on in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from runner.cancel import LOOK, Cancel
from runner.errors import Cancelled, PostrunnerError
from runner.events import Event, ItemStarted
from runner.interruption import asked, waiting
from runner.model.quick_dataclass import dataclass

Tell = Callable[[Event], None]
Watch = Callable[[Sequence[ItemStarted]], None]

AHEAD = 3
"""Units for each job that may start before the caller's thread has seen one of them end."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that can run in parallel.

    `run` gets a function that takes its events, and what cancels it; it returns whether all other units must end, too.
    """

    run: Callable[[Tell, Cancel], bool]


class Beside:
    """Runs units, at most `jobs` at a time, and passes on their events on the caller's thread, in the order of the units.

    So reports are the same whatever the number of jobs. Events of the first unfinished unit, the front, are passed on at
    once; those of later units wait, each made smaller by `aside`. `cancel` ends all units, as a unit may: those that have
    not begun never do. `watch` gets the running items when they have changed.

    Jobs take one unit after the other for as long as the caller's thread keeps up, because waiting events need memory.
    """

    def __init__(
        self,
        jobs: int,
        cancel: Cancel,
        *,
        aside: Callable[[Event], Event] = lambda event: event,
        watch: Watch | None = None,
    ) -> None:
        self._jobs = jobs
        self._cancel = cancel
        self._aside = aside
        self._watch = watch
        self._stop = Cancel()
        self._lock = threading.Lock()
        self._any = threading.Lock()  # free if something may have arrived; not an `Event`, which a signal may leave locked
        self._any.acquire()
        self._interrupted = False
        self._room = threading.Semaphore(AHEAD * jobs)
        self._units: Sequence[Unit] = ()
        self._told: list[deque[Event]] = []
        self._ended: set[int] = set()
        self._begun = self._front = self._working = self._seen = 0
        self._failed: BaseException | None = None
        self._running: dict[int, ItemStarted] = {}
        self._changed = False

    def stop(self) -> None:
        """End all units."""
        self._stop.set()

    def broke_off(self, error: PostrunnerError | None) -> bool:
        """Whether a unit got this error only because another unit ended all: nobody asked for the end."""
        return isinstance(error, Cancelled) and not self._cancel.is_set and not asked()

    def run(self, units: Sequence[Unit], hand_on: Callable[[int, Event], None]) -> int:
        """Run all units; returns how many were started (always the first ones).

        `hand_on` gets the number of a unit and one of its events. An exception of `hand_on` or of a unit ends all units,
        and is raised when they are over.
        """
        self._units, self._told = units, [deque() for _ in units]
        with self._cancel.waking(self._stop.set):
            self._start_jobs()
            over = False
            while not over:
                over = not self._working  # read first: no event comes after this
                while self._front < len(units) and self._hand_on_front(hand_on):
                    continue
                self._show()
                if not over:
                    self._wait()
        if self._failed is not None:
            raise self._failed
        return self._begun

    # -- the caller's thread --------------------------------------------------------------------------------------

    def _start_jobs(self) -> None:
        """Start the threads; if the system refuses one, all units end."""
        for _ in range(min(self._jobs, len(self._units))):
            with self._lock:
                self._working += 1
            try:
                threading.Thread(target=self._work, daemon=True).start()
            except RuntimeError as error:
                self._fail(error)
                with self._lock:
                    self._working -= 1

    def _hand_on_front(self, hand_on: Callable[[int, Event], None]) -> bool:
        """Pass on the events of the front; returns whether it is over, so that the next unit is the front."""
        over = self._front in self._ended
        told = self._told[self._front]
        while told:
            try:
                hand_on(self._front, told.popleft())
            except BaseException as error:
                self._fail(error)
        if (unseen := len(self._ended) - self._seen) > 0:
            self._seen += unseen
            self._room.release(unseen)
        self._front += over
        return over

    def _show(self) -> None:
        """Tell `watch` which items are running."""
        if self._watch is None or not self._changed:
            return
        with self._lock:
            running, self._changed = tuple(self._running.values()), False
        self._watch(running)

    def _wait(self) -> None:
        """Wait until something has arrived; nothing is taken here, so that a signal loses nothing."""
        if self._interrupted:
            self._any.acquire()
            return
        try:
            with waiting():
                self._any.acquire(timeout=LOOK)
        except KeyboardInterrupt:
            self._interrupted = True
            self._stop.set()

    # -- the jobs -------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while (number := self._take()) is not None:
                self._run_unit(number)
        finally:
            with self._lock:
                self._working -= 1
            self._wake()

    def _take(self) -> int | None:
        """The number of the next unit, None if there is none to begin."""
        self._room.acquire()
        with self._lock:
            if self._stop.is_set or self._begun == len(self._units):
                return None
            self._begun += 1
            return self._begun - 1

    def _run_unit(self, number: int) -> None:
        try:
            if self._units[number].run(partial(self._tell, number), self._stop):
                self._stop.set()
        except BaseException as error:  # the caller raises it: the thread would only print it
            self._fail(error)
        with self._lock:
            self._changed = self._running.pop(number, None) is not None or self._changed
            self._ended.add(number)
        self._wake()

    def _tell(self, number: int, event: Event) -> None:
        """Take an event of a unit; the caller's thread may move the front at any moment, so it is compared twice."""
        self._told[number].append(event if number == self._front else self._aside(event))
        if self._watch is not None and isinstance(event, ItemStarted):
            with self._lock:
                self._running[number], self._changed = event, True
            self._wake()
        elif number == self._front:
            self._wake()

    def _fail(self, error: BaseException) -> None:
        with self._lock:
            self._failed = self._failed or error
        self._stop.set()

    def _wake(self) -> None:
        with suppress(RuntimeError):  # it is free already
            self._any.release()
