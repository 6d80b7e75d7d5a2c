"""Time and randomness, in one object that is passed in, so that a run can be repeated from a seed."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable


class Chance:
    """The clock and the dice of one run.

    With a `seed` every random value of the run repeats; `clock` returns seconds since the epoch and is replaced in tests.
    """

    def __init__(self, seed: int | str | None = None, clock: Callable[[], float] = time.time) -> None:
        self.seed = seed
        self._random = random.Random(_writable(seed)) if seed is not None else random.SystemRandom()
        self._clock = clock

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._clock()

    def iso_now(self) -> str:
        """The time as JavaScript's `toISOString` writes it: UTC with milliseconds."""
        from datetime import UTC, datetime

        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def file_stamp(self) -> str:
        """The time as Newman writes it into the names of files: `2026-01-31-12-00-00-000-0`, UTC."""
        return re.sub(r"[^0-9]+", "-", self.iso_now()) + "0"

    def uuid(self) -> str:
        """A random UUID (version 4), put together here: the standard library's module for it takes 3 ms to import."""
        digits = f"{self._random.getrandbits(128):032x}"
        variant = "89ab"[int(digits[16], 16) % 4]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return self._random.randint(low, high)

    def words(self, purpose: str, count: int) -> list[int]:
        """`count` numbers of 32 bits to seed another generator: from the seed they depend on nothing but the purpose."""
        source = self._random if self.seed is None else random.Random(_writable(f"{self.seed} {purpose}"))
        return [source.getrandbits(32) for _ in range(count)]

    def branch(self) -> Chance:
        """The dice for something that runs beside the rest: with a seed its values do not depend on which is faster."""
        return self if self.seed is None else Chance(self.uuid(), self._clock)

    def text(self, alphabet: str, length: int) -> str:
        """`length` characters drawn from `alphabet`."""
        return "".join(self._random.choices(alphabet, k=length))


def _writable(seed: int | str) -> int | bytes:
    """What a generator takes for a seed: a text as its UTF-8, with half a character (a byte of another encoding) in it."""
    return seed.encode("utf-8", "surrogatepass") if isinstance(seed, str) else seed
