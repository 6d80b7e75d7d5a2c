"""Who runs what: groups of units are given to shards, the same way by everybody who asks."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Sequence
from heapq import heapify, heapreplace

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is not divided any further, in the collection of this number: whole, or some of its items or iterations.

    `identity` is the same in every run, and that of no other unit. `time` is in milliseconds, None if it is not known.
    """

    identity: str
    collection: int
    items: range | None = None
    iteration: int | None = None
    time: float | None = None


Group = Sequence[Unit]
"""Units that stay together."""


def divided(groups: Sequence[Group], count: int, *, timed: bool) -> list[int]:
    """The number of the shard, from 1, of each group; `timed` balances the shards by the times of their units.

    Without times a group stays where it is whatever is added elsewhere, and with another count as few as possible move.
    """
    return _balanced(groups, count) if timed else [_home(group, count) for group in groups]


def _identity(group: Group) -> str:
    return min(unit.identity for unit in group)


def _home(group: Group, count: int) -> int:
    """Iterations take turns; of everything else each shard bids a number that follows from the two names."""
    if group[0].iteration is not None:
        return group[0].iteration % count + 1
    identity = _identity(group)

    def bid(shard: int) -> bytes:
        return hashlib.sha256(f"{shard} {identity}".encode("utf-8", "surrogatepass")).digest()

    return max(range(1, count + 1), key=bid)


def _balanced(groups: Sequence[Group], count: int) -> list[int]:
    """The longest group first, each to the shard that has least to do; a unit of unknown time takes the median."""
    usual = statistics.median([unit.time for group in groups for unit in group if unit.time is not None] or [1.0])
    times = [sum(usual if unit.time is None else unit.time for unit in group) for group in groups]
    order = sorted(range(len(groups)), key=lambda number: (-times[number], _identity(groups[number])))
    loads = [(0.0, 0, shard) for shard in range(1, count + 1)]  # the second number divides what takes no time
    heapify(loads)
    found = [0] * len(groups)
    for number in order:
        load, held, found[number] = loads[0]
        heapreplace(loads, (load + times[number], held + 1, found[number]))
    return found
