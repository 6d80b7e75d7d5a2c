"""What the collections of one call have in common, from the files they start from to the files they leave."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from runner.cancel import Cancel
from runner.client.proxies import environ_of
from runner.clock import Clock
from runner.effects import to_end
from runner.errors import ExportError, Interrupted, PostrunnerError, RunAborted, UsageError
from runner.events import Event, ItemStarted, RunFinished, Warned
from runner.export.targets import check_outputs, file_names, wants_exports
from runner.interruption import undisturbed
from runner.loading import AnyCollection, load_all, load_plans, make_secrets
from runner.options import RunOptions
from runner.options.check import check_causes, check_needs
from runner.request.weakening import weakening
from runner.sources.cookies import jar_maker
from runner.units.making import Units

if TYPE_CHECKING:
    import httpx

    from runner.cookies.jar import CookieJar
    from runner.engine.ports import Inputs
    from runner.export.bodies import Bodies
    from runner.export.body_files import BodyFile
    from runner.export.examples import Examples
    from runner.model.collection import Collection
    from runner.reporters.registry import Reporter
    from runner.results.execution import Execution
    from runner.results.fold import Counted
    from runner.results.result import Result
    from runner.results.summary import Summary
    from runner.results.whole import Whole
    from runner.sandbox.child import Child
    from runner.sandbox.worlds import World
    from runner.units.judging import Judging

EventListener = Callable[[Event], object]
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
        child: Child | World | None = None,
        *,
        on_execution: ExecutionListener | None = None,
        real_values: bool = False,
        cancel: Cancel | None = None,
        result: type[Result] | None = None,
    ) -> None:
        self.options = options
        self.secrets = make_secrets(options)
        self._stack = stack
        self._on_event, self._on_execution, self._real_values = on_event, on_execution, real_values
        self._stream = stream
        self._cancel = cancel or Cancel()
        self._clock = Clock()
        self._child, self._transport = child, transport
        self._examples: Examples | None = None
        self._bodies: Bodies | None = None
        self.judging: Judging | None = None
        self._result = result

    def load(self, collections: Sequence[AnyCollection]) -> list[Inputs]:
        """What each collection starts from: all files are loaded before the first request."""
        if not collections:
            raise UsageError("there is no collection to run")
        self._check_options()
        environ = environ_of(self.options, os.environ)  # a bad option is told before any file is read
        plans = load_plans(collections, self.options)
        check_outputs(self.options, len(plans), self._body_files([plan.collection for plan in plans]))
        self._units = Units(
            self.options,
            self.secrets,
            environ,
            self._stack,
            jobs=self._jobs(len(plans)),
            child=self._child,
            transport=self._transport,
        )
        self._units.start(next((plan.setup for plan in plans if plan.setup), plans[0]))
        inputs = load_all(plans, self.options)
        inputs = [replace(one, warnings=(*one.warnings, *weakening(one.plan.behaviors, self.options))) for one in inputs]
        self._check_independence(inputs)
        self._new_jar = jar_maker(self.options)
        if self.options.token_cache:
            inputs[0] = self._load_tokens(inputs[0], self.options.token_cache)
        for one in inputs:
            for variable in (*one.environment.values, *one.globals.values, *one.plan.collection.variables):
                self.secrets.add_variable(variable)
        self._open_beside(inputs, environ)
        return inputs

    def _check_options(self) -> None:
        check_causes(self.options.retry_on, "retry_on")
        check_needs(self.options)
        if self.options.otel:
            from runner.telemetry.opening import check_telemetry

            check_telemetry(os.environ)

    def _open_beside(self, inputs: list[Inputs], environ: Mapping[str, str]) -> None:
        """Open what answers or judges requests beside the servers: mocks, a cassette, contracts, snapshots."""
        if self.options.contract or self.options.snapshot:
            from runner.units.judging import Judging

            self.judging = Judging(self.options, self.secrets)
            inputs[0] = self.judging.open(inputs, environ, self._stack)
            self._units.judges = self.judging.judges
        if self.options.mock or self.options.mock_from or self.options.use_mock:
            self._open_mock(inputs)
        if self.options.record or self.options.replay or self.options.record_mode != "once":
            inputs[0] = self._open_cassette(inputs[0])

    def run(self, inputs: Sequence[Inputs]) -> Summary:
        """Run all collections with one report; whatever ends the run, reports and exports are written whole."""
        return to_end(self.moments(inputs))

    def moments(self, inputs: Sequence[Inputs]) -> Generator[None, None, Summary]:
        """Do what `run` does, bit by bit: between two moments the caller may wait, and the cancel ends it in order."""
        with undisturbed():
            self._open_reports(inputs)
            limit = self.options.timeout
            deadline = self._clock.monotonic() + limit / 1000 if limit else None
            problems: list[PostrunnerError] = []
            problems += yield from self._run_all(inputs, deadline)
            problems += self._save_cassette()
            problems += self._close_bodies()
            problems += self.judging.close(inputs, self._summary, self._masker) if self.judging else []
            self._summary.mask_again(self._masker)
            problems = [*self._reporting.close(self._summary), *problems]
            self._summary.problems = tuple(map(self._masker.masked, problems))
            late = [Warned(code="late", message=text) for text in self._reporting.end(self._summary, self._cancel)]
            self._summary.warnings += map(self._masker.masked, late)
            if self._result is not None and isinstance(self._summary, self._result) and self._kept is not None:
                self._summary.executions = self._kept  # the caller's alone: reporters get no real values
            ends = self._finished.values()
            for run, end in zip(self._summary.runs, ends, strict=False):  # a caller may read variables by name
                run.finished = replace(end, error=run.finished.error if run.finished else None)
        return self._summary

    def _open_telemetry(self, inputs: Sequence[Inputs]) -> dict[str, Reporter]:
        """The reporter that sends traces and metrics, if the environment does not turn it off."""
        from runner.telemetry.opening import open_telemetry

        telemetry = open_telemetry(self.options, self._clock, os.environ, len(inputs))
        if telemetry is None:
            return {}
        self._stack.callback(telemetry.close)
        self._units.tracing = telemetry.tracing
        return {"otel": telemetry.reporter}

    def _check_independence(self, inputs: Sequence[Inputs]) -> None:
        parallel = self.options.parallel
        if not parallel or self.options.force_parallel:
            return
        from runner.units.independence import check_independence

        for one in inputs:
            check_independence(one, parallel, one.cycles(self.options.iteration_count))

    def _jobs(self, collections: int) -> int:
        """How many units run beside each other: with a cassette, whose recordings have an order, one."""
        options = self.options
        if options.jobs == 1 or options.record or options.replay:
            return 1
        from runner.units.processors import processors

        wanted = processors() if options.jobs == "auto" else int(options.jobs)
        return wanted if options.parallel else min(wanted, collections)

    def _open_reports(self, inputs: Sequence[Inputs]) -> None:
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
        made: type[Summary] = self._result or Summary
        self._summary = made(
            fail_on_flaky=options.fail_on_flaky,
            fail_on_warning=options.fail_on_warning,
            allow_skipped_kinds=options.allow_skipped_kinds,
            slowest=Slowest(options.slowest),
            whole=self._whole(inputs),
        )
        more = self._open_telemetry(inputs) if options.otel else {}
        self._reporting = make_reporting(self.options, self._stream, self._masker, more=more)
        keep = self._keep()
        self._listeners = Listeners(
            self._on_event, self._on_execution, self._summary, self._masker, real_values=self._real_values, keep=keep
        )
        wanted = self._reporting.takes_executions or self._listeners.take_executions
        self._fold = Fold(self._masker, self._summary, executions=wanted)
        self._shelf = Shelf() if wanted or keep or self._units.jobs > 1 else None

    def _keep(self) -> ExecutionListener | None:
        """What takes each execution with its real values: the caller's result, saved examples and bodies."""
        self._kept = self._result().executions if self._result is not None else None
        keep: ExecutionListener | None = None
        if self._kept is not None:
            self._kept.masker, keep = self._masker, self._kept.keep
        if self.options.save_examples:
            from runner.export.examples import Examples

            real_values = self.options.export_secrets
            self._examples = Examples(self.secrets, self.options.save_examples, real_values=real_values)
            keep = self._examples.keep_before(keep)
        if self._bodies is not None:
            keep = self._bodies.keep_before(keep)
        if self.judging is not None:
            keep = self.judging.keep_before(keep)
        return keep

    def _body_files(self, collections: Sequence[Collection]) -> list[BodyFile]:
        """The files for bodies of responses; raises `UsageError`."""
        if not (self.options.save_body or self.options.save_body_pages):
            return []
        from runner.export.bodies import Bodies
        from runner.export.body_files import body_files

        files = body_files(collections, self.options)
        self._bodies = Bodies(files)
        return files

    def _close_bodies(self) -> list[ExportError]:
        if self._bodies is None:
            return []
        complete = all(finished.error is None for finished in self._finished.values())
        return self._bodies.close(complete=complete, partly=self.options.reruns or self.options.shard is not None)

    def _whole(self, inputs: Sequence[Inputs]) -> Whole | None:
        """What the run is a part of, for the one report that says so."""
        if "json" not in self.options.reporters:
            return None
        from runner.shards.whole import whole_of

        return whole_of(inputs, self.options)

    def _run_all(self, inputs: Sequence[Inputs], deadline: float | None) -> Generator[None, None, list[PostrunnerError]]:
        """Run all collections, and export the state of each when it is over."""
        from runner.engine.states import States
        from runner.units.stages import Stages

        names = file_names(one.plan.collection.name for one in inputs) if len(inputs) > 1 else [""]
        units = {str(number): one for number, one in enumerate(inputs)}
        identities = dict(zip(units, names, strict=True))
        open_exports, problems = dict(identities), list[PostrunnerError]()

        def leave(unit: str, jar: CookieJar) -> None:
            if unit in open_exports:
                problems.extend(self._export(units[unit], jar, open_exports.pop(unit), unit))
                problems.extend(self._keep_tokens())

        yield from Stages(
            self._units,
            units,
            identities,
            States(self._new_jar),
            emit=self._emit,
            leave=leave,
            deadline=deadline,
            cancel=self._cancel,
            aside=self._shelf.aside if self._shelf else lambda event: event,
            watch=self._show_running if self._reporting.shows_running else None,
        ).moments()
        return problems

    def _show_running(self, running: Sequence[ItemStarted]) -> None:
        self._reporting.show_running(tuple(map(self._masker.masked, running)))

    def _export(self, inputs: Inputs, jar: CookieJar, name: str, unit: str) -> list[PostrunnerError]:
        """Write what the options ask for; `name` is the collection's file name when there are several, else empty."""
        if unit not in self._finished or not wants_exports(self.options):
            return []
        from runner.export.after_run import export_run

        finished = self._finished[unit]
        return export_run(inputs, self.options, finished, jar, name, self._clock, self.secrets, self._emit, self._examples)

    def _open_mock(self, inputs: list[Inputs]) -> None:
        """Start the mock server that answers, and put a warning that tells of it into the first inputs."""
        from runner.mock.detouring import open_mock

        self._units.detour, message = open_mock(inputs, self.options, self._stack)
        inputs[0] = replace(inputs[0], warnings=(*inputs[0].warnings, Warned(code="mocked", message=message)))

    def _open_cassette(self, inputs: Inputs) -> Inputs:
        """Open what is recorded to or replayed from; gives the inputs with a warning when a recording is replayed."""
        from runner.cassettes.cassette import open_cassette

        cassette = self._units.cassette = open_cassette(self.options, self.secrets)
        self._stack.callback(self._save_cassette)  # however the run ends
        warning = cassette.warning
        warnings = (Warned(code="cassette-replayed", message=warning, where=cassette.path),) if warning else ()
        return replace(inputs, warnings=(*inputs.warnings, *warnings))

    def _save_cassette(self) -> list[ExportError]:
        if self._units.cassette is None:
            return []
        from runner.outputs import write_text

        return self._units.cassette.save(write_text)

    def _load_tokens(self, inputs: Inputs, path: str) -> Inputs:
        """Take over the tokens of earlier runs; gives the inputs with a warning when their file cannot be used."""
        from runner.export.tokens import load_tokens

        self._units.tokens, warnings = load_tokens(path)
        self._stack.callback(self._keep_tokens)
        return replace(inputs, warnings=(*inputs.warnings, *warnings))

    def _keep_tokens(self) -> list[ExportError]:
        if not self.options.token_cache or self._units.tokens is None:
            return []
        from runner.export.tokens import export_tokens

        return export_tokens(self.options.token_cache, self._units.tokens, self._clock.now())

    def _emit(self, event: Event) -> None:
        """Hand an event, masked, to all who listen; a failure of the caller's own listener ends the run.

        This is the only way out of the engine: exports take the state of the run as it is.
        """
        if isinstance(event, RunFinished):  # nothing that is raised now could still end the run
            failed = self._tell_broken_off(event.wall)
            failed_at_end = self._hear_end(event)
            event = replace(event, error=event.error or failed_at_end or failed)
            self._finished[event.unit] = event
        light = self._shelf.put(event) if self._shelf else event
        shown = self._masker.masked(light)
        failed = self._listeners.hear_executions(light, self._reporting.tell(self._count(shown)))
        if not isinstance(event, RunFinished):
            failed = self._listeners.hear_event(event, shown) or failed
        finished = self._summary.finished
        if failed is not None and finished is None:
            raise failed
        if failed is not None and finished is not None and finished.error is None:  # a warning after the end
            self._count(self._masker.masked(replace(finished, error=failed)))

    def _count(self, shown: Event) -> list[Counted]:
        """Take an event in; gives those that count now."""
        self._reporting.hear(shown)
        return self._fold.on(shown)

    def _hear_end(self, event: RunFinished) -> PostrunnerError | None:
        """Tell the caller's listener of the end; gives what it failed with, also a Ctrl-C that comes in there."""
        try:
            return self._listeners.hear_event(event, self._masker.masked(event))
        except KeyboardInterrupt as interrupt:
            return Interrupted(exit_code=getattr(interrupt, "exit_code", 130))

    def _tell_broken_off(self, wall: float) -> RunAborted | None:
        """Hand out the executions that the end of a run broke off; gives what a listener failed with."""
        released, broken_off = self._reporting.tell(self._fold.release()), self._fold.end(wall)
        for execution in broken_off:
            self._reporting.on_execution(execution)
        return self._listeners.hear_broken_off(wall, [*released, *broken_off])
