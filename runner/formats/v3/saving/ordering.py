"""The `order` of siblings in a new sequence: as many as possible keep theirs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import ceil, floor, isfinite

from runner.formats.v3.writing import STEP

Rank = tuple[float, bytes, int]
"""What brings an entry into its place: its `order`, its name, and its number among those that were read."""


def new_orders(ranks: Sequence[Rank | None]) -> dict[int, int]:
    """The `order` of each of the siblings that needs another one, by its number; one without a rank always gets one."""
    kept = _kept(ranks)
    orders: dict[int, int] = {}
    for left, right in zip([-1, *kept], [*kept, len(ranks)], strict=True):
        below, above = ranks[left] if left >= 0 else None, ranks[right] if right < len(ranks) else None
        count = right - left - 1
        low = floor(below[0]) if below else 0
        high = ceil(above[0]) if above else low + (count + 1) * STEP
        if not below and high <= count:  # no room above zero
            low = high - (count + 1) * STEP
        for number in range(1, count + 1):
            orders[left + number] = low + (high - low) * number // (count + 1)
    return orders


def _kept(ranks: Sequence[Rank | None]) -> list[int]:
    """The numbers of the most entries that can keep their `order`: between two of them is room for those that cannot."""
    known = {number: rank for number, rank in enumerate(ranks) if rank and isfinite(rank[0])}
    below = {number: floor(rank[0]) - number for number, rank in known.items()}
    values = sorted(set(below.values()))
    best = [(0, -1)] * (len(values) + 1)  # a Fenwick tree: the longest chain up to each value, and its last entry
    length: dict[int, int] = {}
    before: dict[int, int] = {}
    waiting: list[int] = []
    for number, rank in known.items():
        while waiting and waiting[0] < number - 1:
            ended = waiting.pop(0)
            place = bisect_right(values, below[ended])
            while place < len(best):
                best[place] = max(best[place], (length[ended], ended))
                place += place & -place
        found, place = (0, -1), bisect_right(values, ceil(rank[0]) - number)
        while place > 0:
            found, place = max(found, best[place]), place & (place - 1)
        if number - 1 in known and known[number - 1] < rank:  # neighbours need no room
            found = max(found, (length[number - 1], number - 1))
        length[number], before[number] = found[0] + 1, found[1]
        waiting.append(number)
    last = max(length, key=lambda number: length[number], default=-1)
    chain: list[int] = []
    while last >= 0:
        chain.append(last)
        last = before[last]
    return chain[::-1]
