"""Ends the waits of the transport: a pair of sockets that stays readable once `wake` has been called."""

from __future__ import annotations

import socket
import threading


class Waker:
    """The `cancel` of a client. It uses two descriptors from the first wait until it is closed."""

    __slots__ = ("_called", "_descriptor", "_lock", "_pair")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._called = False
        self._descriptor = -1
        self._pair: tuple[socket.socket, socket.socket] | None = None

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the descriptors; a wait that begins later opens new ones."""
        with self._lock:
            pair, self._pair, self._descriptor = self._pair, None, -1
        for end in pair or ():
            end.close()

    def fileno(self) -> int:
        """The descriptor to wait for."""
        if self._descriptor < 0:
            with self._lock:
                self._pair = self._pair or socket.socketpair()
                if self._called:
                    self._pair[1].send(b"!")
                self._descriptor = self._pair[0].fileno()
        return self._descriptor

    def wake(self) -> None:
        """End all waits, from any thread."""
        with self._lock:
            self._called = True
            if self._pair is not None:
                self._pair[1].send(b"!")
