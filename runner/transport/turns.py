"""The order of requests that are started one after the other and run at the same time."""

from __future__ import annotations

import threading

BEGIN_SECONDS = 0.1
"""How long a request waits at most until the one before it is connecting: resolving a name may take long."""

WRITE_SECONDS = 0.01
"""How long a connected request waits at most until the one before it was written."""


class Turn:
    """The place of one request behind the one before it: they connect and are written in order, unless one is slow."""

    __slots__ = ("_before", "_begun", "_written")

    def __init__(self, before: Turn | None = None) -> None:
        self._before = before
        self._begun = threading.Event()
        self._written = threading.Event()

    def wait(self) -> None:
        """Until the one before is on its way."""
        if self._before is not None:
            self._before._begun.wait(BEGIN_SECONDS)

    def begin(self) -> None:
        """Tell that it is connecting."""
        self._begun.set()

    def before_write(self) -> None:
        """Let the one before be written first, once both are connected."""
        if self._before is not None:
            self._before._written.wait(WRITE_SECONDS)

    def end(self) -> None:
        """Tell that it was written, or never will be."""
        self._begun.set()
        self._written.set()
        self._before = None
