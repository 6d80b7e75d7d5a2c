"""What ends the waits of the transport: a pair of sockets, readable for good once somebody has called `wake`."""

from __future__ import annotations

import socket
import threading


class Waker:
    """Give it to a client as `cancel`. It takes two descriptors from the first wait on, until nobody waits with it."""

    __slots__ = ("_called", "_lock", "_pair")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._called = False
        self._pair: tuple[socket.socket, socket.socket] | None = None

    def __del__(self) -> None:
        for end in self._pair or ():
            end.close()

    def fileno(self) -> int:
        """The descriptor to wait for."""
        with self._lock:
            if self._pair is None:
                self._pair = socket.socketpair()
                if self._called:
                    self._pair[1].send(b"!")
            return self._pair[0].fileno()

    def wake(self) -> None:
        """End all waits, from any thread."""
        with self._lock:
            self._called = True
            if self._pair is not None:
                self._pair[1].send(b"!")
