"""The functions with which a Python caller follows a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from runner.errors import RunAborted
from runner.events import Event
from runner.results.execution import Execution
from runner.results.fold import Counted, Fold
from runner.results.summary import Summary
from runner.secrets import Unmasked
from runner.secrets.outgoing.masked import Masker

T = TypeVar("T")


class Listeners:
    """Passes on events and executions masked or, with `real_values`, as they are.

    `keep` gets each execution as it is.

    Each method returns the error that ends the run when a listener raised an exception, else None.
    """

    def __init__(
        self,
        on_event: Callable[[Event], object] | None,
        on_execution: Callable[[Execution], object] | None,
        summary: Summary,
        masker: Masker,
        *,
        real_values: bool,
        keep: Callable[[Execution], object] | None = None,
    ) -> None:
        self._on_event = on_event
        self._on_execution = on_execution
        self._summary = summary
        self._real_values = real_values
        own = Summary(fail_on_flaky=summary.fail_on_flaky, fail_on_warning=summary.fail_on_warning)
        self._masker = masker
        self._keep = keep
        self._real = Fold(Masker(Unmasked()), own) if keep or (on_execution and real_values) else None

    @property
    def take_executions(self) -> bool:
        """Whether a listener takes masked executions."""
        return self._on_execution is not None and not self._real_values

    def hear_event(self, event: Event, shown: Event) -> RunAborted | None:
        """Pass on an event; `shown` is its masked form."""
        return _told("on_event", self._on_event, event if self._real_values else shown)

    def hear_executions(self, event: Event, shown: Sequence[Execution]) -> RunAborted | None:
        """Pass on the executions that ended with an event; `shown` are their masked forms."""
        if self._real is None and not shown:
            return None
        return self._hear_all(_ended(self._real.on(event)) if self._real else [], shown)

    def hear_broken_off(self, wall: float, shown: Sequence[Execution]) -> RunAborted | None:
        """Pass on the executions that the end of their run interrupted."""
        return self._hear_all([*_ended(self._real.release()), *self._real.end(wall)] if self._real else [], shown)

    def _hear_all(self, real: Sequence[Execution], shown: Sequence[Execution]) -> RunAborted | None:
        failed = None
        for execution in real:
            for attempt in execution.attempts:  # failures are printed, so they are masked
                for one in (attempt.execution, *attempt.within):
                    one.failures = list(map(self._masker.masked, one.failures))
            execution.failures = [self._summary.failures[failure.number - 1] for failure in execution.failures]
            if self._keep is not None:
                self._keep(execution)
        for execution in real if self._real_values else shown:
            failed = _told("on_execution", self._on_execution, execution) or failed
        return failed


def _ended(counted: Iterable[Counted]) -> list[Execution]:
    return [execution for _, executions in counted for execution in executions]


def _told(name: str, listener: Callable[[T], object] | None, value: T) -> RunAborted | None:
    try:
        if listener is not None:
            listener(value)
    except Exception as error:
        failed = RunAborted(f"{name} raised {type(error).__name__}: {error}".rstrip(": "))
        failed.__cause__ = error
        return failed
    return None
