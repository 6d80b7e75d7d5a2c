"""The summary of a run: a fold over its events, in the words and numbers of Newman's summary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from runner.clock import Clock
from runner.entropy import Entropy
from runner.errors import Flaky, PostrunnerError, RequestError, WarningGiven
from runner.events import (
    AssertionChecked,
    Cursor,
    Event,
    ItemEvent,
    ItemFinished,
    ItemRetried,
    ItemStarted,
    IterationFinished,
    IterationStarted,
    RequestEvent,
    RequestFailed,
    RequestFinished,
    RunFinished,
    RunStarted,
    ScriptError,
    ScriptFinished,
    Warned,
)
from runner.model.collection import Collection, Folder, Item
from runner.model.quick_dataclass import dataclass
from runner.options import RunOptions
from runner.results.evidence import SentRequest, sent_request
from runner.results.failure import Failure, FlakyItem, error_name, script_place
from runner.results.figures import PHASES, TRACKERS, Slowest, Spread, Tracker
from runner.secrets.outgoing.masked import Masker

if TYPE_CHECKING:
    from runner.results.coverage import ContractCoverage
    from runner.results.snapshots import SnapshotCounts
    from runner.results.whole import Whole


@dataclass(slots=True)
class CollectionRun:
    """The beginning of one collection's run, and its end unless it never came.

    Its setup and teardown belong to it: it begins with the first of them and ends with the last one. `part` is the one that
    is being run, `ended_by` the error that ended an earlier one.
    """

    started: RunStarted
    finished: RunFinished | None = None
    part: str = ""
    ended_by: PostrunnerError | None = None


@dataclass(slots=True)
class Summary:
    """Everything about a run except its bodies; `on` takes each event once, in order.

    A run may have several collections: each is one of `runs`, everything else is about all of them. `collection` is the
    first one, `finished` the end of the one that ran last, whose place in `runs` is `current`. `retries` is the number of
    attempts that do not count, `flaky` has what passed after one, which is a failure with `fail_on_flaky`, as a warning is
    with `fail_on_warning`. `unsent` counts the items that cannot be sent at all, which fail the run unless
    `allow_skipped_kinds`. `slowest` has the requests whose responses took longest. `whole` is what the run is a shard of,
    if a report wants to know, `coverage` what a run with contracts saw of their operations, `snapshots` what
    came of comparing with snapshots.
    """

    clock: Clock = field(default_factory=Clock)
    entropy: Entropy = field(default_factory=Entropy)
    stats: dict[str, Tracker] = field(default_factory=lambda: {name: Tracker() for name in TRACKERS})
    spreads: dict[str, Spread] = field(default_factory=lambda: {name: Spread() for name in PHASES})
    failures: list[Failure] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    response_total: int = 0
    skipped_items: int = 0
    skipped_assertions: int = 0
    flaky: list[FlakyItem] = field(default_factory=list)
    fail_on_flaky: bool = False
    fail_on_warning: bool = False
    unsent: int = 0
    allow_skipped_kinds: bool = False
    slowest: Slowest = field(default_factory=Slowest)
    retries: int = 0
    runs: list[CollectionRun] = field(default_factory=list)
    current: int = -1
    problems: Sequence[PostrunnerError] = ()
    whole: Whole | None = None
    coverage: ContractCoverage | None = None
    snapshots: SnapshotCounts | None = None
    _parents: dict[str, Folder | Collection] | None = None
    _under_way: dict[str, ItemEvent] = field(default_factory=dict)
    _about: tuple[SentRequest, ...] = ()
    _places: dict[str, int] = field(default_factory=dict)
    _warned_of: set[tuple[str, str]] = field(default_factory=set)
    _demanded: int = 0

    def on(self, event: Event, about: tuple[RequestEvent, ...] = ()) -> Failure | None:
        """Take one event; returns its failure if it is one, which is `about` these requests."""
        take = _FOLDS.get(type(event))
        if take is None:
            return None
        self._about, before = tuple(map(sent_request, about)) if about else (), len(self.failures)
        take(self, event)
        return self.failures[-1] if len(self.failures) > before else None

    @property
    def started(self) -> float | None:
        """When the run began, in milliseconds since the epoch."""
        return self.runs[0].started.started if self.runs else None

    @property
    def collection(self) -> Collection | None:
        """The collection, or the first one of several."""
        return self.runs[0].started.collection if self.runs else None

    @property
    def environment_name(self) -> str:
        """The name of the run's environment; empty without one."""
        environment = self.runs[0].started.environment if self.runs else None
        return environment.name if environment and (environment.source or environment.values) else ""

    @property
    def collection_under_way(self) -> Collection | None:
        """The collection that runs or ran last."""
        return self.runs[self.current].started.collection if self.runs else None

    @property
    def finished(self) -> RunFinished | None:
        """The end of the collection's latest run; None if it never came."""
        return self.runs[self.current].finished if self.runs else None

    @property
    def completed(self) -> float | None:
        """When the run was over, in milliseconds since the epoch."""
        return self.finished.completed if self.finished else None

    @property
    def duration(self) -> float:
        """How long the run took, in milliseconds."""
        return max(0.0, (self.completed or 0.0) - self.started) if self.started is not None and self.finished else 0.0

    @property
    def errors(self) -> list[PostrunnerError]:
        """What ended the run of each collection early."""
        return [run.finished.error for run in self.runs if run.finished and run.finished.error]

    @property
    def error(self) -> PostrunnerError | None:
        """The error that ended the run early, or None; of several the one with the highest exit code."""
        return max(self.errors, key=lambda error: error.exit_code, default=None)

    @property
    def failed(self) -> bool:
        """Whether anything failed; a run that ended early or never ended and a missing export count, too."""
        unsent = self.unsent and not self.allow_skipped_kinds
        return bool(self.failures or self.problems or unsent) or self.finished is None or self.error is not None

    @property
    def undemanded(self) -> int:
        """The number of failures except those that only an option makes failures: flaky items, warnings."""
        return len(self.failures) - self._demanded

    def mask_again(self, masker: Masker) -> None:
        """Hide secrets that became known after their values were stored here."""
        self.failures[:] = map(masker.masked, self.failures)
        self.warnings[:] = map(masker.masked, self.warnings)
        self.flaky[:] = map(masker.masked, self.flaky)
        self.slowest.kept[:] = map(masker.masked, self.slowest.kept)
        for run in self.runs:
            run.finished = masker.masked(run.finished)

    def add_flaky(self, event: ItemFinished, reasons: tuple[str, ...]) -> None:
        """Record that an item passed only in this attempt, after others had failed for these reasons."""
        collection = self.collection_under_way
        found = FlakyItem(item=event.item, path=event.path, cursor=event.cursor, reasons=reasons, collection=collection)
        self.flaky.append(found)
        if self.fail_on_flaky:
            self._about = ()
            self._demanded += 1
            self._fail(event, "flaky", f"attempt {event.cursor.attempt + 1}", Flaky(found.said))

    def add_uncovered(self, error: PostrunnerError) -> None:
        """Record that the run has seen too little of the documents of its contract."""
        self._about = ()
        self._fail(None, "contract", "contract", error)

    def add_rejected(self, event: AssertionChecked) -> None:
        """Record that a difference from a snapshot, which was skipped until somebody looks at it, was not accepted."""
        self._about = ()
        self.skipped_assertions -= 1
        tracker = self.stats["assertions"]
        tracker.total -= 1
        self._assertion_checked(event)

    def exit_code(self, options: RunOptions | None = None) -> int:
        """0 when all passed, 1 when something failed, else the code of the error that ended the run.

        `suppress_exit_code` turns 1 into 0; it hides no usage error, no interruption and no file that could not be changed.
        """
        code = self.error.exit_code if self.error else int(self.failed)
        code = max([code, *(problem.exit_code for problem in self.problems)])
        return 0 if code == 1 and options is not None and options.suppress_exit_code else code

    @property
    def timings(self) -> dict[str, float | None]:
        """Newman's `run.timings`: milliseconds, with start and end as milliseconds since the epoch."""
        timings: dict[str, float | None] = {}
        for name, spread in self.spreads.items():
            values = (spread.average, spread.min, spread.max, spread.deviation)
            timings |= {name + suffix: value for suffix, value in zip(("Average", "Min", "Max", "Sd"), values, strict=True)}
        moments = {"started": self.started, "completed": self.completed}
        return timings | {name: None if moment is None else int(moment) for name, moment in moments.items()}

    def _run_started(self, event: RunStarted) -> None:
        self._parents = None
        known = self._places.get(event.unit) if event.unit else None
        self.current = len(self.runs) if known is None else known
        self._places[event.unit] = self.current
        if known is None:
            self.runs.append(CollectionRun(event, part=event.part))
            return
        run = self.runs[known]
        run.ended_by = run.ended_by or (run.finished.error if run.finished else None)
        run.part, run.finished = event.part, None

    def _run_finished(self, event: RunFinished) -> None:
        if not self.runs:
            return
        run = self.runs[self.current]
        run.finished = replace(event, error=run.ended_by or event.error)
        if event.failed and event.error is not None:
            self._fail(next(reversed(self._under_way.values()), None), "run", "run", event.error)
        self._under_way.clear()

    def _iteration_started(self, event: IterationStarted) -> None:
        self.stats["iterations"].start()

    def _iteration_finished(self, event: IterationFinished) -> None:
        self.stats["iterations"].finish()

    def _item_started(self, event: ItemStarted) -> None:
        self._under_way[event.cursor.ref] = event
        self.stats["items"].start()

    def _item_finished(self, event: ItemFinished) -> None:
        self._under_way.pop(event.cursor.ref, None)
        self.stats["items"].finish()
        self.stats["prerequests"].finish()
        if event.skipped:
            self.skipped_items += 1
            self.unsent += bool(event.skip_reason)
        else:
            self.stats["tests"].finish()

    def _item_retried(self, event: ItemRetried) -> None:
        self.retries += 1

    def _script_finished(self, event: ScriptFinished) -> None:
        for name in ("scripts", f"{event.listen}Scripts"):
            if name in self.stats:  # Newman counts HTTP scripts separately
                self.stats[name].finish(failed=event.failed)
        if event.error is not None:
            self._fail(event, "script", script_place(event.listen, event.error), event.error)

    def _assertion_checked(self, event: AssertionChecked) -> None:
        assertion = event.assertion
        self.stats["assertions"].finish(failed=event.failed)
        self.skipped_assertions += assertion.skipped
        if event.failed:
            error = assertion.error or ScriptError(name="AssertionError", message="the test failed without an error")
            place = f"assertion:{assertion.index} in {event.listen}-script"
            self._fail(event, "assertion", place, error, test=assertion.name, index=assertion.index)

    def _request_finished(self, event: RequestFinished) -> None:
        self.stats["requests"].finish(failed=event.failed)
        if event.error is not None:
            self._fail(event, "request", "request", event.error, sent_by=event.source)
        elif event.exchange is not None:
            response = event.exchange.response
            self.response_total += response.sizes.body
            self.spreads["response"].add(response.time)
            self.slowest.add(event, self.collection_under_way, response.time)
            self.spreads["dns"].add(response.timings.dns)
            self.spreads["firstByte"].add(response.timings.first_byte)

    def _request_failed(self, event: RequestFailed) -> None:
        self.stats["requests"].finish(failed=event.failed)
        self._fail(event, "preparation", "request", event.error)

    def _warned(self, event: Warned) -> None:
        self.warnings.append(event)
        if self.fail_on_warning and not event.note and (event.code, event.message) not in self._warned_of:
            self._warned_of.add((event.code, event.message))
            self._demanded += 1
            place = f"{event.where}: " if event.where else ""
            error = WarningGiven(place + event.message)
            self._fail(next(reversed(self._under_way.values()), None), "warning", "warning", error)

    def _fail(self, event: ItemEvent | None, kind: str, at: str, error: ScriptError | PostrunnerError, **more: Any) -> None:
        """Record a failure of the item that this event is about, or of the collection."""
        collection = self.collection_under_way
        item = event.item if event else collection
        assert item is not None
        failure = Failure(
            number=len(self.failures) + 1,
            kind=kind,
            name=error_name(error),
            message=error.message,
            script_id=event.script_id if isinstance(event, ScriptFinished | AssertionChecked) else "",
            at=at,
            item=item,
            path=event.path if event else (),
            cursor=event.cursor if event else Cursor(),
            parent=self._parent(item),
            collection=collection,
            code=error.code if isinstance(error, RequestError) else "",
            hint="" if isinstance(error, ScriptError) else error.hint,
            stack=error.stack if isinstance(error, ScriptError) else "",
            timestamp=int(self.clock.now() * 1000),
            id=self.entropy.uuid(),
            requests=self._about,
            **more,
        )
        self.failures.append(failure)

    def _parent(self, item: Item | Collection) -> Folder | Collection | None:
        if self._parents is None:
            self._parents = _parents(self.runs[self.current].started.collection) if self.runs else {}
        return self._parents.get(item.id)


def _parents(collection: Collection) -> dict[str, Folder | Collection]:
    parents: dict[str, Folder | Collection] = {}
    open_folders: list[Folder | Collection] = [collection]
    while open_folders:
        folder = open_folders.pop()
        for child in folder.items:
            if isinstance(child, Folder):
                open_folders.append(child)
            else:
                parents[child.id] = folder
    return parents


_FOLDS: dict[type[Event], Callable[[Summary, Any], None]] = {
    RunStarted: Summary._run_started,
    IterationStarted: Summary._iteration_started,
    ItemStarted: Summary._item_started,
    ScriptFinished: Summary._script_finished,
    AssertionChecked: Summary._assertion_checked,
    RequestFinished: Summary._request_finished,
    RequestFailed: Summary._request_failed,
    Warned: Summary._warned,
    ItemFinished: Summary._item_finished,
    ItemRetried: Summary._item_retried,
    IterationFinished: Summary._iteration_finished,
    RunFinished: Summary._run_finished,
}
