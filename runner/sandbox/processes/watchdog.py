"""A thread that acts when a deadline passes. Setting a later deadline is cheap, because it does not wake the thread."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable


class Watchdog:
    """Calls `act` when the deadline is reached. There is one deadline at a time, by the monotonic clock.

    Starting a thread for each deadline would take several times as long as a short script.
    """

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._changed = threading.Condition()
        self._deadline = math.inf
        self._wakes = 0.0
        self._thread: threading.Thread | None = None
        self._closed = False

    def set(self, deadline: float) -> None:
        """Replace the deadline."""
        with self._changed:
            self._deadline = deadline
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._thread.start()
            elif deadline < self._wakes:
                self._changed.notify()

    def clear(self) -> None:
        """Remove the deadline; once this returns, `act` is not called for it."""
        with self._changed:
            self._deadline = math.inf

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                if self._deadline <= time.monotonic():
                    self._deadline = math.inf
                    self._act()
                self._wakes = self._deadline
                self._changed.wait(None if self._wakes == math.inf else self._wakes - time.monotonic())
