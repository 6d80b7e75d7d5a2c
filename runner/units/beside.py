"""Runs several units beside each other, each on a thread of its own; what they tell is handed on in order."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from runner.cancel import LOOK, Cancel
from runner.events import Event, ItemStarted
from runner.interruption import waiting
from runner.model.quick_dataclass import dataclass

Tell = Callable[[Event], None]
Watch = Callable[[Sequence[ItemStarted]], None]


@dataclass(frozen=True, slots=True)
class Unit:
    """What can run beside others.

    `run` gets what takes its events, and what ends it; it returns whether all other units must end with it.
    """

    run: Callable[[Tell, Cancel], bool]


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
        self._arrived: queue.SimpleQueue[tuple[int, Event | bool]] = queue.SimpleQueue()
        self._any = threading.Lock()  # free while something may have arrived; no `Event`, which a signal may leave locked
        self._any.acquire()
        self._stop = Cancel()
        self._interrupted = False
        self._running: dict[int, ItemStarted] = {}

    def stop(self) -> None:
        """End all units."""
        self._stop.set()

    def run(self, units: Sequence[Unit], hand_on: Callable[[int, Event], None]) -> int:
        """Run all units; returns how many were begun, which are the first ones.

        `hand_on` gets the number of a unit and an event of it; whatever it raises ends all units and is raised in the end.
        """
        held: dict[int, deque[Event]] = {number: deque() for number in range(len(units))}
        begun = over = front = 0
        ended: set[int] = set()
        failed: BaseException | None = None
        with self._cancel.waking(self._stop.set):
            while True:
                while begun < len(units) and begun - over < self._jobs and not self._stop.is_set:
                    threading.Thread(target=self._work, args=(begun, units[begun]), daemon=True).start()
                    begun += 1
                if over == begun:
                    break
                number, event = self._next()
                self._show(number, event)
                if isinstance(event, Event):
                    held[number].append(event if number == front else self._aside(event))
                else:
                    ended.add(number)
                    over += 1
                    if event:
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

    def _work(self, number: int, unit: Unit) -> None:
        ends = True
        try:
            ends = unit.run(lambda event: self._put(number, event), self._stop)
        finally:
            self._put(number, ends)

    def _put(self, number: int, arrived: Event | bool) -> None:
        self._arrived.put((number, arrived))
        with suppress(RuntimeError):  # it is free already
            self._any.release()

    def _next(self) -> tuple[int, Event | bool]:
        """The next event of any unit, or, when it is over, whether all must end. A signal ends the units, not this wait."""
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

    def _show(self, number: int, event: Event | bool) -> None:
        """Tell who watches what runs now."""
        if isinstance(event, ItemStarted):
            self._running[number] = event
        elif not isinstance(event, bool) or self._running.pop(number, None) is None:
            return
        if self._watch is not None:
            self._watch(tuple(self._running.values()))
