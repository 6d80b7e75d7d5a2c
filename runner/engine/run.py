"""The driver: the only place that waits. It performs effects, owns all state that changes, and hands out events."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from runner.cancel import Cancel
from runner.effects import (
    AskScript,
    Compute,
    CookiesFor,
    Performers,
    Prompt,
    ReadCode,
    ReadFile,
    Sleep,
    Step,
    UseVault,
    WaitSends,
    WaitToken,
    Wish,
    drive,
    driven,
)
from runner.engine.background_sends import BackgroundSends, Tell
from runner.engine.bail import Bail
from runner.engine.item import Decide, ItemOutcome, ItemRun, Shared
from runner.engine.iterations import Iterations
from runner.engine.place import Place
from runner.engine.plan import PlannedItem, find_item
from runner.engine.ports import Inputs, Ports
from runner.engine.prompt import prompt
from runner.engine.secret_discovery import learn_collection, learn_variables
from runner.engine.vault import Vault
from runner.errors import (
    Bailed,
    Cancelled,
    Interrupted,
    NothingRun,
    PostrunnerError,
    RequestError,
    RunAborted,
    UsageError,
    unforeseen,
)
from runner.events import Cursor, Event, ItemEvent, RequestFinished, ScriptStarted, Warned, stamp
from runner.interruption import check, undisturbed, waiting
from runner.model.json import Json, JsonObject
from runner.model.response import Exchange
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.variables.scopes import Scopes

if TYPE_CHECKING:
    from runner.engine.attempts import Attempts

DEPTH_LIMIT = 10
BESIDE = (Sleep, Prompt, WaitToken)
"""What an auth flow that runs beside a script may ask for, apart from its requests."""

HELD = (RequestFinished, ScriptStarted)
"""Events that are handed out while the script behind them runs, not before it starts: reports take as long as a script."""

QUICK = (AskScript, CookiesFor)
"""Effects that are performed although events are held."""


class Run:
    """One run of a plan. `emit` gets every event, in order, on the caller's thread.

    `deadline` is a moment of the monotonic clock at which several runs that share a time limit end; `unit` names one of
    them. `cancel` ends the run from any thread; it belongs to this run alone, which sets it at its end. `scopes` are those
    of a run that this one goes on from.
    """

    def __init__(
        self,
        inputs: Inputs,
        options: RunOptions,
        ports: Ports,
        emit: Callable[[Event], None],
        deadline: float | None = None,
        unit: str = "0",
        cancel: Cancel | None = None,
        scopes: Scopes | None = None,
    ) -> None:
        self.inputs = inputs
        self.options = options
        self.ports = ports
        self.cancel = cancel or Cancel()
        self.scopes = scopes or inputs.scopes()
        self._shared = Shared(
            protocols=ports.protocols,
            collection=inputs.plan.collection,
            scopes=self.scopes,
            run_script=ports.sandbox.run,
            run_item=self._stored_item_steps,
            environment_name=inputs.environment.name,
            delay=options.delay_request or 0,
            judges=ports.judges,
        )
        self._stamp: Callable[[Event], None] = partial(stamp, unit=unit, clock=ports.clock)
        self._hand_out = emit
        self._held: list[Event] = []
        self._sends = BackgroundSends(self._stamp, self.cancel)
        self._cursors: list[Cursor] = []
        limit = ports.clock.monotonic() + options.timeout / 1000 if options.timeout else None
        self._deadline = deadline or limit
        self._bail = Bail.of_part(inputs.plan.part, options.bail)
        self._attempts: Attempts | None = None
        self._error: PostrunnerError | None = None
        self._versions: tuple[int, ...] = ()
        self._generation = 0
        self._learned: dict[str, tuple[int, dict[int, Variable]]] = {}
        self._warned: set[tuple[str, str]] = set()
        self._performers = self._make_performers()

    def _make_performers(self) -> Performers:
        performers, files = Performers(), self.ports.files

        def read_code(effect: ReadCode) -> bytes:
            return files.read_code(effect.path, effect.folder)

        performers.add(ReadFile, lambda effect: files.load(effect.path, by_script=effect.by_script))
        performers.add(ReadCode, read_code)
        performers.add(Sleep, self._sleep)
        performers.add(Prompt, self._prompt)
        performers.add(AskScript, self._ask_script)
        performers.add(Compute, self._compute)
        performers.add(WaitSends, self._wait_sends)
        performers.add(UseVault, Vault(self.ports.secrets.add).use)
        for protocol in self.ports.protocols.values():
            protocol.add_performers(performers, self)
        return performers

    # -- the run ------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run to the end."""
        for _ in self.moments():
            continue

    @property
    def ends_others(self) -> bool:
        """Whether what happened here ends the runs that go on beside this one, and lets those after it not begin."""
        return self._bail.ends_run or (self._error is not None and not isinstance(self._error, NothingRun))

    def moments(self) -> Iterator[None]:
        """Run bit by bit: each time after an event was told or an effect performed, the caller may wait, or close this.

        Whatever ends the run, `RunFinished` is emitted with the state of all scopes.
        """
        learn_collection(self.ports.secrets, self.inputs.plan.collection)
        error: PostrunnerError | None = None
        try:
            self._emit(self.inputs.started(self.ports.clock.now() * 1000))
            yield from driven(self._steps(), self.answer)
        except GeneratorExit:
            error = Cancelled("the run was stopped")
        except KeyboardInterrupt as interrupt:
            error = Interrupted(exit_code=getattr(interrupt, "exit_code", 130))
        except PostrunnerError as caught:
            error = caught
        except Exception as defect:  # the reports must be written whatever happens
            if os.environ.get("POSTRUNNER_DEBUG"):
                raise
            error = unforeseen(defect)
        finally:
            self.cancel.set()  # nothing goes on beside a run that is over
        try:
            self._hand_out_held()
        except PostrunnerError as caught:
            error = error or caught
        self._error = error
        self._emit(self.inputs.finished(self.scopes, self.ports.clock.now() * 1000, error))

    def _steps(self) -> Step[None]:
        yield from self.inputs.warnings
        yield from self._walk().steps()

    def _walk(self) -> Iterations:
        return Iterations(self.inputs, self.options, self.scopes, self.ports.entropy, self._bail, self._attempted)

    def iterate(self, place: Place, iteration: int, row: JsonObject) -> None:
        """Run one iteration, from what the last one left, without the events of a whole run around it.

        Raises `PostrunnerError` if the iteration cannot go on, and what `emit` raises.
        """
        drive(self._walk().one(place, iteration, row), self.answer)

    def item_steps(
        self, planned: PlannedItem, cursor: Cursor, decide: Decide | None = None, source: str = "item"
    ) -> Step[ItemOutcome]:
        """One execution of an item; `source` is `script` if a script runs it, `decide` whether it is run again."""
        self._cursors.append(cursor)
        try:
            return (yield from ItemRun(planned, cursor, self._shared, source, decide).steps())
        finally:
            self._cursors.pop()

    def _attempted(self, planned: PlannedItem, cursor: Cursor) -> Step[ItemOutcome]:
        """The execution of an item of the plan, which may be several attempts."""
        retries = self.options.retries if planned.retries is None else planned.retries
        if not retries:
            return self.item_steps(planned, cursor)
        if self._attempts is None:
            from runner.engine.attempts import Attempts  # most runs have none

            self._attempts = Attempts(self.options, self.ports.clock, self._bail, self._remember, self.item_steps)
        return self._attempts.steps(planned, cursor, retries)

    def _remember(self) -> Callable[[], None]:
        """What brings the variables and the protocols' own state back to what they are now."""
        restores = [scope.remember() for scope in self.scopes.ordered]
        restores += [protocol.remember() for protocol in self.ports.protocols.values()]

        def restore() -> None:
            for one in restores:
                one()

        return restore

    def _stored_item_steps(self, id: str, variables: Mapping[str, Json]) -> Step[Exchange | None]:
        """Run the stored request that a script names, with variables of its own, as a part of the running item."""
        planned = find_item(self.inputs.plan.collection, id)
        if planned is None:
            raise RequestError(f'there is no request with the id "{id}" in this collection')
        if len(self._cursors) > DEPTH_LIMIT:
            raise RequestError(f"pm.execution.runRequest is nested more than {DEPTH_LIMIT} deep")
        given = [Variable(key, value, by_script=True) for key, value in variables.items()]
        if given:
            self.scopes.local.assign([*self.scopes.local.variables, *given])
        cursor = replace(self._cursors[-1], ref=self.ports.entropy.uuid())
        return (yield from self.item_steps(planned, cursor, source="script")).exchange

    def leave(self) -> None:
        """Break off an iteration for good: nothing goes on beside it, and what has happened is told."""
        self.cancel.set()
        self._hand_out_held()

    # -- steps and events ---------------------------------------------------------------------------------------

    def answer(self, asked: Wish | Event) -> object:
        """Tell an event or perform an effect, unless the run shall end: cancelled, interrupted or out of time."""
        check()
        if self.cancel.is_set:
            self.cancel.check()
        if self._deadline is not None and self.ports.clock.monotonic() > self._deadline:
            raise RunAborted("callback timed out", hint=f"the run took longer than --timeout {self.options.timeout}")
        if isinstance(asked, Event):
            self._tell(asked)
            return None
        if self._held and not isinstance(asked, QUICK):
            self._hand_out_held()
        try:
            return self._performers.perform(asked)
        except (PostrunnerError, TimeoutError):
            check()
            self.cancel.check()  # what was broken off by it is not a failure of its own
            raise

    def _emit(self, event: Event) -> None:
        self._stamp(event)
        if isinstance(event, HELD):
            self._held.append(event)
            return
        if self._held:
            self._hand_out_held()
        self._hand_out(event)

    def _hand_out_held(self) -> None:
        held, self._held = self._held, []
        for event in held:
            self._hand_out(event)

    def _hand_out_beside(self) -> None:
        """Hand them out while a script runs: this is not a wait, so no signal breaks it off."""
        if self._held:
            with undisturbed():
                self._hand_out_held()
            check()

    def _tell(self, event: Event) -> None:
        self._learn_secrets()
        if isinstance(event, Warned):
            if (event.code, event.message) in self._warned:
                return
            self._warned.add((event.code, event.message))
        self._emit(event)
        if self._attempts is not None:
            self._attempts.take(event)
        error = self._bail.take(event)
        if error:
            raise Bailed(error, where=event.item.name if isinstance(event, ItemEvent) else "")

    def _learn_secrets(self) -> None:
        """Mask new values of secret variables before any event can show them."""
        versions, generation = self.scopes.versions, self.ports.secrets.generation
        if versions == self._versions and generation == self._generation:
            return
        if generation != self._generation:
            self._generation, self._learned = generation, {}
        self._versions = versions
        for scope in self.scopes.ordered:
            version, known = self._learned.get(scope.name, (-1, {}))
            if version != scope.version:
                found = {id(variable): variable for variable in scope.variables}
                new = [variable for key, variable in found.items() if key not in known]
                learn_variables(self.ports.secrets, new, self.options.secret)
                self._learned[scope.name] = scope.version, found

    # -- what performers are lent ---------------------------------------------------------------------------------

    def deadline(self) -> float | None:
        """The moment, by the monotonic clock, at which the run must be over."""
        return self._deadline

    def start(self, id: str, work: Callable[[Tell], Exchange]) -> None:
        """Do work on a thread; `WaitSends` gives its outcome, and tells its events before."""
        self._sends.start(id, work)

    def perform_beside(self, wish: Wish) -> object:
        """Perform an effect on such a thread, where only waiting is allowed."""
        self.cancel.check()
        if isinstance(wish, BESIDE):
            return self._performers.perform(wish)
        raise UsageError(f"an auth flow of pm.sendRequest asked for {type(wish).__name__}")

    # -- effects ------------------------------------------------------------------------------------------------

    def _within(self, ms: float | None) -> float | None:
        """The smaller of a time in ms and what is left of the run's own limit."""
        if self._deadline is None:
            return ms
        left = max(0.0, (self._deadline - self.ports.clock.monotonic()) * 1000)
        return left if ms is None else min(ms, left)

    def _wait_sends(self, effect: WaitSends) -> tuple[tuple[str, Exchange | Exception], ...]:
        wait = self._within(effect.timeout)
        with waiting():
            ended = self._sends.wait(None if wait is None else wait / 1000)
        for send in ended:
            for event in send.events:
                self._tell(event)
        return tuple((send.id, send.outcome) for send in ended)

    def _sleep(self, effect: Sleep) -> None:
        with waiting():
            self.cancel.wait((self._within(effect.ms) or 0) / 1000)

    def _prompt(self, effect: Prompt) -> str:
        with waiting():
            return prompt(effect, self.cancel)

    def _ask_script(self, effect: AskScript[object]) -> object:
        with waiting():
            return self.ports.sandbox.ask(effect, self._within(effect.timeout), self.cancel, self._hand_out_beside)

    def _compute(self, effect: Compute) -> object:
        with waiting():
            return self.ports.sandbox.helpers.compute(effect.asked, self._within(effect.timeout), self.cancel)


__all__ = ["Inputs", "Ports", "Run"]
