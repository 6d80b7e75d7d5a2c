"""Stores bodies of requests that scripts send while their item is running: events hold handles in their place."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar, cast

from runner.events import Event, ItemFinished, RequestFinished, RunFinished
from runner.model.aside import with_field_aside
from runner.model.json import Json
from runner.model.request import PreparedRequest, Request
from runner.model.response import Exchange, Response
from runner.results.spool import Spool

T = TypeVar("T")
Owner = TypeVar("Owner", PreparedRequest, Response)

LARGE = 8192
"""Bytes or characters from which on a body is stored: for smaller ones a handle saves little."""


class Shelf:
    """Takes every event once, in order, and gives it back with handles in place of large bodies.

    Only what an item sends besides its own request is stored: thousands of these may wait for the end of the item. The
    file is closed when nobody holds a handle any more.
    """

    def __init__(self) -> None:
        self._open: dict[str, _Store] = {}

    def put(self, event: Event) -> Event:
        """The event without large bodies in memory."""
        if isinstance(event, RequestFinished):
            return event if event.source == "item" else self._lightened(event)
        if isinstance(event, ItemFinished):
            self._open.pop(event.cursor.ref, None)
        elif isinstance(event, RunFinished):
            self._open.clear()
        return event

    def aside(self, event: Event) -> Event:
        """The event without large bodies in memory, including its item's own: one that waits to be reported."""
        return self._lightened(event) if isinstance(event, RequestFinished) else event

    def _lightened(self, event: RequestFinished) -> RequestFinished:
        place = _Place(self._open.setdefault(event.cursor.ref, _Store()))
        exchange = event.exchange and place.exchange(event.exchange)
        return replace(event, request=place.request(event.request), exchange=exchange)


class _Store(Spool):
    """A spool whose file is closed with the last handle into it."""

    def __init__(self) -> None:
        super().__init__()
        weakref.finalize(self, self._file.close)

    def bytes_aside(self, data: bytes) -> Callable[[], bytes]:
        """Store bytes; returns a function that reads them."""
        return partial(self.get, self.put(data))

    def json_aside(self, value: Json) -> Callable[[], Json]:
        """Store a JSON value; returns a function that reads it."""
        return partial(self.read, self.add(value))


class _Place:
    """The handles of one event; what several of its objects share is stored once."""

    def __init__(self, store: _Store) -> None:
        self._store = store
        self._known: dict[int, Any] = {}

    def exchange(self, exchange: Exchange) -> Exchange:
        """An exchange without the bodies of its requests and responses."""
        hops = tuple(replace(hop, response=self._once(self._bytes, hop.response)) for hop in exchange.hops)
        request, response = self._once(self._bytes, exchange.request), self._once(self._bytes, exchange.response)
        sent = exchange.sent and self.request(exchange.sent)
        return replace(exchange, request=request, response=response, hops=hops, sent=sent)

    def request(self, request: Request) -> Request:
        """A request without its raw body and without its source, which contains that body, too."""
        if request.body is None or not isinstance(request.body.raw, str) or len(request.body.raw) < LARGE:
            return request
        request = replace(request, body=self._once(partial(self._json, "raw"), request.body))
        return self._json("source", request)

    def _once(self, put: Callable[[T], T], value: T) -> T:
        if id(value) not in self._known:
            self._known[id(value)] = put(value)
        return cast(T, self._known[id(value)])

    def _bytes(self, owner: Owner) -> Owner:
        body = owner.body
        if not isinstance(body, bytes) or len(body) < LARGE:  # a large file is read from where it lies
            return owner
        return with_field_aside(owner, "body", self._store.bytes_aside(body))

    def _json(self, name: str, owner: T) -> T:
        return with_field_aside(owner, name, self._store.json_aside(getattr(owner, name)))
