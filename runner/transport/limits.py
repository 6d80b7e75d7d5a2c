"""What one exchange may take: time and bytes."""

from __future__ import annotations

import socket
from time import monotonic

from runner.errors import RequestError
from runner.transport import failures
from runner.transport.turns import Turn

MAX_BODY = 50 * 1024 * 1024
"""Bytes that a response body may have, on the wire and decoded."""


class Limits:
    """What one exchange may take: `idle` seconds without a byte, `deadline` as a `monotonic` moment, body bytes.

    `turn` is its place among others that were started before it.
    """

    __slots__ = ("deadline", "idle", "max_body", "turn")

    def __init__(
        self,
        idle: float | None = None,
        deadline: float | None = None,
        max_body: int = MAX_BODY,
        turn: Turn | None = None,
    ) -> None:
        self.idle = idle
        self.deadline = deadline
        self.max_body = max_body
        self.turn = turn

    def patience(self) -> float | None:
        """How many seconds the next call may wait; raises `RequestError` when the deadline has passed."""
        if self.deadline is None:
            return self.idle
        left = self.deadline - monotonic()
        if left <= 0:
            raise failures.deadline_passed()
        return left if self.idle is None else min(left, self.idle)

    def apply(self, sock: socket.socket) -> None:
        """Set the socket's time limit for the next call; raises `RequestError` when the deadline has passed."""
        sock.settimeout(self.patience())

    def timed_out(self) -> RequestError:
        """The error for a call that took too long: the deadline's or the idle one's."""
        if self.deadline is not None and monotonic() >= self.deadline:
            return failures.deadline_passed()
        return failures.idle_timeout()
