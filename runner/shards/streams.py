"""The events of one collection from one shard, in pieces that can be merged with those of other shards."""

from __future__ import annotations

from collections.abc import Iterator

from runner.engine.iterations import EMPTY
from runner.events import (
    Event,
    ItemEvent,
    ItemFinished,
    ItemStarted,
    IterationFinished,
    IterationStarted,
    RunFinished,
    RunStarted,
    Warned,
)
from runner.model.quick_dataclass import dataclass
from runner.shards import SHARD

BORDERS = (IterationStarted, IterationFinished, RunStarted, RunFinished)


@dataclass(slots=True)
class Chunk:
    """An execution of a request with all its events; `place` is its position in the iteration of the whole run."""

    place: int
    events: list[Event]
    finished: bool = True


class Stream:
    """The events of a collection, one by one; `head` is the next one, None at the end."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = (event for event in events if not _is_own(event))
        self.head: Event | None = next(self._events, None)

    def take(self) -> Event:
        """Remove and return the next event."""
        event = self.head
        assert event is not None
        self.head = next(self._events, None)
        return event

    def before(self, *kinds: type[Event]) -> Iterator[Event]:
        """The events up to the next one of these kinds."""
        while self.head is not None and not isinstance(self.head, kinds):
            yield self.take()

    def begins(self, part: str) -> bool:
        """Whether the next event begins this phase of the run."""
        return isinstance(self.head, RunStarted) and self.head.part == part

    def chunks(self) -> Iterator[Chunk]:
        """The executions of an iteration, in order. Requests that a script runs belong to its execution, as do retries."""
        chunk, top = Chunk(-1, []), ""
        for event in self.before(*BORDERS):
            if isinstance(event, ItemStarted) and chunk.finished and event.cursor.ref != top:
                if chunk.events:
                    yield chunk
                top = event.cursor.ref
                chunk = Chunk(max(chunk.place, event.cursor.position), [], finished=False)
            chunk.events.append(event)
            if isinstance(event, ItemFinished) and event.cursor.ref == top:
                chunk.finished = True
        if chunk.events:
            yield chunk


def _is_own(event: Event) -> bool:
    """Whether an event concerns only the shard, not the whole run."""
    return isinstance(event, Warned) and (event.code == SHARD or event.message == EMPTY)


def failed(events: list[Event]) -> bool:
    """Whether anything in a part of a run failed."""
    return any(event.failed for event in events if isinstance(event, ItemEvent | RunFinished))
