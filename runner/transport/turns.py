"""The order of concurrent requests that are started one after the other."""

from __future__ import annotations

import threading

BEGIN_SECONDS = 0.1
"""How long a request waits at most until the previous one is connecting: a name lookup may take long."""

WRITE_SECONDS = 0.01
"""How long a connected request waits at most until the previous one has been sent."""


class Turn:
    """The place of a request after the previous one: they connect and are sent in order, unless one is slow."""

    __slots__ = ("_before", "_begun", "_written")

    def __init__(self, before: Turn | None = None) -> None:
        self._before = before
        self._begun = threading.Event()
        self._written = threading.Event()

    def wait(self) -> None:
        """Wait until the previous one is connecting."""
        if self._before is not None:
            self._before._begun.wait(BEGIN_SECONDS)

    def begin(self) -> None:
        """Announce that this one is connecting."""
        self._begun.set()

    def before_write(self) -> None:
        """Let the previous one be sent first if both are connected."""
        if self._before is not None:
            self._before._written.wait(WRITE_SECONDS)

    def end(self) -> None:
        """Announce that this one was sent, or never will be."""
        self._begun.set()
        self._written.set()
        self._before = None
