"""One execution of an item, as a generator: its delay, and what its protocol makes of it; scripts run phase by phase."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace

from runner.effects import Sleep, Step
from runner.engine.plan import PlannedItem, PlannedScript
from runner.engine.ports import Judge, Judged
from runner.events import (
    AssertionChecked,
    Cursor,
    ItemFinished,
    ItemPlace,
    ItemRetried,
    ItemStarted,
    ScriptError,
    ScriptFinished,
    ScriptStarted,
    Warned,
)
from runner.model.collection import Collection
from runner.model.quick_dataclass import dataclass
from runner.model.response import Exchange
from runner.protocols.phases import Phase
from runner.protocols.protocol import ItemContext, Protocol, See, Take
from runner.sandbox.script_call import RunItem, ScriptCall, ScriptResult
from runner.variables.scopes import Scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What all executions of a run have in common."""

    protocols: Mapping[str, Protocol]
    collection: Collection
    scopes: Scopes
    run_script: Callable[[ScriptCall], Step[ScriptResult]]
    run_item: RunItem
    environment_name: str = ""
    delay: float = 0
    """Milliseconds before each item."""
    judges: Mapping[str, Judge] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retry:
    """Why an item is run again, and in how many milliseconds."""

    reason: str
    delay: float


@dataclass(slots=True)
class ItemOutcome:
    """What came of an item: where to go next, if a script said so, and the exchange unless there was none.

    With a `retry` nothing of it counts. The `skip_reason` is empty if a script skipped it.
    """

    jumps: bool = False
    next_request: str | None = None
    skipped: bool = False
    skip_reason: str = ""
    exchange: Exchange | None = None
    retry: Retry | None = None


Decide = Callable[[ItemOutcome], Step[Retry | None]]
"""Decides at the end of an attempt whether another one follows."""


class ItemRun:
    """One execution of an item; the same item may be run any number of times, each with a cursor of its own."""

    __slots__ = ("_decide", "_outcome", "_place", "_planned", "_shared", "_source")

    def __init__(
        self, planned: PlannedItem, cursor: Cursor, shared: Shared, source: str = "item", decide: Decide | None = None
    ) -> None:
        self._planned = planned
        self._place = ItemPlace(cursor, planned.item, planned.path)
        self._shared = shared
        self._source = source
        self._decide = decide
        self._outcome = ItemOutcome()

    def steps(self) -> Step[ItemOutcome]:
        """Run the item to its end."""
        cursor, item, path, outcome = self._place.cursor, self._place.item, self._place.path, self._outcome
        yield ItemStarted(cursor=cursor, item=item, path=path)
        if self._shared.delay:
            yield from Sleep(self._shared.delay)
        context = ItemContext(
            place=self._place,
            auth=self._planned.auth,
            behavior=self._planned.behavior,
            source=self._source,
            scopes=self._shared.scopes,
            phases=self._planned.phases,
            listened=self._planned.listened,
            run_scripts=self._run_scripts,
            skip=self._skip,
        )
        steps = self._shared.protocols[item.kind].steps(context)
        outcome.exchange = yield from self._with_variables(steps) if self._planned.variables else steps
        if self._shared.judges and outcome.exchange is not None:
            yield from self._judged(outcome.exchange)
        if self._decide is not None:
            outcome.retry = yield from self._decide(outcome)
        if outcome.retry is None:
            skipped, reason = outcome.skipped, outcome.skip_reason
            yield ItemFinished(cursor=cursor, item=item, path=path, skipped=skipped, skip_reason=reason)
        else:
            retry = outcome.retry
            yield ItemRetried(cursor=cursor, item=item, path=path, reason=retry.reason, delay=retry.delay)
        return outcome

    def _judged(self, exchange: Exchange) -> Iterator[AssertionChecked | Warned]:
        cursor, item, path = self._place.cursor, self._place.item, self._place.path
        judged = Judged(exchange, self._place, self._shared.collection, by_script=self._source == "script")
        for name, judge in self._shared.judges.items():
            for found in judge(judged):
                if isinstance(found, Warned):
                    yield replace(found, cursor=cursor)
                else:
                    yield AssertionChecked(cursor=cursor, item=item, path=path, listen=name, script_id="", assertion=found)

    def _with_variables(self, steps: Step[Exchange | None]) -> Step[Exchange | None]:
        """The steps with the variables of the item's folders, which are those of the collection while it runs."""
        lift = self._shared.scopes.collection.overlay(self._planned.variables)
        try:
            return (yield from steps)
        finally:
            lift()

    def _skip(self, reason: str) -> None:
        self._outcome.skipped, self._outcome.skip_reason = True, reason

    def _run_scripts(self, phase: Phase, see: See, take: Take | None = None) -> Step[bool]:
        """Run the scripts of a phase; whether the item ends with one of them."""
        for planned in self._planned.scripts[phase.listen]:
            result = ScriptResult()
            yield self._script_started(phase, planned)
            if planned.script.exec.strip():
                result = yield from self._run_script(phase, planned, see)
                if result.request is not None and phase.changes_request and take is not None:
                    try:
                        take(result.request)
                    except Exception as error:  # a script may leave any shape behind: that is the script's failure
                        wrong = ScriptError(name="TypeError", message=str(error))
                        result = replace(result, error=result.error or wrong)
            yield self._script_finished(phase, planned, result)
            if result.set_next_request:
                self._outcome.jumps, self._outcome.next_request = True, result.next_request
            if result.skip_request and phase.may_skip:
                self._outcome.skipped = True
                return True
            if result.error is not None and phase.must_pass:
                return True
        return False

    def _run_script(self, phase: Phase, planned: PlannedScript, see: See) -> Step[ScriptResult]:
        seen, place, item = (yield from see(planned.script)), self._place, self._place.item
        call = ScriptCall(
            cursor=place.cursor,
            item=item,
            path=place.path,
            script=planned.script,
            listen=phase.listen,
            event_name=phase.event_name,
            sees_response=phase.sees_response,
            changes_request=phase.changes_request,
            may_skip=phase.may_skip,
            owner=planned.owner,
            location=self._planned.location,
            scopes=self._shared.scopes,
            run_item=self._shared.run_item,
            request=seen.request,
            response=seen.response if phase.sees_response else None,
            cookies=seen.cookies,
            request_name=item.name,
            request_id=item.id,
            iteration_count=place.cursor.cycles,
            environment_name=self._shared.environment_name,
        )
        return (yield from self._shared.run_script(call))

    def _script_started(self, phase: Phase, planned: PlannedScript) -> ScriptStarted:
        place = self._place
        return ScriptStarted(
            cursor=place.cursor,
            item=place.item,
            path=place.path,
            listen=phase.listen,
            script_id=planned.script.id,
            owner=planned.owner,
        )

    def _script_finished(self, phase: Phase, planned: PlannedScript, result: ScriptResult) -> ScriptFinished:
        place = self._place
        return ScriptFinished(
            cursor=place.cursor,
            item=place.item,
            path=place.path,
            listen=phase.listen,
            script_id=planned.script.id,
            owner=planned.owner,
            error=result.error,
            next_request=result.next_request,
            set_next_request=result.set_next_request,
            skipped_request=result.skip_request,
            visualizer=result.visualizer,
        )
