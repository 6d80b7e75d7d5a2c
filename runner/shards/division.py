"""Assigns groups of units to shards, deterministically, so that all jobs agree."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Sequence
from heapq import heapify, heapreplace

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An indivisible unit of the collection with this number: all of it, or some of its items or iterations.

    `identity` is unique and the same in every run. `time` is in milliseconds, None if unknown.
    """

    identity: str
    collection: int
    items: range | None = None
    iteration: int | None = None
    time: float | None = None


Group = Sequence[Unit]
"""Units that stay together."""


def divided(groups: Sequence[Group], count: int, *, timed: bool) -> list[int]:
    """For each group the number of its shard, from 1; `timed` balances the shards by the times of their units.

    Without times a group keeps its shard when others are added, and a new count moves as few groups as possible.
    """
    return _balanced(groups, count) if timed else [_home(group, count) for group in groups]


def _identity(group: Group) -> str:
    return min(unit.identity for unit in group)


def _home(group: Group, count: int) -> int:
    """The shard of a group without times: iterations take turns, all else uses rendezvous hashing."""
    if group[0].iteration is not None:
        return group[0].iteration % count + 1
    identity = _identity(group)

    def bid(shard: int) -> bytes:
        return hashlib.sha256(f"{shard} {identity}".encode("utf-8", "surrogatepass")).digest()

    return max(range(1, count + 1), key=bid)


def _balanced(groups: Sequence[Group], count: int) -> list[int]:
    """Assign the longest group first, each to the least loaded shard; unknown times count as the median."""
    usual = statistics.median([unit.time for group in groups for unit in group if unit.time is not None] or [1.0])
    times = [sum(usual if unit.time is None else unit.time for unit in group) for group in groups]
    order = sorted(range(len(groups)), key=lambda number: (-times[number], _identity(groups[number])))
    loads = [(0.0, 0, shard) for shard in range(1, count + 1)]  # the number of groups balances those that take no time
    heapify(loads)
    found = [0] * len(groups)
    for number in order:
        load, held, found[number] = loads[0]
        heapreplace(loads, (load + times[number], held + 1, found[number]))
    return found
