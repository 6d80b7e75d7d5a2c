"""Counting calls in fixed time windows, as rate-limited APIs do."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import field

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """Where one caller stands: calls allowed and left in this window, and when it ends (seconds since 1970)."""

    limit: int
    remaining: int
    ends_at: float
    exceeded: bool
    seconds_left: int


@dataclass(slots=True)
class Windows:
    """Fixed windows of `seconds` for each key; time comes from the given clock."""

    seconds: float
    clock: Callable[[], float]
    open: dict[Hashable, tuple[float, int]] = field(default_factory=dict)

    def count(self, key: Hashable, limit: int) -> Count:
        """Count one call of `key`; it is exceeded when the window already held `limit` calls."""
        now = self.clock()
        ends_at, calls = self.open.get(key, (0.0, 0))
        if now >= ends_at:
            ends_at, calls = now + self.seconds, 0
        self.open[key] = (ends_at, calls + 1)
        left = max(1, math.ceil(ends_at - now))
        return Count(limit, max(0, limit - calls - 1), ends_at, calls >= limit, left)

    def clear(self) -> None:
        """Forget all windows."""
        self.open.clear()
