"""Gives each request on the wire the id of its span, and the header that tells the server of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from runner.clock import Clock
from runner.entropy import Entropy
from runner.model.request import PreparedRequest
from runner.model.response import Traced


class Tracing:
    """What requests need to know of the trace that they belong to, before they are sent; for any thread.

    `headers` gives those for a span (`traceparent` and maybe `tracestate`, W3C Trace Context); without it requests go out
    as they are. A request that has a `traceparent` of its own keeps it, and gets no other.
    """

    def __init__(self, clock: Clock, headers: Callable[[int], tuple[tuple[str, str], ...]] | None = None) -> None:
        self._clock = clock
        self._headers = headers
        self._entropy = Entropy()  # not that of the run, whose values repeat with a seed

    def begin(self, request: PreparedRequest) -> tuple[PreparedRequest, Callable[[], Traced]]:
        """The request as it goes out, and what tells of its span when it is over."""
        span, started = self._entropy.integer(1, 2**64 - 1), self._clock.now()
        if self._headers is not None and not any(name.lower() == "traceparent" for name, _ in request.headers):
            request = replace(request, headers=(*request.headers, *self._headers(span)))
        return request, lambda: Traced(span=span, started=started, ended=self._clock.now())
