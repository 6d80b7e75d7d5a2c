"""What the collections of one call have in common, from the files they start from to the files they leave."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

from runner.cancel import Cancel
from runner.clock import Clock
from runner.engine.plan import Plan
from runner.entropy import Entropy
from runner.errors import ExportError, Interrupted, PostrunnerError, RunAborted, SandboxError, UsageError
from runner.export.targets import check_outputs, file_names, wants_exports
from runner.interruption import set_aside, undisturbed
from runner.loading import AnyCollection, folder_of, load_inputs, load_plans, make_secrets
from runner.options import RunOptions
from runner.options.check import check_causes
from runner.options.values import parse_size, script_memory_mb
from runner.request.weakening import weakening
from runner.sandbox.sandbox import Sandbox
from runner.sources.cookies import jar_maker
from runner.sources.proxies import environ_of

if TYPE_CHECKING:
    import httpx

    from runner.auth import TokenStore
    from runner.cassettes.cassette import Cassette
    from runner.cookies.jar import CookieJar
    from runner.engine.ports import Inputs
    from runner.engine.states import State, States
    from runner.events import Event, RunFinished
    from runner.results.execution import Execution
    from runner.results.fold import Counted
    from runner.results.summary import Summary
    from runner.sandbox.child import Child

EventListener = Callable[["Event"], object]
ExecutionListener = Callable[["Execution"], object]


class Session:
    """What the collections of one call have in common: the secrets, the reporters, the summary, the time limit."""

    def __init__(
        self,
        options: RunOptions,
        stack: ExitStack,
        on_event: EventListener | None = None,
        transport: httpx.BaseTransport | None = None,
        stream: TextIO | None = None,
        child: Child | None = None,
        *,
        on_execution: ExecutionListener | None = None,
        real_values: bool = False,
        cancel: Cancel | None = None,
    ) -> None:
        self.options = options
        self.secrets = make_secrets(options)
        self._stack = stack
        self._on_event, self._on_execution, self._real_values = on_event, on_execution, real_values
        self._transport = transport
        self._stream = stream
        self._child = child
        self._cancel = cancel or Cancel()
        self._warns = options.script_confinement == "warn"
        self._environ = environ_of(options, os.environ)
        self._clock, self._entropy = Clock(), Entropy(options.seed)
        self._tokens: TokenStore | None = None
        self._cassette: Cassette | None = None

    def load(self, collections: Sequence[AnyCollection]) -> list[Inputs]:
        """What each collection starts from: all files are loaded before the first request."""
        if not collections:
            raise UsageError("there is no collection to run")
        check_causes(self.options.retry_on, "retry_on")
        plans = load_plans(collections, self.options)
        check_outputs(self.options, len(plans))
        self._sandboxes = [self._sandbox(next((plan.setup for plan in plans if plan.setup), plans[0]))]
        first = load_inputs(plans[0], self.options)  # the same for all: a pipe gives it only once
        inputs = [first, *(replace(first, plan=plan) for plan in plans[1:])]
        inputs = [replace(one, warnings=(*one.warnings, *weakening(one.plan.behaviors, self.options))) for one in inputs]
        self._new_jar = jar_maker(self.options)
        if self.options.token_cache:
            inputs[0] = self._load_tokens(inputs[0])
        for one in inputs:
            for variable in (*one.environment.values, *one.globals.values, *one.plan.collection.variables):
                self.secrets.add_variable(variable)
        if self.options.record or self.options.replay or self.options.record_mode != "once":
            inputs[0] = self._open_cassette(inputs[0])
        return inputs

    def run(self, inputs: Sequence[Inputs]) -> Summary:
        """Run all collections with one report; whatever ends the run, reports and exports are written whole."""
        with undisturbed():
            self._open_reports()
            limit = self.options.timeout
            deadline = self._clock.monotonic() + limit / 1000 if limit else None
            problems: list[ExportError] = []
            problems += self._run_all(inputs, deadline)
            problems += self._save_cassette()
            self._summary.mask_again(self._masker)
            problems = [*self._reporting.close(self._summary), *problems]
            self._summary.problems = tuple(map(self._masker.masked, problems))
            ends = self._finished.values()
            for run, end in zip(self._summary.runs, ends, strict=False):  # a caller may read variables by name
                run.finished = replace(end, error=run.finished.error if run.finished else None)
        return self._summary

    def _open_reports(self) -> None:
        """Make what takes the events of the run: summary, reporters, listeners, and executions if anybody takes these."""
        from runner.reporters.reporting import make_reporting
        from runner.results.figures import Slowest
        from runner.results.fold import Fold
        from runner.results.listeners import Listeners
        from runner.results.shelf import Shelf
        from runner.results.summary import Summary
        from runner.secrets.outgoing.masked import Masker

        self._masker = Masker(self.secrets)
        self._finished: dict[str, RunFinished] = {}
        options = self.options
        self._summary = Summary(
            fail_on_flaky=options.fail_on_flaky,
            fail_on_warning=options.fail_on_warning,
            slowest=Slowest(options.slowest),
        )
        self._reporting = make_reporting(self.options, self._stream, self._masker)
        self._listeners = Listeners(self._on_event, self._on_execution, self._summary, real_values=self._real_values)
        wanted = self._reporting.takes_executions or self._listeners.take_executions
        self._fold = Fold(self._masker, self._summary, executions=wanted)
        self._shelf = Shelf() if wanted else None

    def _run_all(self, inputs: Sequence[Inputs], deadline: float | None) -> list[ExportError]:
        """Run all setups, then all collections, then all teardowns; export the state of each collection when it is over.

        Teardowns run whatever ended the rest, with a time limit of their own. Without anything between them neither runs.
        """
        from runner.engine.states import States

        names = file_names(one.plan.collection.name for one in inputs) if len(inputs) > 1 else [""]
        units = {str(number): one for number, one in enumerate(inputs)}
        chosen = {unit for unit, one in units.items() if one.plan.items}
        states = States(self._new_jar)
        open_exports, problems = dict(zip(units, names, strict=True)), list[ExportError]()

        def leave(unit: str) -> None:
            if unit in states and unit in open_exports:
                problems.extend(self._export(units[unit], states.of(unit, units[unit]).jar, open_exports.pop(unit), unit))
                problems.extend(self._keep_tokens())

        if chosen:
            self._set_up(units, states, deadline)
        for unit, one in units.items():
            if self._ends():
                break
            if unit in chosen or not (chosen and self.options.filters):
                told = one.plan.setup is not None and bool(chosen)
                self._run_one(replace(one, warnings=()) if told else one, states.of(unit, one), deadline, unit)
                if one.plan.teardown is None:
                    leave(unit)
        for unit, one in units.items():
            if one.plan.teardown is not None and chosen:
                with set_aside():
                    teardown = replace(one, plan=one.plan.teardown, warnings=())
                    self._run_one(teardown, states.of(unit, one), None, unit)
            leave(unit)
        return problems

    def _set_up(self, units: Mapping[str, Inputs], states: States[CookieJar], deadline: float | None) -> None:
        for unit, one in units.items():
            if one.plan.setup is not None and not self._ends():
                self._run_one(replace(one, plan=one.plan.setup), states.of(unit, one), deadline, unit)
                states.set_up(unit)
        states.all_set_up()

    def _export(self, inputs: Inputs, jar: CookieJar, name: str, unit: str) -> list[ExportError]:
        """Write what the options ask for; `name` is the collection's file name when there are several, else empty."""
        if unit not in self._finished or not wants_exports(self.options):
            return []
        from runner.export.after_run import export_run

        return export_run(inputs, self.options, self._finished[unit], jar, name, self._clock, self.secrets, self._emit)

    def _open_cassette(self, inputs: Inputs) -> Inputs:
        """Open what is recorded to or replayed from; gives the inputs with a warning when a recording is replayed."""
        from runner.cassettes.cassette import open_cassette
        from runner.events import Warned

        self._cassette = open_cassette(self.options, self.secrets)
        self._stack.callback(self._save_cassette)  # however the run ends
        warning = self._cassette.warning
        warnings = (Warned(code="cassette-replayed", message=warning, where=self._cassette.path),) if warning else ()
        return replace(inputs, warnings=(*inputs.warnings, *warnings))

    def _save_cassette(self) -> list[ExportError]:
        if self._cassette is None:
            return []
        from runner.outputs import write_text

        return self._cassette.save(write_text)

    def _load_tokens(self, inputs: Inputs) -> Inputs:
        """Take over the tokens of earlier runs; gives the inputs with a warning when their file cannot be used."""
        from runner.export.tokens import load_tokens

        self._tokens, warnings = load_tokens(self.options.token_cache)
        self._stack.callback(self._keep_tokens)
        return replace(inputs, warnings=(*inputs.warnings, *warnings))

    def _keep_tokens(self) -> list[ExportError]:
        if not self.options.token_cache or self._tokens is None:
            return []
        from runner.export.tokens import export_tokens

        return export_tokens(self.options.token_cache, self._tokens, self._clock.now())

    def _ends(self) -> bool:
        """Whether what happened to a collection keeps the next one from running."""
        from runner.errors import NothingRun

        error = self._summary.finished.error if self._summary.finished else None
        bails = "failure" in (self.options.bail or "").split(",") and self._summary.undemanded > 0
        return bails or (error is not None and not isinstance(error, NothingRun))

    def _sandbox(self, plan: Plan) -> Sandbox:
        options = self.options
        memory = {"memory_mb": script_memory_mb(options.script_memory)} if options.script_memory is not None else {}
        sandbox = Sandbox(
            timeout_ms=options.timeout_script,
            clock=self._clock,
            entropy=self._entropy,
            child=self._child,
            warns=self._warns,
            **memory,
        )
        self._child = None
        sandbox.folder = folder_of(plan.collection)
        self._stack.callback(sandbox.close)
        if plan.has_scripts:
            with suppress(SandboxError):  # the script that needs it fails with it
                sandbox.start()  # V8 starts in its own process while the modules below are imported
            if options.script_confinement == "require":
                sandbox.require_confinement()
        return sandbox

    def _run_one(self, inputs: Inputs, state: State[CookieJar], deadline: float | None, unit: str) -> None:
        from runner.auth import TokenStore
        from runner.client.http import Client
        from runner.engine.ports import Ports
        from runner.engine.run import Run
        from runner.files import Files
        from runner.protocols.protocol import Parts
        from runner.protocols.table import open_protocols
        from runner.transport.sockets.waker import Waker

        sandbox = self._sandboxes.pop() if self._sandboxes else self._sandbox(inputs.plan)
        options, jar, cancel, waker = self.options, state.jar, Cancel(), Waker()
        outside = Cancel() if inputs.plan.part == "teardown" and self._cancel.is_set else self._cancel
        state.scopes.data.clear()
        size = {"max_body": parse_size(str(options.max_response_size))} if options.max_response_size else {}
        more: dict[str, Any] = {"environ": self._environ, "cassette": self._cassette, "cancel": waker, **size}
        client = Client(options, jar, transport=self._transport, **more)
        files = Files(options.working_dir, not options.no_insecure_file_read, options.allow_read)
        self._tokens = self._tokens or TokenStore()
        parts = Parts(
            options=options,
            clock=self._clock,
            entropy=self._entropy,
            secrets=self.secrets,
            client=client,
            jar=jar,
            tokens=self._tokens,
        )
        ports = Ports(
            protocols=open_protocols(inputs.plan.kinds, parts),
            sandbox=sandbox,
            files=files,
            clock=self._clock,
            entropy=self._entropy,
            secrets=self.secrets,
        )
        try:
            with outside.waking(cancel.set), cancel.waking(waker.wake):
                Run(inputs, options, ports, self._emit, deadline, unit, cancel, state.scopes).run()
        finally:
            client.close()
            waker.close()
            self._warns = sandbox.warns
            sandbox.close()

    def _emit(self, event: Event) -> None:
        """Hand an event, masked, to all who listen; a failure of the caller's own listener ends the run.

        This is the only way out of the engine: exports take the state of the run as it is.
        """
        from runner.events import RunFinished

        if isinstance(event, RunFinished):  # nothing that is raised now could still end the run
            failed = self._tell_broken_off(event.wall)
            failed_at_end = self._hear_end(event)
            event = replace(event, error=event.error or failed_at_end or failed)
            self._finished[event.unit] = event
        light = self._shelf.put(event) if self._shelf else event
        shown = self._masker.masked(light)
        failed = self._listeners.hear_executions(light, self._tell(self._fold.on(shown)))
        if not isinstance(event, RunFinished):
            failed = self._listeners.hear_event(event, shown) or failed
        finished = self._summary.finished
        if failed is not None and finished is None:
            raise failed
        if failed is not None and finished is not None and finished.error is None:  # a warning after the end
            self._fold.on(self._masker.masked(replace(finished, error=failed)))

    def _hear_end(self, event: RunFinished) -> PostrunnerError | None:
        """Tell the caller's listener of the end; gives what it failed with, also a Ctrl-C that comes in there."""
        try:
            return self._listeners.hear_event(event, self._masker.masked(event))
        except KeyboardInterrupt as interrupt:
            return Interrupted(exit_code=getattr(interrupt, "exit_code", 130))

    def _tell_broken_off(self, wall: float) -> RunAborted | None:
        """Hand out the executions that the end of a run broke off; gives what a listener failed with."""
        released, broken_off = self._tell(self._fold.release()), self._fold.end(wall)
        for execution in broken_off:
            self._reporting.on_execution(execution)
        return self._listeners.hear_broken_off(wall, [*released, *broken_off])

    def _tell(self, counted: Iterable[Counted]) -> list[Execution]:
        """Tell the reporters of events that count; gives the executions that ended with them."""
        ended: list[Execution] = []
        for event, executions in counted:
            for execution in executions:
                self._reporting.on_execution(execution)
            self._reporting.on(event)
            ended += executions
        return ended
