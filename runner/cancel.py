"""Ending a run from any thread: one flag, and the wake-ups of everything that waits meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from runner.errors import Cancelled

LOOK = 0.25
"""Seconds after which a wait begins anew: a signal that comes just before it would not end it otherwise."""


class Cancel:
    """A flag that any thread may set, once; every wait of the run that owns it ends then."""

    __slots__ = ("_gate", "_lock", "_wakeups", "is_set")

    def __init__(self) -> None:
        self.is_set = False
        """Whether the end was asked for; only `set` writes it."""
        self._gate = threading.Lock()
        self._gate.acquire()  # until the end is asked for; an `Event` that a signal leaves may stay locked for ever
        self._lock = threading.Lock()
        self._wakeups: dict[object, Callable[[], None]] = {}

    def set(self) -> None:
        """Ask for the end, and wake everybody who waits."""
        with self._lock:
            if self.is_set:
                return
            self.is_set = True
            self._gate.release()
            wakeups = list(self._wakeups.values())
        for wake in wakeups:
            wake()

    def check(self) -> None:
        """Raise `Cancelled` if the end was asked for."""
        if self.is_set:
            raise Cancelled("the run was cancelled")

    def wait(self, seconds: float | None) -> bool:
        """Wait for so many seconds (None: without end), or until the end is asked for; whether it was."""
        end = None if seconds is None else monotonic() + seconds
        while not self.is_set:
            left = LOOK if end is None else end - monotonic()
            if self._gate.acquire(timeout=max(min(left, LOOK), 0)):
                self._gate.release()
            elif left <= LOOK and end is not None:
                break
        return self.is_set

    def waking(self, wake: Callable[[], None]) -> _Waking:
        """Call `wake` (from another thread, or at once) if the end is asked for while the block runs."""
        return _Waking(self, wake)


class _Waking:
    """A block that is woken; there is one for each wait, so it is not a generator."""

    __slots__ = ("_cancel", "_wake")

    def __init__(self, cancel: Cancel, wake: Callable[[], None]) -> None:
        self._cancel = cancel
        self._wake = wake

    def __enter__(self) -> None:
        cancel = self._cancel
        with cancel._lock:
            if not cancel.is_set:
                cancel._wakeups[self] = self._wake
                return
        self._wake()

    def __exit__(self, *_: object) -> None:
        cancel = self._cancel
        with cancel._lock:
            cancel._wakeups.pop(self, None)
