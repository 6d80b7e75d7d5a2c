"""Runs several units at once, each on its own thread; their events are passed on in order."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from runner.cancel import LOOK, Cancel
from runner.errors import Cancelled, PostrunnerError
from runner.events import Event, ItemStarted
from runner.interruption import asked, waiting
from runner.model.quick_dataclass import dataclass

Tell = Callable[[Event], None]
Watch = Callable[[Sequence[ItemStarted]], None]


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that can run in parallel.

    `run` gets a function that takes its events, and what cancels it; it returns whether all other units must end, too.
    """

    run: Callable[[Tell, Cancel], bool]


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a unit: whether all others must end, too, and the exception that it raised."""

    ends: bool
    error: BaseException | None = None


class Beside:
    """Runs units, at most `jobs` at a time, and passes on their events on the caller's thread, in the order of the units.

    So reports are the same whatever the number of jobs. Events of the first unfinished unit are passed on at once; those
    of later units wait, each made smaller by `aside`. `cancel` ends all units, as a unit may: those that have not begun
    never do. `watch` gets the running items whenever they change.
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
        self._arrived: queue.SimpleQueue[tuple[int, Event | Ended]] = queue.SimpleQueue()
        self._any = threading.Lock()  # free if something may have arrived; not an `Event`, which a signal may leave locked
        self._any.acquire()
        self._stop = Cancel()
        self._interrupted = False
        self._running: dict[int, ItemStarted] = {}

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
        held: dict[int, deque[Event]] = {number: deque() for number in range(len(units))}
        begun = over = front = 0
        ended: set[int] = set()
        failed: BaseException | None = None
        with self._cancel.waking(self._stop.set):
            while True:
                while begun < len(units) and begun - over < self._jobs and not self._stop.is_set:
                    failed = failed or self._begin(begun, units[begun])
                    begun += 1
                if over == begun:
                    break
                number, arrived = self._next()
                self._show(number, arrived)
                if isinstance(arrived, Event):
                    held[number].append(arrived if number == front else self._aside(arrived))
                else:
                    ended.add(number)
                    over += 1
                    failed = failed or arrived.error
                    if arrived.ends:
                        self._stop.set()
                try:
                    while front < begun:
                        while held[front]:
                            hand_on(front, held[front].popleft())
                        if front not in ended:
                            break
                        front += 1
                except BaseException as error:
                    failed = failed or error
                    self._stop.set()
        if failed is not None:
            raise failed
        return begun

    def _begin(self, number: int, unit: Unit) -> RuntimeError | None:
        """Start the thread of a unit; returns the error if the system refuses, which ends all units."""
        try:
            threading.Thread(target=self._work, args=(number, unit), daemon=True).start()
        except RuntimeError as error:
            self._stop.set()
            self._put(number, Ended(ends=True))
            return error
        return None

    def _work(self, number: int, unit: Unit) -> None:
        ended = Ended(ends=True)
        try:
            ended = Ended(unit.run(lambda event: self._put(number, event), self._stop))
        except BaseException as error:  # the caller raises it: the thread would only print it
            ended = Ended(ends=True, error=error)
        finally:
            self._put(number, ended)

    def _put(self, number: int, arrived: Event | Ended) -> None:
        self._arrived.put((number, arrived))
        with suppress(RuntimeError):  # it is free already
            self._any.release()

    def _next(self) -> tuple[int, Event | Ended]:
        """The next event of any unit, or its end. A signal ends the units, not this wait."""
        while True:
            try:
                return self._arrived.get_nowait()
            except queue.Empty:
                self._wait()

    def _wait(self) -> None:
        """Wait until something has arrived; nothing is taken from the queue here, so that a signal loses nothing."""
        if self._interrupted:
            self._any.acquire()
            return
        try:
            with waiting():
                self._any.acquire(timeout=LOOK)
        except KeyboardInterrupt:
            self._interrupted = True
            self._stop.set()

    def _show(self, number: int, event: Event | Ended) -> None:
        """Tell `watch` which items are running."""
        if isinstance(event, ItemStarted):
            self._running[number] = event
        elif not isinstance(event, Ended) or self._running.pop(number, None) is None:
            return
        if self._watch is not None:
            self._watch(tuple(self._running.values()))
