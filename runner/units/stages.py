"""The stages of one call: all setups, then all collections, one after the other or in parallel, then all teardowns."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from runner.cancel import Cancel
from runner.effects import to_end
from runner.engine.states import State, States
from runner.errors import Bailed, Interrupted, PostrunnerError
from runner.events import Event, RunFinished
from runner.interruption import set_aside
from runner.units.making import Units

if TYPE_CHECKING:
    from runner.cookies.jar import CookieJar
    from runner.engine.ports import Inputs
    from runner.units.beside import Tell, Watch

Leave = Callable[[str, "CookieJar"], None]
Moments = Generator[None, None, bool]


class Stages:
    """Runs the collections of a call with their setups and teardowns; `inputs` has each by the name of its unit.

    With a seed, the random values of each come from its text in `identities`. `emit` takes all events in order, `leave`
    the cookies of a collection that is over. Events that wait for their turn are made smaller by `aside`; `watch` gets
    the items that are running.
    """

    def __init__(
        self,
        units: Units,
        inputs: Mapping[str, Inputs],
        identities: Mapping[str, str],
        states: States[CookieJar],
        *,
        emit: Tell,
        leave: Leave,
        deadline: float | None,
        cancel: Cancel,
        aside: Callable[[Event], Event],
        watch: Watch | None,
    ) -> None:
        self._units = units
        self._inputs = inputs
        self._identities = identities
        self._states = states
        self._emit = emit
        self._leave = leave
        self._deadline = deadline
        self._cancel = cancel
        self._aside = aside
        self._watch = watch

    def moments(self) -> Iterator[None]:
        """Run all stages step by step. Teardowns run whatever ended the rest, with a time limit of their own.

        Without anything between them neither setups nor teardowns run.
        """
        chosen = {unit for unit, one in self._inputs.items() if one.plan.items}
        wanted = {unit: one for unit, one in self._inputs.items() if one.plan.items or not (chosen and self._may_lack(one))}
        if not chosen or (yield from self._set_up()):
            yield from self._run_collections(wanted)
        for unit, one in self._inputs.items():
            if one.plan.teardown is not None and chosen:
                with set_aside():
                    cancel = Cancel() if self._cancel.is_set else self._cancel
                    teardown = replace(one, plan=one.plan.teardown, warnings=())
                    yield from self._run_one(unit, teardown, self._emit, cancel, None)
            if unit in self._states:
                self._leave(unit, self._states.of(unit, one).jar)

    def _may_lack(self, one: Inputs) -> bool:
        """Whether a collection beside others may have nothing to run: what it has is filtered, or in another shard."""
        return self._units.options.filters or one.plan.left_to_others

    def _set_up(self) -> Moments:
        """Run all setups; returns whether the collections may run. A setup also reports the warnings of its collection."""
        goes_on = True
        for unit, one in self._inputs.items():
            if one.plan.setup is not None and goes_on:
                setup = replace(one, plan=one.plan.setup)
                goes_on = not (yield from self._run_one(unit, setup, self._emit, self._cancel, self._deadline))
                self._states.set_up(unit)
        self._states.all_set_up()
        return goes_on

    def _run_collections(self, wanted: Mapping[str, Inputs]) -> Iterator[None]:
        if self._units.jobs > 1 and not self._units.options.parallel:
            self._run_beside(list(wanted))
            return
        for unit in wanted:
            ends = yield from self._run_collection(unit, self._emit, self._cancel)
            self._leave_early(unit)
            if ends:
                return

    def _run_beside(self, wanted: list[str]) -> None:
        """Run collections in parallel; their events, and what follows their ends, come in order."""
        from runner.units.beside import Beside, Unit

        failed: dict[int, PostrunnerError] = {}
        beside = Beside(self._units.jobs, self._cancel, aside=self._aside, watch=self._watch)

        def hand_on(number: int, event: Event) -> None:
            if isinstance(event, RunFinished):
                broken_off = Bailed("it was ended with a collection that failed beside it")
                error = broken_off if beside.broke_off(event.error) else event.error
                event = replace(event, error=failed.get(number) or error)
            elif number in failed:
                return
            try:
                self._emit(event)
            except (PostrunnerError, KeyboardInterrupt) as error:  # a listener raised it
                failed[number] = error if isinstance(error, PostrunnerError) else Interrupted()
                beside.stop()
            if isinstance(event, RunFinished):
                self._leave_early(wanted[number])

        for unit in wanted:  # here, because the states of all collections come from one another
            self._states.of(unit, self._inputs[unit])
        beside.run([Unit(partial(self._run_whole, unit)) for unit in wanted], hand_on)

    def _run_whole(self, unit: str, emit: Tell, cancel: Cancel) -> bool:
        return to_end(self._run_collection(unit, emit, cancel))

    def _leave_early(self, unit: str) -> None:
        if self._inputs[unit].plan.teardown is None:
            self._leave(unit, self._states.of(unit, self._inputs[unit]).jar)

    def _run_collection(self, unit: str, emit: Tell, cancel: Cancel) -> Moments:
        one = self._inputs[unit]
        if one.plan.setup is not None and one.plan.items:
            one = replace(one, warnings=())
        if not self._units.options.parallel or not one.plan.items:
            return (yield from self._run_one(unit, one, emit, cancel, self._deadline))
        from runner.units.parts import Parts

        return Parts(
            self._units,
            one,
            self._states.of(unit, one),
            unit=unit,
            identity=self._identities[unit],
            emit=emit,
            aside=self._aside,
            watch=self._watch,
            deadline=self._deadline,
            cancel=cancel,
        ).run()

    def _run_one(self, unit: str, inputs: Inputs, emit: Tell, cancel: Cancel, deadline: float | None) -> Moments:
        """Run a part of a unit; returns whether later parts must not run."""
        entropy = self._units.entropy(" ".join(filter(None, (self._identities[unit], inputs.plan.part))))
        state: State[CookieJar] = self._states.of(unit, inputs)
        sandbox = self._units.sandbox(inputs.plan, entropy)
        try:
            return (
                yield from self._units.moments(
                    inputs, state, sandbox, entropy, emit, unit=unit, deadline=deadline, cancel=cancel
                )
            )
        finally:
            sandbox.close()
