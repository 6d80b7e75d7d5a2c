"""Rate limits: calls are counted in fixed time windows."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import field

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """The state of one window: calls allowed and left, and when it ends (`ends_at` in seconds since 1970)."""

    limit: int
    remaining: int
    ends_at: float
    exceeded: bool
    seconds_left: int


@dataclass(slots=True)
class Windows:
    """One fixed window of `seconds` per key; `clock` returns seconds since 1970."""

    seconds: float
    clock: Callable[[], float]
    open: dict[Hashable, tuple[float, int]] = field(default_factory=dict)

    def count(self, key: Hashable, limit: int) -> Count:
        """Count one call of `key`; `exceeded` if the window already has `limit` calls."""
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
