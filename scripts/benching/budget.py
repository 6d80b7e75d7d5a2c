"""How long a part may go on, and what is said meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Budget:
    """The time that a part has: it does as many rounds as fit, at least one and at most `most`."""

    part: str
    most: int
    seconds: float

    def __post_init__(self) -> None:
        self._started = time.monotonic()

    def rounds(self, what: str = "", most: int | None = None, share: float = 1.0) -> Iterator[int]:
        """The numbers of the rounds from 1, until this share of the time that is left is over."""
        began, most = time.monotonic(), self.most if most is None else most
        end, number, longest = began + share * self._left(), 0, 0.0
        while number < most and (number == 0 or time.monotonic() + longest <= end):
            number, start = number + 1, time.monotonic()
            self.say(f"{what or 'round'} {number} of {most}" if most > 1 or not what else what)
            yield number
            longest = max(longest, time.monotonic() - start)

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return self._left() <= 0

    def _left(self) -> float:
        return max(0.0, self._started + self.seconds - time.monotonic())

    def say(self, text: str) -> None:
        """Say on standard error what is being done."""
        say(f"{self.part}: {text}")


_begun = time.monotonic()


def say(text: str) -> None:
    """A line of progress with the time since the start; on a terminal it takes the place of the one before."""
    seconds = int(time.monotonic() - _begun)
    line = f"[{seconds // 60}:{seconds % 60:02}] {text}"
    print(
        f"\r\x1b[K{line}" if sys.stderr.isatty() else line,
        end="" if sys.stderr.isatty() else "\n",
        file=sys.stderr,
        flush=True,
    )


def print_result(text: str) -> None:
    """Print a result, in place of the line of progress."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    print(text, flush=True)
