"""Events become executions and a summary: the one place where a run's events are combined.

Events of an attempt that may be retried are held back until it is known whether the attempt counts.
"""

from __future__ import annotations

from dataclasses import field

from runner.events import Event, ItemEvent, ItemFinished, ItemRetried, ItemStarted, NextRequestSet, RunFinished
from runner.model.quick_dataclass import dataclass
from runner.results.evidence import Evidence
from runner.results.execution import Attempt, Execution
from runner.results.summary import Summary
from runner.secrets.outgoing.masked import Masker

Counted = tuple[Event, tuple[Execution, ...]]
"""An event that counts, with the executions that ended with it."""


@dataclass(slots=True)
class Trial:
    """The latest attempt at an item: its first event, its other events, and whether another attempt follows.

    `version` is that of the secrets when it began, `failures` the number of those in the summary, `reasons` say why the
    attempts before it failed.
    """

    started: ItemStarted
    version: int
    failures: int
    held: list[Event] = field(default_factory=list)
    retried: ItemRetried | None = None
    reasons: tuple[str, ...] = ()


class Fold:
    """Takes every event of a call once, masked and in order, and holds only open executions.

    Without `executions` it only makes the summary.
    """

    def __init__(self, masker: Masker, summary: Summary | None = None, *, executions: bool = True) -> None:
        self._masker = masker
        self.summary = summary or Summary()
        self._executions = executions
        self._evidence = Evidence()
        self._open: dict[str, Execution] = {}
        self._begun = 0
        self._trials: dict[str, Trial] = {}

    def on(self, event: Event) -> list[Counted]:
        """Take one event; returns the events that count now: those held back come together when they are released."""
        if event.cursor.attempts == 1 and not self._trials:
            return [self._count(event)]
        trial = self._trials.get(event.unit)
        if trial is None:
            if isinstance(event, ItemStarted) and event.cursor.attempts > 1:
                trial = Trial(event, self._masker.secrets.version, failures=self.summary.undemanded)
                self._trials[event.unit] = trial
            return [self._count(event)]
        if isinstance(event, RunFinished):
            return [*self.release(), self._count(event)]
        if not isinstance(event, ItemEvent):
            return [self._count(event)]
        if event.cursor.ref != trial.started.cursor.ref:  # of an item that a script runs in the attempt
            return self._held(trial, event)
        if isinstance(event, ItemStarted):
            self._begin_again(trial, event)
            return []
        if isinstance(event, ItemRetried):
            trial.retried = event
            return [self._count(event)]
        if isinstance(event, ItemFinished):
            return self._finished(trial, event)
        return self._held(trial, event)

    def release(self) -> list[Counted]:
        """Release what was held back: no other attempt follows."""
        trials = list(self._trials.values())
        self._trials.clear()
        return [counted for trial in trials for counted in self._released(trial)]

    def _held(self, trial: Trial, event: Event) -> list[Counted]:
        if not trial.started.cursor.provisional:
            return [self._count(event)]
        trial.held.append(event)
        return []

    def _released(self, trial: Trial) -> list[Counted]:
        """The events that were held back."""
        held, trial.held = self._masked(trial), []
        return [self._count(event) for event in held]

    def _masked(self, trial: Trial) -> list[Event]:
        """The events that were held back, without secrets that became known meanwhile."""
        same = trial.version == self._masker.secrets.version
        return trial.held if same else list(map(self._masker.masked, trial.held))

    def _begin_again(self, trial: Trial, event: ItemStarted) -> None:
        """The next attempt begins, so the previous one does not count: it becomes executions of its own."""
        retried = trial.retried
        assert retried is not None
        if self._executions:
            self._set_apart(trial, retried, event)
        trial.reasons = (*trial.reasons, retried.reason)
        trial.started, trial.version, trial.held, trial.retried = event, self._masker.secrets.version, [], None
        trial.failures = self.summary.undemanded

    def _set_apart(self, trial: Trial, retried: ItemRetried, event: ItemStarted) -> None:
        item, path = retried.item, retried.path
        end = ItemFinished(cursor=retried.cursor, unit=retried.unit, wall=retried.wall, item=item, path=path)
        facts = (trial.started, *self._masked(trial), end)
        apart = Fold(self._masker, Summary(clock=self.summary.clock, entropy=self.summary.entropy))
        *within, own = (one for fact in facts for one in apart._take(fact))
        execution = self._open[event.cursor.ref]
        for one in (*within, own):
            one.collection, one.run, one.part = execution.collection, execution.run, execution.part
        attempt = Attempt(execution=own, within=tuple(within), reason=retried.reason, delay=retried.delay)
        execution.attempts.append(attempt)
        execution.started, execution.cursor = event.wall, event.cursor

    def _finished(self, trial: Trial, event: ItemFinished) -> list[Counted]:
        """The attempt counts: its item passed, or no retry is left."""
        del self._trials[event.unit]
        counted = self._released(trial)
        if trial.reasons and not event.skipped and self.summary.undemanded == trial.failures:
            if self._executions:
                self._open[event.cursor.ref].flaky = True
            self.summary.add_flaky(event, trial.reasons)
        return [*counted, self._count(event)]

    def _count(self, event: Event) -> Counted:
        return event, self._take(event)

    def _take(self, event: Event) -> tuple[Execution, ...]:
        """Take an event that counts; returns the executions that ended with it, several only at the end of a run."""
        about = self._evidence.on(event)
        failure = self.summary.on(event, about)
        if not isinstance(event, ItemEvent):
            return self.end(event.wall) if isinstance(event, RunFinished) else ()
        if not self._executions or isinstance(event, NextRequestSet):
            return ()  # the next request is set when the item is done
        execution = self._open.get(event.cursor.ref) or self._begin(event)
        if isinstance(event, ItemFinished):
            del self._open[event.cursor.ref]
            execution.finished, execution.skipped, execution.ended = True, event.skipped, event.wall
            execution.skip_reason = event.why_skipped
            execution.mask_again(self._masker)
            return (execution,)
        if not isinstance(event, ItemStarted | ItemRetried):
            execution.add(event, failure, about)
        return ()

    def end(self, wall: float = 0.0) -> tuple[Execution, ...]:
        """The executions that never ended, in the order they began; `wall` is when their run was over."""
        broken_off = tuple(self._open.values())
        self._open.clear()
        for execution in broken_off:
            execution.ended = wall or execution.started
            execution.mask_again(self._masker)
        return broken_off

    def _begin(self, event: ItemEvent) -> Execution:
        runs, current = self.summary.runs, self.summary.current
        execution = self._open[event.cursor.ref] = Execution(
            item=event.item,
            path=event.path,
            cursor=event.cursor,
            collection=runs[current].started.collection if runs else None,
            unit=event.unit,
            number=self._begun,
            run=max(0, current),
            part=runs[current].part if runs else "",
            within=next(reversed(self._open), ""),
            started=event.wall,
            version=self._masker.secrets.version,
        )
        self._begun += 1
        return execution
