"""The driver: the only place that waits. It performs effects, owns all state that changes, and hands out events."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from runner.auth import AuthContext, authorize
from runner.effects import (
    AskScript,
    Compute,
    CookiesFor,
    Prompt,
    ReadCode,
    ReadFile,
    RunItem,
    Send,
    Sleep,
    StartSend,
    UseCookies,
    UseVault,
    WaitSends,
    Wish,
    drive,
)
from runner.engine.background_sends import BackgroundSends, as_sent, steps_of
from runner.engine.bail import Bail, check_executions
from runner.engine.item import ItemOutcome, ItemRun, Shared
from runner.engine.jar import use_jar
from runner.engine.place import Place
from runner.engine.plan import PlannedItem, find_item
from runner.engine.ports import Inputs, Ports
from runner.engine.prompt import prompt
from runner.engine.remarks import remarks
from runner.engine.secret_discovery import learn_collection, learn_exchange, learn_prepared, learn_request, learn_variables
from runner.engine.vault import Vault
from runner.entropy import Entropy
from runner.errors import (
    Bailed,
    Interrupted,
    NothingRun,
    PostrunnerError,
    RequestError,
    RunAborted,
    UsageError,
    unforeseen,
)
from runner.events import (
    Cursor,
    Event,
    IterationFinished,
    IterationStarted,
    NextRequestSet,
    RequestFinished,
    RunFinished,
    RunStarted,
    Warned,
    stamp,
)
from runner.interruption import check, waiting
from runner.model.response import Exchange
from runner.model.variable import Environment, JsonObject, Variable
from runner.options import RunOptions
from runner.request.prepare import prepare
from runner.transport.turns import Turn
from runner.variables.scopes import Scopes

DEPTH_LIMIT = 10


class Run:
    """One run of a plan. `emit` gets every event, in order, on the caller's thread.

    `deadline` is a `time.monotonic` moment for the end of several runs that share a time limit; `unit` names one of them.
    """

    def __init__(
        self,
        inputs: Inputs,
        options: RunOptions,
        ports: Ports,
        emit: Callable[[Event], None],
        deadline: float | None = None,
        unit: str = "0",
    ) -> None:
        self.inputs = inputs
        self.options = options
        self.ports = ports
        environment, own, shared = inputs.environment.values, inputs.plan.collection.variables, inputs.globals.values
        self.scopes = Scopes(environment=environment, collection=own, globals=shared)
        self.shared = Shared(
            options=options,
            scopes=self.scopes,
            clock=ports.clock,
            entropy=ports.entropy,
            run_script=ports.sandbox.run,
            environment_name=inputs.environment.name,
            tokens=ports.tokens,
            learn=ports.secrets.add,
        )
        self._stamp: Callable[[Event], None] = partial(stamp, unit=unit, clock=ports.clock)
        self._hand_out = emit
        self._sends = BackgroundSends(self._stamp)
        self._places: list[tuple[PlannedItem, Cursor]] = []
        self._deadline = deadline or (time.monotonic() + options.timeout / 1000 if options.timeout else None)
        self._bail = Bail(options.bail)
        self._learned: dict[str, tuple[int, dict[int, Variable]]] = {}
        self._held: RequestFinished | None = None
        self._executed = False
        self._warned: set[tuple[str, str]] = set()
        self._perform: dict[type[Wish], Callable[[Any], object]] = {
            Send: self._send,
            StartSend: self._start_send,
            WaitSends: self._wait_sends,
            ReadFile: lambda effect: ports.files.load(effect.path, by_script=effect.by_script),
            ReadCode: lambda effect: ports.files.read_code(effect.path, effect.folder),
            Sleep: self._sleep,
            Prompt: self._prompt,
            AskScript: self._ask_script,
            Compute: self._compute,
            CookiesFor: lambda effect: ports.jar.cookies_for(effect.url) if len(ports.jar) else (),
            UseCookies: lambda effect: use_jar(ports.jar, effect.operation, effect.arguments),
            UseVault: Vault(ports.secrets.add).use,
            RunItem: self._run_item,
        }

    # -- the run ------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run every iteration; whatever ends the run, `RunFinished` is emitted with the state of all scopes."""
        inputs = self.inputs
        learn_collection(self.ports.secrets, inputs.plan.collection)
        error: PostrunnerError | None = None
        try:
            self._emit(
                RunStarted(
                    collection=inputs.plan.collection,
                    environment=inputs.environment,
                    globals=inputs.globals,
                    items=tuple(p.item for p in inputs.plan.items),
                    started=self.ports.clock.now() * 1000,
                )
            )
            for warning in inputs.warnings:
                self._tell(warning)
            self._run_iterations()
            self._refuse_nothing()
        except KeyboardInterrupt as interrupt:
            error = Interrupted(exit_code=getattr(interrupt, "exit_code", 130))
        except PostrunnerError as caught:
            error = caught
        except Exception as defect:  # the reports must be written whatever happens
            if os.environ.get("POSTRUNNER_DEBUG"):
                raise
            error = unforeseen(defect)
        self._release()
        self._emit(self._finished(error))

    def _run_iterations(self) -> None:
        rows = self.inputs.rows
        cycles = self.options.iteration_count or len(rows) or 1
        place = Place(self.inputs.plan, cycles if self.inputs.plan.items else 0, self.ports.entropy)
        for iteration in range(place.cycles):
            row = dict(rows[min(iteration, len(rows) - 1)]) if rows else {}
            place.begin(iteration)
            self.scopes.data.assign(Variable(key, value) for key, value in row.items())
            self._emit(IterationStarted(cursor=place.cursor(), data=row))
            self._run_iteration(place)
            self._emit(IterationFinished(cursor=place.cursor()))
            if self._bail.ends_run:
                return

    def _run_iteration(self, place: Place) -> None:
        items, executions = self.inputs.plan.items, 0
        self._bail.begin_iteration()
        while place.in_iteration:
            planned, cursor = items[place.position], place.cursor()
            check_executions(executions, self.options.max_requests, len(items), planned)
            executions += 1
            outcome = self._run_planned(planned, cursor)
            self._executed = self._executed or not outcome.skipped
            if self._bail.ends_iteration:
                return
            if outcome.jumps:
                self._jump(place, planned, cursor, outcome.next_request)
            else:
                place.step()

    def _run_planned(self, planned: PlannedItem, cursor: Cursor, source: str = "item") -> ItemOutcome:
        self._places.append((planned, cursor))
        try:
            return drive(ItemRun(planned, cursor, self.shared, source).run(), self._answer)
        finally:
            self._places.pop()

    def _jump(self, place: Place, planned: PlannedItem, cursor: Cursor, name: str | None) -> None:
        found = place.jump(name)
        self._tell(NextRequestSet(name=name, found=found, cursor=cursor, item=planned.item, path=planned.path))
        if name is not None and not found:
            message = f'setNextRequest("{name}") names no request of this run: the iteration ends here'
            self._tell(Warned(code="unknown-next-request", message=message, where=planned.item.name, cursor=cursor))

    def _refuse_nothing(self) -> None:
        """A selection without any request is a failure, so that a folder somebody emptied is not green by mistake.

        A whole collection without any, and one whose scripts skip them all, only warn: Newman passes both.
        """
        if self._executed:
            return
        items = self.inputs.plan.items
        reason = "every request was skipped by a script" if items else "there is no request in what was selected"
        chosen = self.options.folder or self.options.item or self.options.exclude
        if items or not chosen or self.options.allow_empty:
            self._tell(Warned(code="nothing-run", message=f"nothing was run: {reason}"))
        else:
            where = self.inputs.plan.collection.name
            raise NothingRun(f"nothing was run: {reason}", where=where, hint="--allow-empty lets this pass")

    def _finished(self, error: PostrunnerError | None) -> RunFinished:
        inputs = self.inputs
        collection = Environment(name=inputs.plan.collection.name, values=tuple(self.scopes.collection.variables))
        return RunFinished(
            completed=self.ports.clock.now() * 1000,
            environment=replace(inputs.environment, values=tuple(self.scopes.environment.variables)),
            globals=replace(inputs.globals, values=tuple(self.scopes.globals.variables)),
            collection_variables=collection,
            error=error,
        )

    def _answer(self, asked: Wish | Event) -> object:
        """Tell an event or perform an effect; the run's time limit is looked at each time, and whether it shall end."""
        check()
        self._check_time()
        if isinstance(asked, Event):
            self._tell(asked)
            return None
        return self._perform[type(asked)](asked)

    def _emit(self, event: Event) -> None:
        self._stamp(event)
        self._hand_out(event)

    def _tell(self, event: Event) -> None:
        self._stamp(event)  # now, though it may be held back
        self._learn_secrets()
        if isinstance(event, Warned):
            if (event.code, event.message) in self._warned:
                return
            self._warned.add((event.code, event.message))
        self._release(challenged=isinstance(event, RequestFinished) and event.source == "item")
        if isinstance(event, RequestFinished) and event.source == "item" and event.request.auth and event.exchange:
            self._held = event  # another request of the same auth flow would make this one a challenge
            return
        self._emit(event)
        error = self._bail.take(event)
        if error:
            raise Bailed(error, where=self._places[-1][0].item.name if self._places else "")

    def _release(self, *, challenged: bool = False) -> None:
        """Tell the response that was held back; one that another request of the item followed was a challenge."""
        held, self._held = self._held, None
        if held is not None:
            self._emit(replace(held, source="auth") if challenged else held)

    def _learn_secrets(self) -> None:
        """Mask new values of secret variables before any event can show them."""
        for scope in self.scopes.ordered:
            version, known = self._learned.get(scope.name, (-1, {}))
            if version != scope.version:
                found = {id(variable): variable for variable in scope.variables}
                new = [variable for key, variable in found.items() if key not in known]
                learn_variables(self.ports.secrets, new, self.options.secret)
                self._learned[scope.name] = scope.version, found

    def _check_time(self) -> None:
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise RunAborted("callback timed out", hint=f"the run took longer than --timeout {self.options.timeout}")

    def _within(self, ms: float | None) -> float | None:
        """The smaller of a time in ms and what is left of the run's own limit."""
        if self._deadline is None:
            return ms
        left = max(0.0, (self._deadline - time.monotonic()) * 1000)
        return left if ms is None else min(ms, left)

    # -- effects ------------------------------------------------------------------------------------------------

    def _send(self, effect: Send) -> Exchange:
        return self._exchange(effect, self._tell, self.ports.entropy)

    def _exchange(
        self, effect: Send, tell: Callable[[Event], None], entropy: Entropy, turn: Turn | None = None
    ) -> Exchange:
        planned, cursor = self._places[-1]
        place: dict[str, Any] = {"cursor": cursor, "item": planned.item, "path": planned.path}
        request = effect.request
        learn_request(self.ports.secrets, request)
        prepared, started = None, time.perf_counter()
        try:
            prepared = prepare(request, effect.behavior, entropy)
            learn_prepared(self.ports.secrets, prepared)
            preparing = (time.perf_counter() - started) * 1000
            client, deadline = self.ports.client, self._send_deadline()
            with waiting():
                exchange = client.send(prepared, deadline=deadline, preparing=preparing, turn=turn)
        except RequestError as error:
            request = as_sent(request, prepared.headers) if prepared else request
            if effect.source != "auth":
                error.sent = request
            tell(RequestFinished(request=request, error=error, source=effect.source, **place))
            raise
        learn_exchange(self.ports.secrets, exchange, effect.learn)
        for warning in remarks(exchange, planned.item.name, cursor=cursor):
            tell(warning)
        request = as_sent(request, exchange.hops[0].headers if exchange.hops else prepared.headers)
        exchange = replace(exchange, sent=request)
        tell(RequestFinished(request=request, exchange=exchange, source=effect.source, **place))
        return exchange

    def _send_deadline(self) -> float | None:
        """The moment when a request must be through: its own limit or the run's, whichever comes first."""
        total = self.options.timeout_total
        moments = [self._deadline, time.monotonic() + total / 1000 if total else None]
        return min((moment for moment in moments if moment is not None), default=None)

    def _start_send(self, effect: StartSend) -> None:
        entropy = self.ports.entropy.branch()
        context = AuthContext(
            clock=self.ports.clock,
            entropy=entropy,
            behavior=effect.behavior,
            source="script",
            tokens=self.ports.tokens,
            learn=self.ports.secrets.add,
        )

        def perform(tell: Callable[[Event], None], turn: Turn) -> Exchange:
            def answer(asked: Wish | Event) -> object:
                return self._answer_beside(asked, tell, entropy, turn)

            return drive(authorize(effect.request.auth, effect.request, context), answer)

        self._sends.start(effect.id, perform)

    def _answer_beside(self, asked: Wish | Event, tell: Callable[[Event], None], entropy: Entropy, turn: Turn) -> object:
        """Answer an auth flow on a sender's thread: it may send, wait and ask the person."""
        if isinstance(asked, Event):
            tell(asked)
            return None
        if isinstance(asked, Send):
            return self._exchange(asked, tell, entropy, turn)
        if isinstance(asked, Sleep | Prompt):
            return self._perform[type(asked)](asked)
        raise UsageError(f"an auth flow of pm.sendRequest asked for {type(asked).__name__}")

    def _wait_sends(self, effect: WaitSends) -> tuple[tuple[str, Exchange | Exception], ...]:
        wait = self._within(effect.timeout)
        with waiting():
            ended = self._sends.wait(None if wait is None else wait / 1000)
        for _, _, events in ended:
            for event in steps_of(events):
                self._tell(event)
        return tuple((id, answer) for id, answer, _ in ended)

    def _sleep(self, effect: Sleep) -> None:
        with waiting():
            time.sleep((self._within(effect.ms) or 0) / 1000)

    def _prompt(self, effect: Prompt) -> str:
        with waiting():
            return prompt(effect)

    def _ask_script(self, effect: AskScript) -> JsonObject:
        with waiting():
            reply: JsonObject = self.ports.sandbox.ask(effect.message, self._within(effect.timeout))
        return reply

    def _compute(self, effect: Compute) -> object:
        with waiting():
            return self.ports.sandbox.helpers.compute(effect.asked, self._within(effect.timeout))

    def _run_item(self, effect: RunItem) -> Exchange | None:
        planned = find_item(self.inputs.plan.collection, effect.id)
        if planned is None:
            raise RequestError(f'there is no request with the id "{effect.id}" in this collection')
        if len(self._places) > DEPTH_LIMIT:
            raise RequestError(f"pm.execution.runRequest is nested more than {DEPTH_LIMIT} deep")
        given = [Variable(key, value, by_script=True) for key, value in effect.variables.items()]
        if given:
            self.scopes.local.assign([*self.scopes.local.variables, *given])
        cursor = replace(self._places[-1][1], ref=self.ports.entropy.uuid())
        return self._run_planned(planned, cursor, "script").exchange


__all__ = ["Inputs", "Ports", "Run"]
