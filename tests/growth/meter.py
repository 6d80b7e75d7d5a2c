"""Counts what a call does: lines of the runner, and characters that methods of texts and bytes and decoders go through.

No seconds and no processor are in it, so the count is the same on every machine. What it does not see: slices, searches
from a place on (`find`), and regular expressions, whose steps `test_patterns.py` counts.
"""

import sys
from collections.abc import Callable
from os.path import dirname

import runner

HOME = dirname(runner.__file__)
SCANS = frozenset(
    {"replace", "split", "rsplit", "splitlines", "partition", "rpartition", "encode", "decode", "lower", "upper", "join"}
    | {"translate", "strip", "lstrip", "rstrip", "isdigit", "isascii", "isprintable", "hex"}
)
"""Methods that go through all of a text."""


class Meter:
    """The count of one call."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, call: Callable[[], object]) -> int:
        """The count of a call; an error that it raises is an answer like any other."""
        traced, profiled = sys.gettrace(), sys.getprofile()
        sys.settrace(self._trace)
        sys.setprofile(self._profile)
        try:
            call()
        except Exception:
            pass
        finally:
            sys.setprofile(profiled)
            sys.settrace(traced)
        return self.count

    def _trace(self, frame, event, argument):
        return self._lines if frame.f_code.co_filename.startswith(HOME) else None

    def _lines(self, frame, event, argument):
        self.count += 1
        return self._lines

    def _profile(self, frame, event, argument):
        if event == "c_call" and argument.__name__ in SCANS:
            on = getattr(argument, "__self__", None)
            self.count += len(on) if isinstance(on, str | bytes | bytearray) else 1


class Weighed:
    """A decoder of zlib or zstd that counts what it is given and what it gives back unread."""

    def __init__(self, decoder, meter: Meter) -> None:
        self._decoder, self._meter = decoder, meter

    def decompress(self, data, *more):
        part = self._decoder.decompress(data, *more)
        self._meter.count += len(data) + len(part) + len(self._decoder.unused_data)
        return part

    def __getattr__(self, name):
        return getattr(self._decoder, name)


def counted(row: Callable, size: int) -> list[int]:
    """The counts of a row of `ROWS` at three sizes."""
    Meter().of(row(size, Meter()))  # what is made at the first use is not a part of it
    counts = []
    for factor in (1, 2, 4):
        meter = Meter()
        counts.append(meter.of(row(size * factor, meter)))
    return counts


def growth(counts: list[int]) -> float:
    """By how much the second doubling of the size costs more than the first one: 2 is linear, 4 is the square."""
    return (counts[2] - counts[1]) / max(counts[1] - counts[0], 1)


def is_superlinear(counts: list[int]) -> bool:
    """Whether the work grows clearly faster than the size."""
    return growth(counts) >= 2.7 and counts[2] - counts[1] >= 100
