"""Runs collections with two environments in step: a request with the one, then the next request with the other."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

from runner.diff.answers import Answer, Key, Named, Side, Test
from runner.diff.choice import Against
from runner.diff.report import SCRIPTS
from runner.interruption import undisturbed, waiting
from runner.options import RunOptions
from runner.results.execution import Execution
from runner.results.summary import Summary
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker
from runner.session import Session
from runner.sources.pipes import settle_pipes

WARNINGS = 10
"""Warnings of a run that are told."""


def run_both(names: Sequence[str], options: RunOptions, against: Against, stack: ExitStack) -> tuple[Side, Side, Secrets]:
    """The answers of both runs, and the secrets of both, which are masked in either; raises what `Session.load` does.

    `options` are those of the left side. A run that does not come to its end says so as the `error` of its side.
    """
    other = replace(
        options, environment=against.environment or options.environment, env_var=(*options.env_var, *against.env_var)
    )
    with undisturbed():
        with waiting():
            options, other = (settle_pipes(names, one, stack) for one in (options, other))
            left = _Run(names, options, _label(options, ()), stack)
            right = _Run(names, other, _label(other, against.env_var), stack, left.session.secrets)
        _in_step(left, right)
    return left.side, right.side, left.session.secrets


class _Run:
    """One of the two runs; it counts the requests that are over."""

    def __init__(
        self, names: Sequence[str], options: RunOptions, label: str, stack: ExitStack, secrets: Secrets | None = None
    ) -> None:
        self.session = Session(options, stack, on_execution=self._keep)
        if secrets is not None:
            self.session.secrets = secrets
        self.side = Side(label, self.session.secrets, stack)
        self.done = 0
        inputs = self.session.load(names)
        self.side.environment = inputs[0].environment.name
        self.side.collections = [Named(one.plan.collection.name, one.plan.collection.id) for one in inputs]
        self._moments = self.session.moments(inputs)
        self.moments = self._to_end(self._moments)

    def _to_end(self, moments: Generator[None, None, Summary]) -> Iterator[None]:
        summary = yield from moments
        if summary.error is not None:
            self.side.error = str(summary.error)
        told = dict.fromkeys(f"{one.where}: {one.message}" if one.where else one.message for one in summary.warnings)
        self.side.notes = [*told][:WARNINGS]

    def _keep(self, execution: Execution) -> None:
        self.side.add(answer_of(execution))
        self.done += 1


def _in_step(left: _Run, right: _Run) -> None:
    """Let each side finish a request in turn, until both are over."""
    going = [left, right]
    while going:
        for run in [*going]:
            done = run.done
            while run.done == done:
                if next(run.moments, _OVER) is _OVER:
                    going.remove(run)
                    break


_OVER = object()


def answer_of(execution: Execution) -> Answer:
    """An execution as a side keeps it."""
    path = (*execution.path, execution.item.name)
    answer = Answer(
        key=Key(execution.run, execution.part, path, execution.cursor.iteration),
        id=execution.item.id,
        skipped=execution.skip_reason if execution.skipped else None,
        tests=[*_tests(execution)],
    )
    own = execution.ran
    if own is not None and own.error is not None:
        answer.error = own.error.message
    response = own.response if own is not None else None
    if response is not None:
        answer.status, answer.reason, answer.time = response.code, response.status, response.time
        answer.header, answer.body = list(response.headers), bytes(response.body)
    return answer


def _tests(execution: Execution) -> Iterator[Test]:
    for checked in execution.assertions:
        one = checked.assertion
        outcome = "skipped" if one.skipped else "passed" if one.passed else "failed"
        yield Test(one.name, outcome, one.error.message if one.error else "")
    for listen, name in SCRIPTS.items():
        for script in execution.scripts:
            if script.listen == listen and script.error is not None:
                yield Test(name, "failed", script.error.message)


def _label(options: RunOptions, variables: Sequence[tuple[str, str]]) -> str:
    """What the side is called: its environments, and the names of variables that only it has."""
    given = options.environment if isinstance(options.environment, tuple) else (options.environment,)
    shown = map(Masker(Secrets()).masked, [one for one in given if isinstance(one, str)])  # an address may hold a password
    named = ", ".join(shown) or "no environment"
    return f"{named} with {', '.join(name for name, _ in variables)}" if variables else named
