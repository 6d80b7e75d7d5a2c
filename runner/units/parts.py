"""Runs the iterations or folders of one collection in parallel and reports them as one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from runner.cancel import Cancel
from runner.effects import to_end
from runner.engine.iterations import nothing_run
from runner.engine.ports import Inputs
from runner.engine.states import State
from runner.errors import Interrupted, NothingRun, PostrunnerError, RunError
from runner.events import Event, ItemFinished, IterationFinished, IterationStarted, RunFinished, RunStarted, Warned, stamp
from runner.export.targets import wants_exports
from runner.model.quick_dataclass import dataclass
from runner.units.beside import Beside, Tell, Unit, Watch
from runner.units.independence import folders_of
from runner.units.making import Units
from runner.variables.merge import Merge

if TYPE_CHECKING:
    from runner.client.http import Client
    from runner.cookies.jar import CookieJar
    from runner.sandbox.sandbox import Sandbox


@dataclass(slots=True)
class Job:
    """What a job keeps from part to part: its script world, and a client whose connections are reused."""

    sandbox: Sandbox
    client: Client


class Parts:
    """Runs the parts of one collection from the same state, and passes on their events as those of one run.

    Each part has its own variables and cookies. Each job has one script world and its connections: later parts of the same
    job see what scripts leave in their globals. What the parts leave is merged in their order.
    """

    def __init__(
        self,
        units: Units,
        inputs: Inputs,
        state: State[CookieJar],
        *,
        unit: str,
        identity: str,
        emit: Tell,
        aside: Callable[[Event], Event],
        watch: Watch | None,
        deadline: float | None,
        cancel: Cancel,
    ) -> None:
        self._units = units
        self._inputs = inputs
        self._state = state
        self._unit = unit
        self._identity = identity
        self._emit = emit
        self._aside = aside
        self._watch = watch
        self._deadline = deadline
        self._cancel = cancel
        self._idle: list[Job] = []
        self._states: dict[int, State[CookieJar]] = {}
        self._warned: set[tuple[str, str]] = set()
        self._executed = False
        self._error: PostrunnerError | None = None
        self._stopped: PostrunnerError | None = None

    def run(self) -> bool:
        """Run all parts; returns whether later collections must not run."""
        ends, clock = False, self._units.clock
        try:
            self._tell(self._inputs.started(clock.now() * 1000))
            for parts in self._rounds():
                ends = self._run_round(parts)
                if ends:
                    break
            if not self._executed and not ends:
                self._tell(nothing_run(self._inputs.plan, self._units.options))
        except RunError as failed:  # a listener raised it, or nothing was run
            self._error = failed
        finally:
            for job in self._idle:
                job.sandbox.close()
                job.client.close()
        error = self._stopped or self._error
        self._tell(self._inputs.finished(self._state.scopes, clock.now() * 1000, error))
        return ends or not (error is None or isinstance(error, NothingRun))

    def _rounds(self) -> Iterator[list[Inputs]]:
        """The parts that run in parallel: all iterations in one round, or a round of folders for each iteration."""
        own = self._inputs.iterations
        cycles = range(self._inputs.cycles(self._units.options.iteration_count)) if own is None else own
        first, alone = self._inputs.warnings, [(iteration,) for iteration in cycles]
        if self._units.options.parallel == "iterations":
            yield [replace(self._inputs, iterations=one, warnings=() if at else first) for at, one in enumerate(alone)]
            return
        spans = folders_of(self._inputs.plan)
        for at, one in enumerate(alone):
            warnings = [() if at or span.start else first for span in spans]
            yield [
                replace(self._inputs, iterations=one, span=span, warnings=told)
                for span, told in zip(spans, warnings, strict=True)
            ]

    def _run_round(self, parts: list[Inputs]) -> bool:
        beside = Beside(self._units.jobs, self._cancel, aside=self._aside, watch=self._watch)
        merge, jar, ends = Merge(self._state.scopes), self._state.jar.copy(), [False]
        base = State(self._state.scopes.copy(), jar)

        def hand_on(number: int, event: Event) -> None:
            if isinstance(event, RunFinished) and beside.broke_off(event.error):
                event = replace(event, error=None)  # being ended by another part is not a failure of this one
            try:
                if self._stopped is None or isinstance(event, RunFinished):
                    self._take(parts, number, event, merge, base)
            except (PostrunnerError, KeyboardInterrupt) as error:  # a listener raised it
                self._stopped = error if isinstance(error, PostrunnerError) else Interrupted()
                beside.stop()

        def work(number: int, tell: Tell, cancel: Cancel) -> bool:
            ends[0] = self._run_part(number, parts[number], base, tell, cancel) or ends[0]
            return ends[0]

        beside.run([Unit(partial(work, number)) for number in range(len(parts))], hand_on)
        return ends[0] or self._stopped is not None

    def _run_part(self, number: int, part: Inputs, base: State[CookieJar], tell: Tell, cancel: Cancel) -> bool:
        entropy = self._units.entropy(f"{self._identity} {self._name(part)}".strip())
        state = self._states[number] = State(base.scopes.copy(), base.jar.copy())
        try:
            job = self._idle.pop()
        except IndexError:
            job = Job(client=self._units.client(self._state.jar), sandbox=self._units.sandbox(part.plan, entropy))
        job.sandbox.draw_from(entropy)
        try:
            return to_end(
                self._units.moments(
                    part,
                    state,
                    job.sandbox,
                    entropy,
                    tell,
                    unit=self._unit,
                    deadline=self._deadline,
                    cancel=cancel,
                    client=job.client,
                )
            )
        finally:
            self._idle.append(job)

    def _name(self, part: Inputs) -> str:
        """What a part is called: `iteration 3`, or the folder or request at its beginning."""
        assert part.iterations is not None
        iteration = f"iteration {part.iterations[0] + 1}"
        if part.span is None:
            return iteration
        first = part.plan.items[part.span.start]
        name = (*first.path, first.item.name)[0]
        return name if self._inputs.cycles(self._units.options.iteration_count) == 1 else f"{name}, {iteration}"

    def _take(self, parts: list[Inputs], number: int, event: Event, merge: Merge, base: State[CookieJar]) -> None:
        """Pass on an event as one of the whole run; its start and end are reported once."""
        part = parts[number]
        if isinstance(event, RunFinished):
            self._end_part(self._name(part), number, event, merge, base)
        elif isinstance(event, RunStarted):
            return
        elif isinstance(event, IterationStarted | IterationFinished) and part.span is not None:
            if number == (0 if isinstance(event, IterationStarted) else len(parts) - 1):
                self._emit(event)
        elif not isinstance(event, Warned) or (event.code, event.message) not in self._warned:
            if isinstance(event, Warned):
                self._warned.add((event.code, event.message))
            self._executed = self._executed or (isinstance(event, ItemFinished) and not event.skipped)
            self._emit(event)

    def _end_part(self, name: str, number: int, event: RunFinished, merge: Merge, base: State[CookieJar]) -> None:
        """Merge the state that a part left, and keep the error that ended it."""
        self._error = self._error or event.error
        left = self._states.pop(number)
        self._state.jar.take_over(left.jar, base.jar)
        overwritten = merge.take(name, left.scopes)
        for one in overwritten if wants_exports(self._units.options) else ():
            both = f"{one.first} and {one.second}"
            message = f'"{one.name}" ({one.scope}) was set to different values by {both}: the later one counts'
            self._tell(Warned(code="parallel-conflict", message=message))

    def _tell(self, event: Event) -> None:
        stamp(event, self._unit, self._units.clock)
        self._emit(event)
