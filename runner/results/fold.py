"""Events become executions and a summary: the one place where the facts of a run are put together."""

from __future__ import annotations

from runner.events import Event, ItemEvent, ItemFinished, ItemStarted, NextRequestSet, RunFinished
from runner.results.evidence import Evidence
from runner.results.execution import Execution
from runner.results.summary import Summary
from runner.secrets.outgoing.masked import Masker


class Fold:
    """Takes every event of a call once, masked and in order, and holds the executions that are open, no others.

    Without `executions` it makes the summary alone.
    """

    def __init__(self, masker: Masker, summary: Summary | None = None, *, executions: bool = True) -> None:
        self._masker = masker
        self.summary = summary or Summary()
        self._executions = executions
        self._evidence = Evidence()
        self._open: dict[str, Execution] = {}
        self._begun = 0

    def on(self, event: Event) -> tuple[Execution, ...]:
        """Take one event in; gives the executions that ended with it, which are several only at the end of a run."""
        about = self._evidence.on(event)
        failure = self.summary.on(event, about)
        if isinstance(event, RunFinished):
            return self.end(event.wall)
        if not self._executions or not isinstance(event, ItemEvent) or isinstance(event, NextRequestSet):
            return ()  # the next request is set when the item is done
        execution = self._open.get(event.cursor.ref) or self._begin(event)
        if isinstance(event, ItemFinished):
            del self._open[event.cursor.ref]
            execution.finished, execution.skipped, execution.ended = True, event.skipped, event.wall
            execution.mask_again(self._masker)
            return (execution,)
        if not isinstance(event, ItemStarted):
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
