"""When things happened in one hop, and the phases that Postman computes from it."""

from __future__ import annotations

import math
from time import perf_counter

from runner.model.response import Timings


class Marks:
    """Moments of one hop, in seconds of `perf_counter`; 0.0 if it did not happen, as on a reused connection."""

    __slots__ = ("connected", "ended", "first_byte", "resolved", "secured", "socket", "started")

    def __init__(self) -> None:
        self.started = perf_counter()
        self.socket = self.resolved = self.connected = self.secured = self.first_byte = self.ended = 0.0

    def response_time(self) -> int:
        """Whole milliseconds from start to end of the response, rounded up as Postman's `responseTime`."""
        return math.ceil((self.ended - self.started) * 1000)

    def timings(self, processed: float, preparing: float | None = None) -> Timings:
        """The phases in milliseconds; `processed` is when decoding was done, `preparing` is not part of the total."""
        socket, ended = self.socket or self.started, self.ended
        ready = self.secured or self.connected or socket
        first = self.first_byte or ended
        return Timings(
            prepare=preparing,
            wait=(socket - self.started) * 1000,
            dns=(self.resolved - socket) * 1000 if self.resolved else None,
            tcp=(self.connected - self.resolved) * 1000 if self.connected else None,
            tls=(self.secured - self.connected) * 1000 if self.secured else None,
            first_byte=(first - ready) * 1000,
            download=(ended - first) * 1000,
            process=(processed - ended) * 1000,
            total=(processed - self.started) * 1000,
        )
