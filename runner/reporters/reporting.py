"""All reporters of a run together."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from runner.cancel import Cancel
from runner.errors import ExportError, PostrunnerError
from runner.events import Event, ItemStarted
from runner.interruption import Interrupt
from runner.options import RunOptions
from runner.reporters.context import make_context
from runner.reporters.registry import (
    EndsLast,
    HearsAll,
    Reporter,
    ShowsRunning,
    TakesExecutions,
    chosen_reporters,
    find_reporter,
)
from runner.results.execution import Execution
from runner.results.fold import Counted
from runner.results.summary import Summary
from runner.secrets.outgoing.masked import Masker


class Reporting:
    """All reporters of a run. One that raises is dropped with a message; the run and the other reporters go on."""

    def __init__(self, reporters: Mapping[str, Reporter]) -> None:
        self._reporters = dict(reporters)
        self._takers = {name: one for name, one in reporters.items() if isinstance(one, TakesExecutions)}
        self._hearers = {name: one for name, one in reporters.items() if isinstance(one, HearsAll) and one.hears_all}
        self._showing = {name: one for name, one in reporters.items() if isinstance(one, ShowsRunning)}
        self._ending = {name: one for name, one in reporters.items() if isinstance(one, EndsLast)}
        self._problems: list[ExportError] = []

    @property
    def shows_running(self) -> bool:
        """Whether any reporter shows which items run."""
        return bool(self._showing)

    @property
    def takes_executions(self) -> bool:
        """Whether any reporter takes executions."""
        return bool(self._takers)

    def hear(self, event: Event) -> None:
        """Hand an event to the reporters that take each at once, whether or not it counts."""
        for name, reporter in self._hearers.items():
            if name in self._reporters:
                self._guard(name, reporter.hear, event)

    def tell(self, counted: Iterable[Counted]) -> list[Execution]:
        """Hand out events that count, each after the executions that it ended; returns these."""
        ended: list[Execution] = []
        for event, executions in counted:
            if executions:
                for execution in executions:
                    self.on_execution(execution)
                ended += executions
            self.on(event)
        return ended

    def on(self, event: Event) -> None:
        """Hand one event to every reporter."""
        for name, reporter in tuple(self._reporters.items()):
            self._guard(name, reporter.on, event)

    def on_execution(self, execution: Execution) -> None:
        """Hand an execution that is over to the reporters that take them."""
        for name, reporter in self._takers.items():
            if name in self._reporters:
                self._guard(name, reporter.on_execution, execution)

    def show_running(self, running: Sequence[ItemStarted]) -> None:
        """Tell the reporters that show it which items run now, beside each other."""
        for name, reporter in self._showing.items():
            if name in self._reporters:
                self._guard(name, reporter.show_running, running)

    def close(self, summary: Summary) -> list[ExportError]:
        """Finish all reports; returns everything that has gone wrong in them."""
        for name, reporter in tuple(self._reporters.items()):
            self._guard(name, reporter.close, summary)
        return self._problems

    def end(self, summary: Summary, cancel: Cancel) -> list[str]:
        """Let the reporters that end last do so, also those whose report failed; returns their warnings."""
        warnings: list[str] = []
        for name, reporter in self._ending.items():
            try:
                warnings += reporter.end(summary, cancel)
            except Exception as error:
                warnings.append(f"reporter {name}: {_problem(name, error).message}")
        return warnings

    def _guard(
        self, name: str, take: Callable[[Any], None], argument: Event | Execution | Summary | Sequence[ItemStarted]
    ) -> None:
        try:
            take(argument)
        except BrokenPipeError:  # the reader has left (`postrunner run … | head`): there is nobody to tell
            del self._reporters[name]
        except Interrupt:  # nobody reads what is printed, and the user does not want to wait
            del self._reporters[name]
            self._problems.append(ExportError("the report could not be written: nobody takes it", where=f"reporter {name}"))
        except Exception as error:  # no defect of a report may hide the result of the run
            del self._reporters[name]
            self._problems.append(_problem(name, error))


def _problem(name: str, error: Exception) -> ExportError:
    if isinstance(error, ExportError):
        return error
    text = str(error) if isinstance(error, OSError | PostrunnerError) else f"{type(error).__name__}: {error}"
    return ExportError(f"the report could not be written: {text}", where=f"reporter {name}")


def make_reporting(
    options: RunOptions,
    stream: TextIO | None,
    masker: Masker,
    environ: Mapping[str, str] | None = None,
    more: Mapping[str, Reporter] | None = None,
) -> Reporting:
    """The reporters that `options.reporters` names, printing to `stream` (None: nowhere), and `more`.

    Raises `UsageError` for a name that does not exist, and for an option that a built-in reporter does not have.
    """
    out = stream if stream is not None else _Nowhere()
    environ = os.environ if environ is None else environ
    names = chosen_reporters(options.reporters, environ)
    classes = {name: find_reporter(name) for name in names}
    if options.reporter_options:
        from runner.reporters.known_options import settle_reporter_options

        options, warnings = settle_reporter_options(options, classes)
        for warning in warnings:
            print(f"warning: {warning}", file=sys.stderr)
    context = make_context(options, out, masker, environ)
    reporters: dict[str, Reporter] = {}
    if options.history:
        from runner.history.recorder import Recorder
        from runner.history.states import selection

        secrets, clock, selected = context.secrets, context.clock, selection(context.options)
        reporters["history"] = Recorder(options, selected, secrets, clock, environ)  # first: reports show its trend
    reporters |= {name: make(context) for name, make in classes.items()} | dict(more or {})
    dominant = [name for name, reporter in reporters.items() if getattr(reporter, "dominant", False)]
    if len(dominant) > 1 and stream is not None:
        print(f"warning: the reporters {' and '.join(dominant)} print to the same screen", file=sys.stderr)
    return Reporting(reporters)


class _Nowhere(io.StringIO):
    """A stream that discards everything."""

    def write(self, text: str) -> int:
        return len(text)
