"""Which parts of a collection cannot be torn apart: one reads what another may have set, or jumps to it or past it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runner.flow.access import Access, rank, scopes_seen
from runner.flow.flow import Flow


def tied(flow: Flow, units: Sequence[Sequence[int]], *, repeats: bool) -> list[list[int]]:
    """The units, by number, in groups that depend on nothing outside of them; both in order.

    A unit has the places of its items; units follow each other. One is tied to those before it that set what it reads, as
    `Flow.conflicts` has it, and where all of them are repeated in several iterations (`repeats`) to those after it, too. A
    jump ties all units from where it begins to where it may lead, because it may skip or repeat them. This takes linear
    time where conflicts are told for each pair.
    """
    groups = _Groups(len(units))
    passed = 0
    for first, last in sorted(set(_jumps(flow, units))):
        for unit in range(max(first, passed), last):
            groups.unite(unit, unit + 1)
        passed = max(passed, last)
    writers = _Writers(flow, units, groups)
    for unit, places in enumerate(units):
        for read, nearest in set(flow.reads_of_unit(places)):
            writers.tie(unit, read, nearest, repeats)
    return groups.listed()


def _jumps(flow: Flow, units: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """The first and last unit of each jump; one to no known request ends the iteration, as `setNextRequest(null)` does."""
    last = len(units) - 1
    targets: dict[str | None, list[int]] = {None: [0, last]}
    for unit, places in enumerate(units):
        for at in places:
            for own in {flow.items[at].id, flow.items[at].name}:
                targets.setdefault(own, []).append(unit)
    for unit, places in enumerate(units):
        for at in places:
            for name in flow.items[at].jumps:
                there = targets.get(name, [last])
                yield min(unit, *there), max(unit, *there)
            if flow.items[at].ends:
                yield unit, last


class _Groups:
    """Units that are put together pair by pair."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def _top(self, unit: int) -> int:
        while self._above[unit] != unit:
            self._above[unit] = unit = self._above[self._above[unit]]
        return unit

    def unite(self, one: int, other: int) -> None:
        """Put the groups of two units together."""
        low, high = sorted((self._top(one), self._top(other)))
        self._above[high] = low

    def listed(self) -> list[list[int]]:
        """The groups by their first units."""
        found: dict[int, list[int]] = {}
        for unit in range(len(self._above)):
            found.setdefault(self._top(unit), []).append(unit)
        return list(found.values())


class _Row:
    """The units that write one name, in order; the first `tied` of them are in one group."""

    def __init__(self) -> None:
        self.units: list[int] = []
        self.tied = 0


class _Writers:
    """The units by what they write: by scope and name, and for reads of any name by scope alone."""

    def __init__(self, flow: Flow, units: Sequence[Sequence[int]], groups: _Groups) -> None:
        self._groups = groups
        self._named: dict[tuple[str, str | None], _Row] = {}
        self._any: dict[str, _Row] = {}
        for unit, places in enumerate(units):
            for write in (write for at in places for write in flow.items[at].writes):
                for row in (
                    self._named.setdefault((write.scope, write.name), _Row()),
                    self._any.setdefault(write.scope, _Row()),
                ):
                    if not row.units or row.units[-1] != unit:
                        row.units.append(unit)

    def tie(self, unit: int, read: Access, nearest: int, repeats: bool) -> None:
        """Tie a unit to those whose writes it reads; `nearest` is the rank of the scope that it sets itself before."""
        for scope in scopes_seen(read):
            if rank(scope) < nearest:
                names = (read.name, None)
                rows = [self._any.get(scope)] if read.name is None else [self._named.get((scope, name)) for name in names]
                for row in rows:
                    if row is not None:
                        self._tie_row(unit, row, repeats)

    def _tie_row(self, unit: int, row: _Row, repeats: bool) -> None:
        while row.tied < len(row.units) and (repeats or row.units[row.tied] < unit):
            self._groups.unite(row.units[0], row.units[row.tied])
            row.tied += 1
        if row.tied and (repeats or row.units[0] < unit):
            self._groups.unite(unit, row.units[0])
