"""An item is run again when it failed in a way that may pass: the options `--retries …`, and `@retry N` of a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from functools import partial

from runner.clock import Clock
from runner.effects import Sleep, Step
from runner.engine.bail import Bail
from runner.engine.item import Decide, ItemOutcome, Retry
from runner.engine.plan import PlannedItem
from runner.errors import Bailed, RequestError
from runner.events import AssertionChecked, Cursor, Event, RequestFailed, RequestFinished, ScriptFinished, Warned
from runner.model.quick_dataclass import dataclass
from runner.model.response import Response
from runner.options import RunOptions
from runner.options.check import check_causes
from runner.rules.retry_after import retry_after

IDEMPOTENT = frozenset(("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"))
"""The methods that may be repeated without asking (RFC 9110, section 9.2.2)."""

TIMEOUTS = frozenset(("ETIMEDOUT", "ESOCKETTIMEDOUT"))
CONNECTIONS = (
    *("ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ENOTFOUND", "EAI_AGAIN"),
    *("EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN"),
)
"""Node's codes of connections that could not be made or broke."""

LONGEST_WAIT = 60_000
"""Milliseconds that `Retry-After` may ask for at most: a run waits no longer for a server."""

RunItem = Callable[[PlannedItem, Cursor, Decide | None], Step[ItemOutcome]]
Remember = Callable[[], Callable[[], None]]
"""Gives a function that brings variables and cookies back to what they are now."""


@dataclass(slots=True)
class Seen:
    """What happened in an attempt: the first failure of each cause, the methods that were sent, the tests that passed."""

    failures: dict[str, str] = field(default_factory=dict)
    methods: set[str] = field(default_factory=set)
    passed: int = 0

    def take(self, event: Event) -> None:
        """Take the next event of the attempt in; what its scripts send and run belongs to it."""
        match event:
            case RequestFinished():
                if event.source != "auth":  # whoever repeats a request authenticates again
                    self.methods.add(event.request.method.upper())
                if event.error is not None:
                    self._fail(cause_of(event.error), event.error.message)
            case RequestFailed():
                self._fail("preparation", event.error.message)
            case AssertionChecked() if event.failed:
                self._fail("assertion", f'the test "{event.assertion.name}" failed')
            case AssertionChecked():
                self.passed += event.assertion.passed and bool(event.script_id)  # what judges find expects no status
            case ScriptFinished() if event.error is not None:
                self._fail("script", f"{event.error.name}: {event.error.message}")

    def _fail(self, cause: str, reason: str) -> None:
        self.failures.setdefault(cause, reason)


class Attempts:
    """Runs an item as often as it may be tried. Every event is shown to `take`, so that it is known what failed.

    An attempt that is followed by another leaves nothing behind: neither variables and cookies, nor a next request, nor a
    failure for `bail`.
    """

    def __init__(self, options: RunOptions, clock: Clock, bail: Bail, remember: Remember, run_item: RunItem) -> None:
        self._options = options
        self._clock = clock
        self._bail = bail
        self._remember = remember
        self._run_item = run_item
        self._causes = frozenset(check_causes(options.retry_on, "retry_on"))
        self._seen: Seen | None = None

    def take(self, event: Event) -> None:
        """Look at an event of the run."""
        if self._seen is not None:
            self._seen.take(event)

    def steps(self, planned: PlannedItem, cursor: Cursor, retries: int) -> Step[ItemOutcome]:
        """Run the item until an attempt counts; raises `Bailed` for what `--bail folder` asks then."""
        cursor = replace(cursor, attempts=retries + 1)
        while cursor.provisional:
            restore, self._seen = self._remember(), Seen()
            self._bail.hold()
            outcome = yield from self._run_item(planned, cursor, partial(self._decide, planned, cursor, self._seen))
            self._seen = None
            error = self._bail.settle(counts=outcome.retry is None)
            if error:
                raise Bailed(error, where=planned.item.name)
            if outcome.retry is None:
                return outcome
            restore()
            if outcome.retry.delay:
                yield from Sleep(outcome.retry.delay)
            cursor = replace(cursor, attempt=cursor.attempt + 1)
        return (yield from self._run_item(planned, cursor, None))

    def _decide(self, planned: PlannedItem, cursor: Cursor, seen: Seen, outcome: ItemOutcome) -> Step[Retry | None]:
        """Why and when the item is run again; None if this attempt counts."""
        response = outcome.exchange.response if outcome.exchange is not None else None
        reason = "" if outcome.skipped else self._reason(seen, response)
        if not reason:
            return None
        unsafe = sorted(seen.methods - IDEMPOTENT)
        if unsafe and not self._options.retry_unsafe:
            message = (
                f"it failed and is not run again: {unsafe[0]} is not safe to repeat (--retry-unsafe does it all the same)"
            )
            yield Warned(code="not-retried", message=message, where=planned.item.name, cursor=cursor)
            return None
        return Retry(reason, self._delay(response))

    def _reason(self, seen: Seen, response: Response | None) -> str:
        """The first failure that may be healed by a repetition, "" if there is none.

        A status is none where tests took it for what they expect.
        """
        expected = seen.passed and not seen.failures
        if response is not None and not expected and self._causes & {str(response.code), f"{response.code // 100}xx"}:
            return f"{response.code} {response.status}".rstrip()
        return next((reason for cause, reason in seen.failures.items() if cause in self._causes), "")

    def _delay(self, response: Response | None) -> float:
        """Milliseconds until the next attempt; a replayed server needs no time to recover."""
        if self._options.replay:
            return 0
        asked = response.header("retry-after") if response is not None and response.code >= 400 else None
        seconds = retry_after(asked, self._clock.now()) if asked else None
        return max(self._options.retry_delay, min((seconds or 0) * 1000, LONGEST_WAIT))


def cause_of(error: RequestError) -> str:
    """The word of `--retry-on` for a request without a response."""
    return "timeout" if error.code in TIMEOUTS else "connect" if error.code in CONNECTIONS else "other"
