"""Ctrl-C and its relatives: their handler only remembers them, and raises where a wait may be left.

So a run ends between two steps, and nothing that is being written is ever torn, however often the user presses the keys.
Signals within a second after one that counted are repeats and change nothing.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

REPEATS = 1.0
"""Seconds in which further signals are one with the first: shells and CI servers send two, and fingers press twice."""

ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
NEVER, LATER, AT_ONCE = range(3)
"""When a place may be left: not at all; when a signal comes after the repeats of the first; when any comes."""


class Interrupt(KeyboardInterrupt):
    """The user or the system asked for the end.

    `exit_code` is 128 and the number of the signal; `summary` is that of a run which was ended in order.
    """

    def __init__(self, number: int = signal.SIGINT, summary: Any = None) -> None:
        super().__init__("interrupted")
        self.exit_code = 128 + number
        self.summary = summary


class _State:
    """What came so far, and whether the main thread may be disturbed."""

    def __init__(self) -> None:
        self.first = 0
        self.last = 0.0
        self.level = NEVER

    def take(self, number: int, frame: FrameType | None) -> None:
        """The handler."""
        now = time.monotonic()
        if self.first and now - self.last < REPEATS:
            return
        least = LATER if self.first else AT_ONCE
        self.first, self.last = self.first or number, now
        if self.level >= least:
            self.level = NEVER
            raise Interrupt(self.first)


_state = _State()


def asked() -> int:
    """The exit code of the signal that asked for the end, 0 when none did."""
    return 128 + _state.first if _state.first else 0


def check() -> None:
    """Raise `Interrupt` when the end was asked for."""
    if _state.first:
        raise Interrupt(_state.first)


@contextmanager
def listen(*names: str, for_good: bool = False) -> Iterator[None]:
    """Remember these signals instead of what Python or the system does; `for_good` also after the block.

    What the user or the program set up for a signal (nohup, a handler of its own) stays. Only the main thread can listen.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in names if hasattr(signal, name)):
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                before[number] = signal.signal(number, _state.take)
    if before:
        _state.first = 0
    try:
        yield
    finally:
        for number, handler in before.items() if not for_good else ():
            signal.signal(number, handler)
            _state.first = 0


class _Place:
    """A part of the program with its own answer to signals; on other threads than the main one it has no effect."""

    __slots__ = ("_before", "_level")

    def __init__(self, level: int) -> None:
        self._level = level
        self._before = -1

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before, _state.level = _state.level, self._level
            if self._level == AT_ONCE and _state.first:
                _state.level = self._before  # nobody leaves a block that was not entered
                check()

    def __exit__(self, *_: object) -> None:
        if self._before >= 0:
            _state.level = self._before


def waiting() -> _Place:
    """A wait for the world: the first signal ends it, and one that came before lets it not begin."""
    return _Place(AT_ONCE)


def writing_out() -> _Place:
    """Giving a report away to somebody who may never take it: only a later signal ends that."""
    return _Place(LATER)


def undisturbed() -> _Place:
    """Work that is done whole."""
    return _Place(NEVER)


__all__ = ["ENDINGS", "Interrupt", "asked", "check", "listen", "undisturbed", "waiting", "writing_out"]
