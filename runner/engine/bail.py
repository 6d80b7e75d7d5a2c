"""When a failure ends the iteration or the run: the option `--bail`, and the limit of endless iterations."""

from __future__ import annotations

from runner.engine.plan import PlannedItem
from runner.errors import RunAborted
from runner.events import Event, RequestEvent, ScriptFinished

EXECUTION_LIMIT = 100_000
"""How many requests an iteration may run beyond those of the collection; only a `setNextRequest` loop gets there."""


class Bail:
    """Watches the events of a run. `option` is what `--bail` says: failure, folder, iteration, or several by commas."""

    def __init__(self, option: str | None) -> None:
        kinds = frozenset((option or "").split(","))
        self._after_item, self._after_iteration = bool(kinds & {"failure", "iteration"}), "failure" in kinds
        self._at_once = "folder" in kinds
        self._failed = False
        self._held: list[str] | None = None
        self._failed_before = False

    @classmethod
    def of_part(cls, part: str, option: str | None) -> Bail:
        """That of a setup, which ends with its first failure, of a teardown, which goes on, or of what `--bail` says."""
        return cls({"setup": "failure", "teardown": None}.get(part, option))

    def begin_iteration(self) -> None:
        """Forget the failures of the iteration before."""
        self._failed = False

    def take(self, event: Event) -> str | None:
        """Take one event in; the text of the error when it has to end the run at once (`folder`)."""
        if event.failed and not (isinstance(event, RequestEvent) and event.source != "item"):
            self._failed = True
        error = _error_of(event) if self._at_once else None
        if self._held is None:
            return error
        self._held += [error] if error else []
        return None

    def hold(self) -> None:
        """Wait with what fails from now on: it is part of an attempt that may not count."""
        self._held, self._failed_before = [], self._failed

    def settle(self, *, counts: bool) -> str | None:
        """The attempt is over: take what failed in it as if it failed now, or forget it."""
        errors, self._held = self._held, None
        if not counts:
            self._failed = self._failed_before
        return errors[0] if counts and errors else None

    @property
    def ends_iteration(self) -> bool:
        """Whether the iteration ends after this item."""
        return self._failed and self._after_item

    @property
    def ends_run(self) -> bool:
        """Whether the run ends after this iteration."""
        return self._failed and self._after_iteration


def _error_of(event: Event) -> str | None:
    """The error text of a script or of the item's request; a sub-request's error is the script's own affair."""
    if isinstance(event, ScriptFinished) and event.error:
        return f"{event.error.name}: {event.error.message}"
    if isinstance(event, RequestEvent) and event.error and event.source == "item":
        return str(event.error)
    return None


def check_executions(executions: int, limit: int | None, items: int, planned: PlannedItem) -> None:
    """Raise `RunAborted` when an iteration is about to run more requests than `limit` (None: the usual limit)."""
    most = limit or EXECUTION_LIMIT + items
    if executions >= most:
        hint = "does setNextRequest go round in a circle? --max-requests sets the limit"
        raise RunAborted(f"the iteration ran {most} requests and did not end", where=planned.item.name, hint=hint)
