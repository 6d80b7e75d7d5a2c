"""The master's time as a worker reads it, so that no machine's clock has to be right.

Each acknowledgement and each heartbeat of the master has its time in it. The worker compares it with its own monotonic
clock: the greatest difference of the last minute is that of the quickest message, and is behind by no more than its way.
A worker's clock that is set in between changes nothing; one that runs slow or fast is followed.
"""

from __future__ import annotations

from collections import deque

from runner.clock import Clock

SAMPLES = 60
"""So many of the last messages are looked at: those of a minute."""


class MasterTime:
    """What the master's clock shows; before its first message it is this machine's own."""

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._differences: deque[float] = deque(maxlen=SAMPLES)

    def heard(self, now: float) -> None:
        """Take down the time that a message of the master has in it, when it arrives."""
        self._differences.append(now - self._own.monotonic())

    def now(self) -> float:
        """Seconds since the epoch on the master's clock."""
        return self._own.monotonic() + max(self._differences) if self._differences else self._own.now()

    @property
    def clock(self) -> Clock:
        """A clock that shows it, to pass in."""
        return Clock(self.now, self._own.monotonic)
