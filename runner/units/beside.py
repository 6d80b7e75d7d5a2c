"""Runs several units beside each other, each on a thread of its own; what they tell is handed on in order."""

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
    """What can run beside others.

    `run` gets what takes its events, and what ends it; it returns whether all other units must end with it.
    """

    run: Callable[[Tell, Cancel], bool]


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a unit: whether all others must end with it, and what it raised."""

    ends: bool
    error: BaseException | None = None


class Beside:
    """Runs units, at most `jobs` at a time, and hands on their events on the caller's thread, in the order of the units.

    So reports are the same whatever the number of jobs. The first unit that is not over yet is told of as it goes; the
    events of those after it wait, each made smaller by `aside`. `cancel` ends all of them, as a unit may: those that have
    not begun by then never do. `watch` is told which items run now, whenever they change.
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
        self._any = threading.Lock()  # free while something may have arrived; no `Event`, which a signal may leave locked
        self._any.acquire()
        self._stop = Cancel()
        self._interrupted = False
        self._running: dict[int, ItemStarted] = {}

    def stop(self) -> None:
        """End all units."""
        self._stop.set()

    def broke_off(self, error: PostrunnerError | None) -> bool:
        """Whether a unit that ended with this error was only ended with another one: nobody asked for the end of all."""
        return isinstance(error, Cancelled) and not self._cancel.is_set and not asked()

    def run(self, units: Sequence[Unit], hand_on: Callable[[int, Event], None]) -> int:
        """Run all units; returns how many were begun, which are the first ones.

        `hand_on` gets the number of a unit and an event of it. Whatever it or a unit raises ends all units, and is raised
        once they are over.
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
        """Start the thread of a unit; gives what the system refused it with, which ends all units."""
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
        except BaseException as error:  # it belongs to the caller: a thread would only print it
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
        """Wait until something arrived; nothing is taken here, so that a signal loses nothing."""
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
        """Tell who watches what runs now."""
        if isinstance(event, ItemStarted):
            self._running[number] = event
        elif not isinstance(event, Ended) or self._running.pop(number, None) is None:
            return
        if self._watch is not None:
            self._watch(tuple(self._running.values()))
