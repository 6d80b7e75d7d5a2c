"""The one rounding of every duration: three significant digits."""

from __future__ import annotations


def bucket(ms: float) -> float:
    """A duration with three significant digits; zero, if it is negative because a clock was set back.

    At most 0.5 % off from 0.01 ms on; below that in steps of 0.1 µs. Equal buckets are equal floats, so they can be keys.
    """
    if ms >= 1000:
        return float(f"{ms:.3g}")
    if ms >= 100:
        return float(round(ms))
    if ms >= 10:
        return round(ms * 10) / 10
    if ms >= 1:
        return round(ms * 100) / 100
    if ms >= 0.1:
        return round(ms * 1000) / 1000
    return round(ms * 10000) / 10000 if ms > 0 else 0.0
