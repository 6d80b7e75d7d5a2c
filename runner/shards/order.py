"""Merges the events of all shards into those of one run: in the plan's order, beginning and ending only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge

from runner.errors import Bailed, PostrunnerError
from runner.events import Cursor, Event, IterationFinished, IterationStarted, RunFinished, RunStarted, Warned
from runner.model.collection import Collection
from runner.model.variable import Variable
from runner.results.whole import WholeCollection, requests_of
from runner.results.written.events import EventReader
from runner.shards.belonging import units_of
from runner.shards.report import ShardReport
from runner.shards.streams import BORDERS, Chunk, Stream, failed
from runner.variables.merge import Merge
from runner.variables.scopes import Scopes

ENDED = "shard-ended"
"""The code of the warning that a shard ended early after another one did."""


def merged_events(reports: Sequence[ShardReport]) -> Iterator[Event]:
    """All events, in the order of the whole run; raises `LoadError`."""
    units = [units_of(report) for report in reports]
    runs = [_UnitRun(str(number), reports, [found[key] for found in units]) for number, key in enumerate(units[0])]
    for step in (_UnitRun.setup, _UnitRun.iterations, _UnitRun.teardown):
        for run in runs:
            yield from step(run)


class _UnitRun:
    """One collection, of which each shard ran a part."""

    def __init__(self, unit: str, reports: Sequence[ShardReport], parts: Sequence[WholeCollection]) -> None:
        self._whole = parts[0]
        self._shards = [f"{report.whole.index}/{report.whole.count}" for report in reports]
        found = (report.collection(part.unit, part.path) for report, part in zip(reports, parts, strict=True))
        self._collection = next((one for one in found if one is not None), None)
        self._warned: set[tuple[str, str]] = set()
        self._streams = (
            []
            if self._collection is None
            else [Stream(_read(report, part, unit, self._collection)) for report, part in zip(reports, parts, strict=True)]
        )

    def setup(self) -> Iterator[Event]:
        """The setup's events. It ran in each shard; it is reported once, and again for each shard in which it failed."""
        return self._once("setup")

    def teardown(self) -> Iterator[Event]:
        """The teardown's events, by the same rule as the setup's."""
        return self._once("teardown")

    def _once(self, part: str) -> Iterator[Event]:
        runs = [(shard, list(self._run_of(stream))) for shard, stream in self._with(part)]
        told = [runs[0], *(run for run in runs[1:] if failed(run[1]))] if runs else []
        ends = [(shard, event) for shard, events in told for event in events if isinstance(event, RunFinished)]
        if not told:
            return
        yield told[0][1][0]
        for _, events in told:
            yield from self._new(event for event in events if not isinstance(event, RunStarted | RunFinished))
        yield from self._end([event for event in told[0][1] if isinstance(event, RunStarted)], ends)

    def _with(self, part: str) -> list[tuple[str, Stream]]:
        """The shards whose next event begins this phase."""
        return [(shard, stream) for shard, stream in zip(self._shards, self._streams, strict=False) if stream.begins(part)]

    def _run_of(self, stream: Stream) -> Iterator[Event]:
        yield stream.take()
        yield from stream.before(RunStarted)

    def iterations(self) -> Iterator[Event]:
        """The events of all iterations, each merged from all shards."""
        running = self._with("")
        if not running:
            return
        assert self._collection is not None
        starts = [event for _, stream in running if isinstance(event := stream.take(), RunStarted)]
        items = requests_of(self._collection)
        first = min(starts, key=lambda event: event.started)
        yield replace(starts[0], started=first.started, wall=first.wall, items=tuple(items[at] for at in self._whole.items))
        for _, stream in running:
            yield from self._new(stream.before(*BORDERS))
        broken_off: list[Event] = []
        reached: dict[str, int] = {}
        while beginning := [(shard, stream) for shard, stream in running if isinstance(stream.head, IterationStarted)]:
            yield from self._iteration(beginning, broken_off, reached)
        yield from self._new(broken_off)
        ends: list[tuple[str, RunFinished]] = []
        later: list[Event] = []
        for shard, stream in sorted(running, key=lambda one: reached.get(one[0], -1)):
            rest = list(stream.before(RunStarted))
            ends += [(shard, event) for event in rest if isinstance(event, RunFinished)]
            later += [event for event in rest if not isinstance(event, RunFinished)]
        yield from self._end(starts, ends)
        yield from self._new(later)

    def _iteration(
        self, beginning: Sequence[tuple[str, Stream]], broken_off: list[Event], reached: dict[str, int]
    ) -> Iterator[Event]:
        """The events of the earliest iteration that begins now; an abort in it is reported after all others."""
        number = min(_iteration_of(stream) for _, stream in beginning)
        here = [(shard, stream) for shard, stream in beginning if _iteration_of(stream) == number]
        start, *_ = [stream.take() for _, stream in here]
        yield replace(start, cursor=replace(start.cursor, position=0))
        rows = [((chunk.place, at, chunk) for chunk in stream.chunks()) for at, (_, stream) in enumerate(here)]
        for place, at, chunk in merge(*rows, key=_order):
            reached[here[at][0]] = place
            if chunk.finished:
                yield from self._new(chunk.events)
            else:
                broken_off += chunk.events
        ends = [stream.take() for _, stream in here if isinstance(stream.head, IterationFinished)]
        if len(ends) == len(here):
            yield max(ends, key=lambda event: event.wall)

    def _new(self, events: Iterable[Event]) -> Iterator[Event]:
        """The events without repeated warnings: a run gives each only once."""
        for event in events:
            if isinstance(event, Warned):
                if (event.code, event.message) in self._warned:
                    continue
                self._warned.add((event.code, event.message))
            yield event

    def _end(self, starts: Sequence[RunStarted], ends: Sequence[tuple[str, RunFinished]]) -> Iterator[Event]:
        """One `RunFinished` of several, with the merged state and the gravest error; the others become warnings."""
        if not ends:
            return
        errors = [(shard, end.error) for shard, end in ends if end.error is not None]
        gravest = max(errors, key=lambda one: _gravity(one[1]), default=None)
        for shard, error in errors:
            if gravest is not None and error is not gravest[1] and str(error) != str(gravest[1]):
                last = ends[-1][1]
                yield Warned(code=ENDED, message=f"shard {shard} ended early, too: {error}", unit=last.unit, wall=last.wall)
        start = starts[0]
        scopes = _scopes(start, start.collection.variables)
        merging = Merge(scopes)
        for shard, end in ends:
            merging.take(shard, _scopes(end, end.collection_variables.values))
        last = max((end for _, end in ends), key=lambda end: end.completed)
        yield replace(
            last,
            environment=replace(last.environment, values=tuple(scopes.environment.variables)),
            globals=replace(last.globals, values=tuple(scopes.globals.variables)),
            collection_variables=replace(last.collection_variables, values=tuple(scopes.collection.variables)),
            error=gravest[1] if gravest else None,
        )


def _read(report: ShardReport, part: WholeCollection, unit: str, collection: Collection) -> Iterator[Event]:
    reader = EventReader(collection, unit, report.bodies, _placing(part))
    try:
        for event in report.events(part.unit):
            yield reader.read(event)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise report.invalid(f"has an event that cannot be read: {error}") from None


def _placing(part: WholeCollection) -> Callable[[Cursor], Cursor]:
    """Maps a cursor of a shard, which has only some of the items, to the cursor in the whole run."""
    places = {item: place for place, item in enumerate(part.items)}
    own = [places[item] for item in part.own]

    def place(cursor: Cursor) -> Cursor:
        if not cursor.length:
            return cursor
        position = own[cursor.position] if cursor.position < len(own) else len(part.items)
        return replace(cursor, position=position, length=len(part.items))

    return place


def _iteration_of(stream: Stream) -> int:
    return stream.head.cursor.iteration if stream.head is not None else -1


def _order(row: tuple[int, int, Chunk]) -> tuple[int, int]:
    return row[0], row[1]


def _gravity(error: PostrunnerError) -> tuple[bool, int]:
    return not isinstance(error, Bailed), error.exit_code


def _scopes(state: RunStarted | RunFinished, own: Sequence[Variable]) -> Scopes:
    return Scopes(environment=state.environment.values, collection=own, globals=state.globals.values)
