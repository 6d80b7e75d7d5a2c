"""What one shard tells of one collection, in pieces that can be put between those of other shards."""

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
    """An execution of a request with all that was told in it; `place` is how far the iteration had come in the whole."""

    place: int
    events: list[Event]
    finished: bool = True


class Stream:
    """The events of a collection, one after the other; `head` is the next one, None at the end."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = (event for event in events if not _is_own(event))
        self.head: Event | None = next(self._events, None)

    def take(self) -> Event:
        """The next event."""
        event = self.head
        assert event is not None
        self.head = next(self._events, None)
        return event

    def before(self, *kinds: type[Event]) -> Iterator[Event]:
        """The events up to the next one of these kinds."""
        while self.head is not None and not isinstance(self.head, kinds):
            yield self.take()

    def begins(self, part: str) -> bool:
        """Whether a run of this part begins now."""
        return isinstance(self.head, RunStarted) and self.head.part == part

    def chunks(self) -> Iterator[Chunk]:
        """The executions of an iteration, in order; what a script runs in one belongs to it, as do its attempts."""
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
    """Whether an event tells of the shard alone."""
    return isinstance(event, Warned) and (event.code == SHARD or event.message == EMPTY)


def failed(events: list[Event]) -> bool:
    """Whether anything in a part of a run failed."""
    return any(event.failed for event in events if isinstance(event, ItemEvent | RunFinished))
