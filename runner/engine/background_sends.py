"""Requests that run beside a script: each on a thread of its own, answers in the order they arrive."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from runner.events import Event, RequestFinished
from runner.model.request import Header, Request
from runner.model.response import Exchange
from runner.transport.turns import Turn


def steps_of(events: Iterable[Event]) -> Iterator[Event]:
    """The events of one send with its auth flow: a response that was followed by another request was a challenge."""
    held: RequestFinished | None = None
    for event in events:
        if isinstance(event, RequestFinished) and event.source != "auth":
            if held is not None:
                yield replace(held, source="auth")
            held = event
        else:
            yield event
    if held is not None:
        yield held


OVERWRITTEN = frozenset({"cookie", "content-length"})
"""Headers of a request that are replaced by those that went out."""


def as_sent(request: Request, sent: tuple[tuple[str, str], ...]) -> Request:
    """The request with the headers that really went out; those the runner added are marked `system` (Postman)."""
    made = OVERWRITTEN & {key.lower() for key, _ in sent}
    kept = tuple(header for header in request.headers if header.disabled or header.key.lower() not in made)
    own = {header.key.lower() for header in kept if not header.disabled}
    added = [Header(key, value, system=True) for key, value in sent if key.lower() not in own]
    if len(kept) < len(request.headers):
        replaced = {header.key.lower() for header in request.headers} - own
        added.sort(key=lambda header: header.key.lower() in replaced)
    return replace(request, headers=(*kept, *added))


LOOK = 0.25
"""Seconds after which a wait begins anew: a signal that comes just before it would not end it otherwise."""

Outcome = Exchange | Exception
Perform = Callable[[Callable[[Event], None], Turn], Exchange]


class BackgroundSends:
    """Started sends of the running script, which leave in the order of their calls.

    Their events are stamped as they happen and handed out by `wait`, on the driver's own thread.
    """

    def __init__(self, stamp: Callable[[Event], None]) -> None:
        self._stamp = stamp
        self._done: queue.SimpleQueue[tuple[str, Outcome, list[Event]]] = queue.SimpleQueue()
        self._last: Turn | None = None

    def start(self, id: str, perform: Perform) -> None:
        """Perform a send on a thread.

        `perform` gets a function that takes the events on the way, and the send's place among the others.
        """
        self._last = Turn(self._last)
        threading.Thread(target=self._work, args=(id, perform, self._last), daemon=True).start()

    def wait(self, seconds: float | None) -> list[tuple[str, Outcome, list[Event]]]:
        """Everything that ended, after waiting for the first one for at most `seconds` (None: as long as it takes)."""
        end = None if seconds is None else time.monotonic() + seconds
        ended: list[tuple[str, Outcome, list[Event]]] = []
        while not ended:
            left = LOOK if end is None else min(LOOK, end - time.monotonic())
            try:
                ended.append(self._done.get(timeout=max(left, 0)))
            except queue.Empty:
                if left < LOOK:
                    return []
        while not self._done.empty():
            ended.append(self._done.get())
        return ended

    def _work(self, id: str, perform: Perform, turn: Turn) -> None:
        events: list[Event] = []

        def tell(event: Event) -> None:
            self._stamp(event)
            events.append(event)

        turn.wait()
        try:
            outcome: Outcome = perform(tell, turn)
        except Exception as error:  # handed to the script that waits for it
            outcome = error
        turn.end()
        self._done.put((id, outcome, events))
