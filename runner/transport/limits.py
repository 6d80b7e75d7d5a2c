"""The limits of one exchange: time and bytes."""

from __future__ import annotations

from time import monotonic
from typing import Protocol

from runner.errors import RequestError
from runner.transport import failures
from runner.transport.turns import Turn

MAX_BODY = 50 * 1024 * 1024
"""The default limit for the bytes of a response body, encoded and decoded."""


class Wakeable(Protocol):
    """Something with the descriptor of a socket; once that is readable, all waits end."""

    def fileno(self) -> int:
        """The descriptor."""
        ...


class Limits:
    """The limits of one exchange: `idle` seconds without a byte, a `deadline` as a `monotonic` time, bytes of the body.

    `turn` is its place among concurrent requests, `cancel` ends its waits, and `lease` identifies the owner of a connection
    in the middle of a handshake.
    """

    __slots__ = ("cancel", "deadline", "idle", "lease", "max_body", "turn")

    def __init__(
        self,
        idle: float | None = None,
        deadline: float | None = None,
        max_body: int = MAX_BODY,
        turn: Turn | None = None,
        cancel: Wakeable | None = None,
        lease: object = None,
    ) -> None:
        self.idle = idle
        self.deadline = deadline
        self.max_body = max_body
        self.turn = turn
        self.cancel = cancel
        self.lease = lease

    def patience(self) -> float | None:
        """How many seconds the next wait may last; raises `RequestError` when the deadline has passed."""
        if self.deadline is None:
            return self.idle
        left = self.deadline - monotonic()
        if left <= 0:
            raise failures.deadline_passed()
        return left if self.idle is None else min(left, self.idle)

    def end(self) -> float | None:
        """The `monotonic` time until which one step of connecting may last; raises like `patience`."""
        patience = self.patience()
        return None if patience is None else monotonic() + patience

    def timed_out(self) -> RequestError:
        """The error for a wait that took too long: of the deadline or of the idle limit."""
        if self.deadline is not None and monotonic() >= self.deadline:
            return failures.deadline_passed()
        return failures.idle_timeout()
