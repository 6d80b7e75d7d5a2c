"""What failed in an earlier run, and what is run again for it.

This module only records what runs; the rest of the room is imported when something failed or is run again.
"""

from __future__ import annotations

from bisect import bisect_right

from runner.events import Event, ItemStarted, RunFinished, RunStarted
from runner.model.collection import Collection

RERUN = "rerun"
"""The code of warnings about requests that are run again."""

FOLDER = ".postrunner"
STATE = f"{FOLDER}/last-failed.json"
"""Shown with slashes on every system."""


class Iterations:
    """Numbers of iterations, in which neighbours take no room of their own."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._ends: list[int] = []

    def add(self, iteration: int) -> None:
        """Take one in; those of a run come in order, each as often as a request runs in it."""
        if not self._ends or iteration > self._ends[-1]:
            self._firsts.append(iteration)
            self._ends.append(iteration + 1)
        elif iteration == self._ends[-1]:
            self._ends[-1] += 1

    def __contains__(self, iteration: int) -> bool:
        at = bisect_right(self._firsts, iteration) - 1
        return at >= 0 and iteration < self._ends[at]


class Ran:
    """The iterations in which each request ran, by unit, path and name, and the units whose runs came to their ends.

    `cycles` is how many iterations the run of a unit has.
    """

    def __init__(self) -> None:
        self.collections: dict[str, Collection] = {}
        self.requests: dict[tuple[str, tuple[str, ...], str], Iterations] = {}
        self.cycles: dict[str, int] = {}
        self.ended: set[str] = set()

    def on(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, ItemStarted):
            key = (event.unit, event.path, event.item.name)
            if key not in self.requests:
                self.requests[key] = Iterations()
                self.cycles[event.unit] = max(self.cycles.get(event.unit, 0), event.cursor.cycles)
            self.requests[key].add(event.cursor.iteration)
        elif isinstance(event, RunStarted):
            self.collections.setdefault(event.unit, event.collection)
        elif isinstance(event, RunFinished):
            (self.ended.discard if event.error else self.ended.add)(event.unit)
