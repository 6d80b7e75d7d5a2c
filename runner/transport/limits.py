"""What one exchange may take: time and bytes."""

from __future__ import annotations

from time import monotonic
from typing import Protocol

from runner.errors import RequestError
from runner.transport import failures
from runner.transport.turns import Turn

MAX_BODY = 50 * 1024 * 1024
"""Bytes that a response body may have, on the wire and decoded."""


class Wakeable(Protocol):
    """A thing with a socket's descriptor; once that is readable, no wait goes on."""

    def fileno(self) -> int:
        """The descriptor."""
        ...


class Limits:
    """What one exchange may take: `idle` seconds without a byte, `deadline` as a `monotonic` moment, body bytes.

    `turn` is its place among others that were started before it; `cancel` ends its waits. `lease` names whose handshake a
    connection is in the middle of.
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
        """The `monotonic` moment until which one step of connecting may last; raises like `patience`."""
        patience = self.patience()
        return None if patience is None else monotonic() + patience

    def timed_out(self) -> RequestError:
        """The error for a wait that took too long: the deadline's or the idle one's."""
        if self.deadline is not None and monotonic() >= self.deadline:
            return failures.deadline_passed()
        return failures.idle_timeout()
