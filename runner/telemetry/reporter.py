"""The reporter behind `--otel`: events and executions, masked as all reporters get them, become spans and metrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from opentelemetry.trace import Span

from runner.cancel import Cancel
from runner.errors import Bailed, Interrupted, NothingRun, PostrunnerError, RunAborted
from runner.events import (
    Event,
    ItemFinished,
    ItemStarted,
    IterationFinished,
    IterationStarted,
    RunFinished,
    RunStarted,
    ScriptFinished,
    ScriptStarted,
)
from runner.results.execution import Execution
from runner.results.summary import Summary
from runner.telemetry import names
from runner.telemetry.export import Pipeline
from runner.telemetry.items import OpenItems
from runner.telemetry.metrics import Metrics
from runner.telemetry.spans import ABORTED, FAILURE, SKIPPED, SUCCESS, Spans, end

T = TypeVar("T")


class OpenRun:
    """The span of a collection, what in it is open, and how it is going."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.iteration: Span | None = None
        self.latest = 0.0
        """When the latest of its items, or its start, was over: ms since the epoch."""
        self.ended = 0.0
        self.failed = False
        self.error: PostrunnerError | None = None


class Otel:
    """Opens spans when their events come and fills them when the execution is over, with all its secrets hidden.

    Events of parallel runs come in order, long after they happened: all times are those of the events. With
    `folders_beside` each other the events of an iteration are those of its first and last folder, whatever took longest.
    A failure in here is a warning at the end, and no failure of the run.
    """

    hears_all = True

    def __init__(self, spans: Spans, pipeline: Pipeline, *, folders_beside: bool = False) -> None:
        self._spans, self._pipeline = spans, pipeline
        self._folders_beside = folders_beside
        self._runs: dict[str, OpenRun] = {}
        self._items = OpenItems(spans, Metrics(pipeline.meter))
        self._broken = ""

    def on(self, event: Event) -> None:
        """Events are heard at once."""

    def hear(self, event: Event) -> None:
        """Open and end what an event tells of."""
        hear = _HEARS.get(type(event))
        if hear is not None:
            self._guarded(lambda one: hear(self, one), event)

    def on_execution(self, execution: Execution) -> None:
        """Fill and end the spans of an item."""
        self._guarded(self._finish_item, execution)

    def close(self, summary: Summary) -> None:
        """What went wrong with reports is not known yet."""

    def end(self, summary: Summary, cancel: Cancel) -> Sequence[str]:
        """End the spans of the run and send what is left; returns warnings."""
        self._guarded(self._finish_runs, summary)
        warnings = [f"--otel: {self._broken}"] if self._broken else []
        if self._spans.wrong_parent:
            warnings.append(f"--otel: TRACEPARENT is not a trace context: {self._spans.wrong_parent}")
        return [*warnings, *self._pipeline.finish(cancel)]

    def _guarded(self, take: Callable[[T], None], value: T) -> None:
        if self._broken:
            return
        try:
            take(value)
        except Exception as error:
            self._broken = f"telemetry ended early: {type(error).__name__}: {error}"

    # -- what is open ---------------------------------------------------------------------------------------------

    def _run_started(self, event: RunStarted) -> None:
        run = self._runs.get(event.unit)
        if run is None:
            run = self._runs[event.unit] = OpenRun(self._spans.begin_run(event.collection.name, event.started))
            run.latest = event.wall
        if event.part:
            run.iteration = self._spans.begin(event.part, event.wall, run.span)

    def _iteration_started(self, event: IterationStarted) -> None:
        run, number = self._runs[event.unit], event.cursor.iteration
        began = run.latest if self._folders_beside else event.wall
        run.iteration = self._spans.begin(f"iteration {number + 1}", began, run.span, {names.ITERATION: number})

    def _iteration_finished(self, event: IterationFinished | RunFinished) -> None:
        run = self._runs[event.unit]
        self._items.leave_all()
        run.latest = max(run.latest, event.wall)
        if run.iteration is not None:
            end(run.iteration, run.latest if self._folders_beside else event.wall)
        run.iteration = None

    def _run_finished(self, event: RunFinished) -> None:
        self._iteration_finished(event)
        run = self._runs[event.unit]
        run.ended, run.error = event.completed, run.error or event.error

    def _item_started(self, event: ItemStarted) -> None:
        run = self._runs[event.unit]
        self._items.start(event, run.iteration or run.span)

    def _item_finished(self, event: ItemFinished) -> None:
        self._items.leave(event)

    def _script_started(self, event: ScriptStarted) -> None:
        self._items.start_script(event)

    def _script_finished(self, event: ScriptFinished) -> None:
        self._items.leave_script(event)

    # -- what is over ---------------------------------------------------------------------------------------------

    def _finish_item(self, execution: Execution) -> None:
        self._items.finish(execution)
        run = self._runs[execution.unit]
        run.failed, run.latest = run.failed or execution.failed, max(run.latest, execution.ended)

    def _finish_runs(self, summary: Summary) -> None:
        status = _status(summary.error, failed=summary.failed)
        for run in self._runs.values():
            if run.span is not self._spans.root:
                self._spans.end_run(run.span, _status(run.error, failed=run.failed), run.ended)
        message = next((str(one) for one in (*summary.failures, *summary.problems)), "")
        self._spans.end_run(self._spans.root, status, max((run.ended for run in self._runs.values()), default=0.0), message)


def _status(error: PostrunnerError | None, *, failed: bool) -> str:
    """`test.suite.run.status`: bailing out is a failure, what ended the run from outside is none."""
    if isinstance(error, NothingRun):
        return SKIPPED
    if isinstance(error, Interrupted) or (isinstance(error, RunAborted) and not isinstance(error, Bailed)):
        return ABORTED
    return FAILURE if failed or error is not None else SUCCESS


_HEARS: dict[type[Event], Callable[..., None]] = {
    RunStarted: Otel._run_started,
    RunFinished: Otel._run_finished,
    IterationStarted: Otel._iteration_started,
    IterationFinished: Otel._iteration_finished,
    ItemStarted: Otel._item_started,
    ItemFinished: Otel._item_finished,
    ScriptStarted: Otel._script_started,
    ScriptFinished: Otel._script_finished,
}
