"""Randomness in one object that is passed in, so that a run can be repeated from a seed."""

from __future__ import annotations

import random


class Entropy:
    """The random values of one run; with a `seed` all of them repeat."""

    __slots__ = ("_random", "seed")

    def __init__(self, seed: int | str | None = None) -> None:
        self.seed = seed
        self._random = random.Random(_seed_of(seed)) if seed is not None else random.SystemRandom()

    def uuid(self) -> str:
        """A random UUID (version 4), put together here: the standard library's module for it takes 3 ms to import."""
        digits = f"{self._random.getrandbits(128):032x}"
        variant = "89ab"[int(digits[16], 16) % 4]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return self._random.randint(low, high)

    def words(self, purpose: str, count: int) -> list[int]:
        """`count` 32-bit numbers to seed another generator; with a seed they depend on nothing but the purpose."""
        source = self._random if self.seed is None else random.Random(_seed_of(f"{self.seed} {purpose}"))
        return [source.getrandbits(32) for _ in range(count)]

    def branch(self) -> Entropy:
        """The randomness for something that runs beside the rest: with a seed its values do not depend on timing."""
        return self if self.seed is None else Entropy(self.uuid())

    def text(self, alphabet: str, length: int) -> str:
        """`length` characters drawn from `alphabet`."""
        return "".join(self._random.choices(alphabet, k=length))


def _seed_of(seed: int | str) -> int | bytes:
    """A seed as the generator takes it; a text may hold half a character (a byte of another encoding)."""
    return seed.encode("utf-8", "surrogatepass") if isinstance(seed, str) else seed
