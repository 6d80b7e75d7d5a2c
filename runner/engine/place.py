"""The place in the grid of items and iterations, and how it moves."""

from __future__ import annotations

from runner.engine.plan import Plan
from runner.entropy import Entropy
from runner.events import Cursor


class Place:
    """Walks through one iteration after the other; `None` as next request ends the iteration, not the run.

    With a `span` of positions it sees no other items.
    """

    __slots__ = ("_entropy", "_plan", "_span", "cycles", "iteration", "position")

    def __init__(self, plan: Plan, cycles: int, entropy: Entropy, span: range | None = None) -> None:
        self._plan = plan
        self._span = range(len(plan.items)) if span is None else span
        self._entropy = entropy
        self.cycles = cycles
        self.iteration = 0
        self.position = 0

    @property
    def in_iteration(self) -> bool:
        """Whether the iteration has an item left to run."""
        return self.position < self._span.stop

    def begin(self, iteration: int) -> None:
        """Go to the first item of an iteration."""
        self.iteration, self.position = iteration, self._span.start

    def cursor(self) -> Cursor:
        """The cursor of the execution that begins here."""
        return Cursor(
            position=self.position,
            iteration=self.iteration,
            length=len(self._plan.items),
            cycles=self.cycles,
            ref=self._entropy.uuid(),
        )

    def step(self) -> None:
        """Go to the next item in order."""
        self.position += 1

    def jump(self, name_or_id: str | None) -> bool:
        """Go to a named item; an unknown name or None ends the iteration. Returns whether the name was found."""
        found = None if name_or_id is None else self._plan.position_of(name_or_id)
        there = found is not None and found in self._span
        self.position = found if there and found is not None else self._span.stop
        return there
