"""One run of a collection that goes on request by request, as far as the items of pytest ask it to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import field, replace
from itertools import islice
from typing import TYPE_CHECKING

from runner.cancel import Cancel
from runner.errors import PostrunnerError
from runner.events import (
    Event,
    ItemFinished,
    ItemStarted,
    IterationFinished,
    NextRequestSet,
    RunFinished,
    RunStarted,
    Warned,
)
from runner.interruption import Interrupt, asked, listen
from runner.model.quick_dataclass import dataclass
from runner.python.given import transport_of
from runner.results.execution import Execution
from runner.session import Session

if TYPE_CHECKING:
    from runner.api import AnyTransport
    from runner.engine.ports import Inputs
    from runner.model.collection import Collection
    from runner.options import RunOptions
    from runner.sandbox.child import Child
    from runner.sandbox.worlds import World

Spot = tuple[int, int]
"""Iteration and position of a request, from 0; spots compare in the order of the run."""

END: Spot = (sys.maxsize, 0)
"""Behind all spots."""


@dataclass(slots=True)
class Ran:
    """What came of a request: its own execution, those that its scripts ran, and those that its jumps back led to."""

    executions: list[Execution] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unsent: str = ""
    """Why a request of its kind cannot be sent, if that is so."""

    @property
    def own(self) -> Execution | None:
        """Its own execution: the first that no script ran."""
        return next((execution for execution in self.executions if not execution.within), None)

    def forget(self) -> None:
        """Let go of requests and responses, once they have been shown: a long run needs no more memory than a short one."""
        self.executions.clear()


class Chain:
    """A run of a collection from its first request to the last one that was asked for.

    A request belongs to its spot when the run comes there for the first time in an iteration; where `setNextRequest` goes
    back, all that is executed until the run is beyond that spot belongs to the request that jumped.

    With `alone` the run has only the request at this spot, between setup and teardown. `child` is one for its scripts.
    """

    def __init__(
        self,
        collection: Collection,
        options: RunOptions,
        transport: AnyTransport | None,
        *,
        alone: Spot | None = None,
        child: Child | World | None = None,
    ) -> None:
        self.options = options
        self.setup, self.teardown = Ran(), Ran()
        self.error: PostrunnerError | None = None
        self._stack, self._cancel = ExitStack(), Cancel()
        self._session = Session(
            options,
            self._stack,
            self._on_event,
            transport_of(transport, self._stack),
            child=child,
            on_execution=self._on_execution,
            cancel=self._cancel,
        )
        self.secrets = self._session.secrets
        self._asked: set[Spot] = set()
        self._ran: dict[Spot, Ran] = {}
        self._failed: dict[Spot, Ran] = {}
        self._missed: dict[Spot, str] = {}
        self._now = self.setup
        self._alone = alone
        self._last: Spot = (0, -1) if alone is None else (alone[0], alone[1] - 1)  # the one that ran last, or runs
        self._decided: Spot = (-1, 0)  # everything before it ran or was passed over
        self._part, self._length, self._jump, self._begun = "", 0, "", False
        try:
            (inputs,) = self._session.load([collection])
            self._moments = self._session.moments([inputs if alone is None else _only(inputs, alone)])
        except BaseException:
            self._stack.close()
            raise

    def reach(self, spot: Spot) -> list[Ran]:
        """Run what comes before a spot, as far as it has not run yet; returns what ran now."""
        self._asked.add(spot)
        if self._decided >= spot:
            return []
        known = len(self._ran)
        self._go_on(spot)
        return [ran for at, ran in islice(self._ran.items(), known, None) if at < spot]

    def run(self, spot: Spot) -> Ran | None:
        """What came of the request at a spot, which runs now if it has not yet; None if it was passed over."""
        iteration, position = spot
        self._go_on((iteration, position + 1))
        return self._ran.get(spot)

    def failed_before(self, spot: Spot) -> Iterator[tuple[Spot, Ran]]:
        """What ran before a spot and failed, in order."""
        return ((at, ran) for at, ran in self._failed.items() if at < spot)

    def has_run(self, spot: Spot) -> bool:
        """Whether the run came to a spot."""
        return spot in self._ran

    def was_asked(self, spot: Spot) -> bool:
        """Whether an item has asked for this spot before: to run it again takes a new run."""
        return spot in self._asked

    def why_missed(self, spot: Spot) -> str:
        """Why the run did not come to a spot."""
        return self._missed.get(spot) or "not reached"

    def close(self) -> None:
        """End the run; what is in `--setup` and `--teardown` is whole."""
        try:
            if self._begun:
                self._cancel.set()
                with listen("SIGINT"):
                    for _ in self._moments:
                        continue
        finally:
            self._stack.close()

    def _go_on(self, until: Spot) -> None:
        """Run until everything before this spot is decided."""
        if self._decided >= until:
            return
        self._begun = True
        with listen("SIGINT"):
            for _ in self._moments:
                if self._decided >= until:
                    break
            if asked():
                raise Interrupt

    def _on_event(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._part, self._length = event.part, len(event.items) if self._alone is None else self._alone[1] + 1
            if not self._part:
                self._decided = (0, 0)
        elif isinstance(event, RunFinished):
            self.error = self.error or event.error
            if event.error is not None or not self._part:
                self._decided = END
        elif isinstance(event, Warned):
            self._now.warnings.append(event.message)
        elif isinstance(event, ItemStarted) and not self._part:
            self._come_to((event.cursor.iteration, event.cursor.position))
        elif isinstance(event, ItemFinished) and event.skip_reason:
            self._now.unsent = event.skip_reason
        elif isinstance(event, NextRequestSet):
            self._jump = f"not reached: {event.item.name!r} calls setNextRequest({event.name!r})"
        elif isinstance(event, IterationFinished):
            self._pass_over(event.cursor.iteration, self._length)
            self._decided = (event.cursor.iteration + 1, 0)

    def _come_to(self, spot: Spot) -> None:
        if spot > self._last:
            self._pass_over(*spot)
            self._now = self._ran[spot] = Ran()
            self._last = self._decided = spot

    def _pass_over(self, iteration: int, position: int) -> None:
        """Note why what lies between the last request and this one was not reached."""
        first = self._last[1] + 1 if self._last[0] == iteration else 0
        self._missed.update(((iteration, at), self._jump) for at in range(first, position))

    def _on_execution(self, execution: Execution) -> None:
        of = {"setup": self.setup, "teardown": self.teardown}.get(execution.part, self._now)
        of.executions.append(execution)
        if execution.failed and of is self._ran.get(self._last):
            self._failed[self._last] = of


def _only(inputs: Inputs, spot: Spot) -> Inputs:
    """The inputs of a run that has the request at this spot alone."""
    iteration, position = spot
    return replace(inputs, iterations=range(iteration, iteration + 1), span=range(position, position + 1))
