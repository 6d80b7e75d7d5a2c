"""What happened in a run: frozen facts in the order they came about.

Reporters, the summary, the exit code and the exports are functions of these and of nothing else.
"""

from __future__ import annotations

from typing import Any

from runner.clock import Clock
from runner.errors import Bailed, PostrunnerError, RequestError
from runner.model.collection import Collection, Item
from runner.model.discreet import Discreet
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass, setter
from runner.model.request import Request
from runner.model.response import Exchange, Response
from runner.model.variable import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor(Discreet, shows=("ref",)):
    """The place in the grid of items (`position` of `length`) and iterations (`iteration` of `cycles`), all from 0.

    `ref` names this execution of this item in all its attempts: `attempt` is the one of at most `attempts`, from 0.
    """

    position: int = 0
    iteration: int = 0
    length: int = 0
    cycles: int = 1
    ref: str = ""
    attempt: int = 0
    attempts: int = 1

    @property
    def provisional(self) -> bool:
        """Whether another attempt may follow, so that nothing of this one would count."""
        return self.attempt + 1 < self.attempts


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """An execution of an item: what a fact about it begins with. `path` has the names of its folders, outermost first."""

    cursor: Cursor
    item: Item
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptError(Discreet):
    """An error a script threw: `line` and `column` count from 1 in the user's own text (None when unknown)."""

    name: str
    message: str
    stack: str = ""
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion(Discreet):
    """One `pm.test`: `index` counts within its script; `error` is None when it passed or was skipped."""

    name: str
    index: int
    passed: bool
    skipped: bool = False
    asynchronous: bool = False
    error: ScriptError | None = None

    @property
    def failed(self) -> bool:
        """Whether the test ran and did not pass."""
        return not self.passed and not self.skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Discreet):
    """Base of all facts: where in which run it happened, and when.

    `unit` names the run among those that go on side by side. `at` counts nanoseconds of a clock that never goes back, to be
    subtracted; `wall` is milliseconds since the epoch. The driver fills in these three; before that they are empty.
    """

    cursor: Cursor = Cursor()
    unit: str = ""
    at: int = 0
    wall: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether this is a failure of the run: the one rule, which the summary, reports and `--bail` ask."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """The run begins; `started` is milliseconds since the epoch, `items` is what one iteration runs, in order.

    `part` is `setup` or `teardown` if these are the items that are run once, before or after all iterations.
    """

    collection: Collection
    environment: Environment
    globals: Environment
    items: tuple[Item, ...]
    started: float
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IterationStarted(Event):
    """An iteration begins with this row of iteration data."""

    data: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEvent(Event):
    """Base of the facts about one item; `path` has the names of its folders, outermost first."""

    item: Item
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStarted(ItemEvent):
    """An item begins (before its delay and its pre-request scripts)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptStarted(ItemEvent, shows=("listen",)):
    """A script begins; `owner` is the name of the collection, folder or item that carries it."""

    listen: str
    script_id: str
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptFinished(ItemEvent, shows=("listen",)):
    """A script ended; `owner` is the name of the collection, folder or item that carries it."""

    listen: str
    script_id: str
    owner: str = ""
    error: ScriptError | None = None
    next_request: str | None = None
    set_next_request: bool = False
    skipped_request: bool = False
    visualizer: JsonObject | None = None

    @property
    def failed(self) -> bool:
        """Whether the script threw an error."""
        return self.error is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionChecked(ItemEvent, shows=("listen",)):
    """A test passed, failed or was skipped."""

    listen: str
    script_id: str
    assertion: Assertion

    @property
    def failed(self) -> bool:
        """Whether the test failed."""
        return self.assertion.failed

    @property
    def name(self) -> str:
        """The name of the test."""
        return self.assertion.name

    @property
    def passed(self) -> bool:
        """Whether the test passed."""
        return self.assertion.passed

    @property
    def error(self) -> ScriptError | None:
        """What a failed test threw."""
        return self.assertion.error


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleLogged(ItemEvent, shows=("level",)):
    """A script wrote to the console: `messages` has each argument as plain JSON, `text` as Node's inspector shows it."""

    level: str
    messages: tuple[Any, ...]
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent(ItemEvent, shows=("source",)):
    """Base of the facts about one request, sent or not: either `exchange` or `error` is there.

    `source` is `item` for the item's own request, `script` for `pm.sendRequest`, `auth` for a request an auth flow made on
    the way (a token, a challenge). `request` is the resolved one, with the headers that were really sent.
    """

    source: str = "item"
    request: Request
    exchange: Exchange | None = None
    error: PostrunnerError | None = None

    @property
    def failed(self) -> bool:
        """Whether there is no response."""
        return self.error is not None

    @property
    def method(self) -> str:
        """The method that was sent, or would have been."""
        return self.exchange.request.method if self.exchange else self.request.method

    @property
    def response(self) -> Response | None:
        """The final response, if one came."""
        return self.exchange.response if self.exchange else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFinished(RequestEvent, shows=("source",)):
    """A request was sent and got its response or its error."""

    error: RequestError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFailed(RequestEvent):
    """The item's request was not sent or not signed: `error` says why (an auth or preparation error)."""

    error: PostrunnerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned(Event, shows=("code",)):
    """Something a user should know that is not a failure; each `code` and message is reported once a run.

    A `note` tells only what the run does: there is nothing to mend.
    """

    code: str
    message: str
    where: str = ""
    note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRequestSet(ItemEvent):
    """`setNextRequest` takes effect; `found` tells whether the name exists (None as name ends the iteration)."""

    name: str | None
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFinished(ItemEvent):
    """An item is done with all its scripts; `skipped` if a script called `skipRequest`, or for the reason that is told."""

    skipped: bool = False
    skip_reason: str = ""

    @property
    def why_skipped(self) -> str:
        """Why it was skipped, in words; empty if it was not."""
        return (self.skip_reason or "by pm.execution.skipRequest") if self.skipped else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRetried(ItemEvent):
    """An attempt failed for this `reason`, and its item is run again in `delay` ms: nothing of the attempt counts.

    It stands in the place of `ItemFinished`.
    """

    reason: str
    delay: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IterationFinished(Event):
    """An iteration is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(Event):
    """The run is over, with the final state of every scope; `error` tells why it ended early, if it did."""

    completed: float
    environment: Environment
    globals: Environment
    collection_variables: Environment
    error: PostrunnerError | None = None

    @property
    def failed(self) -> bool:
        """Whether an error ended the run; what `--bail` ends failed before."""
        return self.error is not None and not isinstance(self.error, Bailed)


def stamp(event: Event, unit: str, clock: Clock) -> None:
    """Say in which run and when an event happened; an event that was stamped keeps its stamp.

    Only the driver does this, before anybody else has the event. It is written into the frozen object because a copy costs
    ten times as much, for each event of a run.
    """
    if not event.at:
        _set_unit(event, unit)
        _set_at(event, int(clock.monotonic() * 1_000_000_000))
        _set_wall(event, clock.now() * 1000)


_set_unit, _set_at, _set_wall = (setter(Event, name) for name in ("unit", "at", "wall"))
