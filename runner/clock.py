"""Time in one object that is passed in: nothing below the driver asks the system what time it is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable


class Clock:
    """The clock of a run: `wall` returns seconds since the epoch, `monotonic` seconds that never go back."""

    __slots__ = ("_wall", "monotonic")

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self.monotonic = monotonic

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._wall()

    def iso_now(self) -> str:
        """The time as JavaScript's `toISOString` writes it: UTC with milliseconds."""
        from datetime import UTC, datetime

        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def file_stamp(self) -> str:
        """The time as Newman writes it into file names: `2026-01-31-12-00-00-000-0`, UTC."""
        return re.sub(r"[^0-9]+", "-", self.iso_now()) + "0"
