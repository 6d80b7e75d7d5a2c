"""Which entries of two sequences belong together, in their order: few changes exactly, many by what is unique."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence

MOST = 200
"""Up to so many changes the shortest way from one to the other is found (Myers: O(length × changes))."""

Pairs = list[tuple[int, int]]


def matches(left: Sequence[Hashable], right: Sequence[Hashable]) -> Pairs:
    """The positions of equal entries, both rising; linear for what is equal or has few changes."""
    start, shorter = 0, min(len(left), len(right))
    while start < shorter and left[start] == right[start]:
        start += 1
    end = 0
    while end < shorter - start and left[-1 - end] == right[-1 - end]:
        end += 1
    inner = left[start : len(left) - end], right[start : len(right) - end]
    found = _shortest(*inner)
    if found is None:
        found = _unique(*inner)
    return [
        *((at, at) for at in range(start)),
        *((one + start, other + start) for one, other in found),
        *((len(left) - at, len(right) - at) for at in range(end, 0, -1)),
    ]


def rising(pairs: Pairs) -> Pairs:
    """As many of these pairs as can be kept if both positions have to rise; those on the left do already."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, (_, other) in enumerate(pairs):
        length = bisect_left(ends, other)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [other]
        last[length : length + 1] = [at]
    found, at = [], last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _shortest(left: Sequence[Hashable], right: Sequence[Hashable]) -> Pairs | None:
    """What the shortest edit script keeps; None if it has more than `MOST` changes."""
    if not left or not right:
        return []
    reached = {1: 0}
    trace: list[dict[int, int]] = []
    for changes in range(MOST + 1):
        trace.append(dict(reached))
        for line in range(-changes, changes + 1, 2):
            at = _next(reached, line, changes)
            while at < len(left) and 0 <= at - line < len(right) and left[at] == right[at - line]:
                at += 1
            reached[line] = at
            if at >= len(left) and at - line >= len(right):
                return _way_back(trace, len(left), len(right))
    return None


def _next(reached: dict[int, int], line: int, changes: int) -> int:
    """How far to the left's end one gets on this diagonal with one more change."""
    return reached[line + 1] if _by_new(reached, line, changes) else reached[line - 1] + 1


def _by_new(reached: dict[int, int], line: int, changes: int) -> bool:
    """Whether the change that leads to this diagonal is one more entry on the right, else one less on the left."""
    return line == -changes or (line != changes and reached[line - 1] < reached[line + 1])


def _way_back(trace: list[dict[int, int]], one: int, other: int) -> Pairs:
    found: Pairs = []
    for changes in range(len(trace) - 1, -1, -1):
        line = one - other
        start = _next(trace[changes], line, changes)
        while one > start and other > start - line:
            one, other = one - 1, other - 1
            found.append((one, other))
        new = _by_new(trace[changes], line, changes)
        one, other = (start, start - line - 1) if new else (start - 1, start - line)
    return found[::-1]


def _unique(left: Sequence[Hashable], right: Sequence[Hashable]) -> Pairs:
    """The entries that both have once, as far as their order is the same."""
    often, there = Counter(left), Counter(right)
    places = {entry: at for at, entry in enumerate(right) if there[entry] == 1}
    return rising([(at, places[entry]) for at, entry in enumerate(left) if often[entry] == 1 and entry in places])
