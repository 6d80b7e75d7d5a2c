"""How fast requests follow each other to one host: `--max-rate`, and what a host asks for with 429 and `Retry-After`."""

from __future__ import annotations

import threading
from time import monotonic

LONGEST = 300.0
"""Seconds that a host may ask to be left alone for: a longer time is a failure that somebody has to look at."""


class Rates:
    """When the next request to a host may leave; shared by everything that runs beside each other.

    `rate` is how many requests a second one host gets (None: as many as there are). They are spread evenly: no burst is
    sent after a pause.
    """

    def __init__(self, rate: float | None = None) -> None:
        self._pause = 1 / rate if rate else 0.0
        self._lock = threading.Lock()
        self._free: dict[str, float] = {}

    def reserve(self, host: str) -> float:
        """Take the next place in the row of a host; returns the `monotonic` time at which the request may leave."""
        with self._lock:
            at = max(monotonic(), self._free.get(host, 0.0))
            self._free[host] = at + self._pause
            return at

    def slow_down(self, host: str, seconds: float) -> None:
        """Let the requests that have no place yet wait so long from now on."""
        with self._lock:
            self._free[host] = max(self._free.get(host, 0.0), monotonic() + min(seconds, LONGEST))
