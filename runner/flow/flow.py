"""The flow of variables through a collection: what each item sets and reads, needs, and disturbs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from runner.flow.access import ANY, LAST, SCOPES, Access, Place, meets, precedes, rank
from runner.flow.scripts import Analyse, Scripts
from runner.flow.templates import reads_of, texts_in
from runner.model.collection import Item, Script
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass
from runner.model.request import Auth
from runner.rules.substitute import names_in


class OwnedScript(Protocol):
    """A script, with the name of what carries it."""

    @property
    def owner(self) -> str:
        """The name of the collection, folder or item."""
        ...

    @property
    def script(self) -> Script:
        """The script."""
        ...


class PlannedItem(Protocol):
    """An item with what it inherits, as `runner/engine/plan.py` plans it."""

    @property
    def item(self) -> Item:
        """The item."""
        ...

    @property
    def path(self) -> tuple[str, ...]:
        """The names of its folders."""
        ...

    @property
    def auth(self) -> Auth | None:
        """Its auth, or the one that it inherits."""
        ...

    @property
    def scripts(self) -> Mapping[str, Sequence[OwnedScript]]:
        """Its scripts by phase, outermost first."""
        ...


@dataclass(frozen=True, slots=True)
class ItemFlow:
    """What one item reads and writes, scripts of its folders and collection included.

    `jumps` are the names it may give to `setNextRequest`, `runs` those of the items that it may run (None: any); `ends`
    tells whether it may end the iteration, by `setNextRequest(null)`.
    """

    name: str
    id: str
    path: str
    reads: tuple[Access, ...]
    writes: tuple[Access, ...]
    jumps: tuple[str | None, ...] = ()
    runs: tuple[str | None, ...] = ()
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """A unit reads what an earlier one may have written, so they cannot run beside each other. Units count from 0."""

    writer: int
    reader: int
    write: Access
    read: Access

    def __str__(self) -> str:
        return f"{self.read} reads what {self.write} sets"


class Flow:
    """The items of a plan, in its order. `values` are those of the variables that files give, by name."""

    def __init__(self, items: Sequence[ItemFlow], values: Mapping[str, Sequence[Json]]) -> None:
        self.items = tuple(_with_runs(items))
        self._refs: dict[str, set[str]] = {}
        for name, found in values.items():
            inner = {one for value in found for text in texts_in(value) for one in names_in(text)}
            self._refs.setdefault(name, set()).update(inner)
        for write in (write for item in self.items for write in item.writes):
            if write.name is not None and write.refs:
                self._refs.setdefault(write.name, set()).update(write.refs)
        self._loops = list(self._backward_jumps())
        self._writers = Writes((at, write) for at, item in enumerate(self.items) for write in item.writes)
        self._needs: dict[int, frozenset[int]] = {}

    def reads(self, at: int) -> tuple[Access, ...]:
        """What the item at a place reads, names in the values of other variables included."""
        found = {(read.scope, read.name): read for read in self.items[at].reads}
        waiting = list(found.values())
        while waiting:
            read = waiting.pop()
            for name in self._refs.get(read.name or "", ()):
                if (ANY, name) not in found:
                    found[ANY, name] = Access(ANY, name, read.place)
                    waiting.append(found[ANY, name])
        return tuple(found.values())

    def depends(self, at: int) -> list[int]:
        """The places of the items that the one at `at` needs, directly or through others, in their order.

        They are those that may have set what it reads before it ran; whether they did cannot be told from texts.
        """
        needed: set[int] = set()
        waiting = [at]
        while waiting:
            new = self._direct(waiting.pop()) - needed
            needed |= new
            waiting += new
        return sorted(needed - {at})

    def _direct(self, at: int) -> frozenset[int]:
        """The places of what may have set something that an item reads, itself included in a loop."""
        if at not in self._needs:
            before = self._before(at)
            found = [write for read in self.reads(at) for write in self._writers.meeting(read)]
            self._needs[at] = frozenset(place for place, _ in found if place in before)
        return self._needs[at]

    def conflicts(self, units: Sequence[Sequence[int]]) -> list[Conflict]:
        """Why units of items (by their places) cannot run beside each other: for each pair the first reason, if any.

        The same places twice ask about two iterations. Two units that only write the same are not a conflict, nor is a read
        of what the unit itself sets before, in an earlier item or phase or higher up in the same script: whether it does so
        each time cannot be told from texts.
        """
        found = []
        reads = [list(self.reads_of_unit(unit)) for unit in units]
        writes = [Writes((place, write) for place in unit for write in self.items[place].writes) for unit in units]
        for later in range(len(units)):
            for earlier in range(later):
                pairs = (
                    (read, write)
                    for read, nearest in reads[later]
                    for _, write in writes[earlier].meeting(read)
                    if rank(write.scope) < nearest
                )
                first = min(pairs, key=lambda pair: (pair[0].name is None) + (pair[1].name is None), default=None)
                if first is not None:
                    found.append(Conflict(earlier, later, first[1], first[0]))
        return found

    def reads_of_unit(self, unit: Sequence[int]) -> Iterator[tuple[Access, int]]:
        """The reads of a unit, each with the rank of the scope in which the unit itself sets the name before."""
        own = Writes((place, write) for place in unit for write in self.items[place].writes if write.name is not None)
        for place in unit:
            for read in self.reads(place):
                earlier = (
                    write for at, write in own.meeting(read) if at < place or (at == place and precedes(write, read))
                )
                nearest = min((rank(write.scope) for write in earlier), default=LAST)
                yield read, LAST if read.name is None else nearest

    def with_observed(self, observed: Mapping[str, tuple[Sequence[Access], Sequence[Access]]]) -> Flow:
        """The same with the reads and writes that a run showed, by the ids of the items."""
        items = []
        for item in self.items:
            reads, writes = observed.get(item.id, ((), ()))
            items.append(replace(item, reads=(*item.reads, *reads), writes=(*item.writes, *writes)))
        again = Flow(items, {})
        again._refs = self._refs
        return again

    def _before(self, at: int) -> set[int]:
        """The places of what may run before an item: all above it, and what a jump back repeats."""
        before = set(range(at))
        for first, last in self._loops:
            if first <= at <= last:
                before.update(range(first, last + 1))
        return before

    def _backward_jumps(self) -> Iterator[tuple[int, int]]:
        for place, item in enumerate(self.items):
            for name in item.jumps:
                targets = [at for at, one in enumerate(self.items) if name in (one.id, one.name)]
                first = 0 if name is None else min(targets, default=place)
                if first < place:
                    yield first, place


class Writes:
    """Writes with the places of their items, found by the name that is read."""

    def __init__(self, writes: Iterable[tuple[int, Access]]) -> None:
        self._all = list(writes)
        self._named: dict[str | None, list[tuple[int, Access]]] = {}
        for at, write in self._all:
            self._named.setdefault(write.name, []).append((at, write))

    def meeting(self, read: Access) -> Iterator[tuple[int, Access]]:
        """Those that a read may see, those of its own name first."""
        same = self._all if read.name is None else [*self._named.get(read.name, ()), *self._named.get(None, ())]
        return ((at, write) for at, write in same if meets(read, write))


def _with_runs(items: Sequence[ItemFlow]) -> Iterator[ItemFlow]:
    """Each item with the accesses of those that its scripts run; one that may be any may do anything."""
    for item in items:
        reads, writes, done = list(item.reads), list(item.writes), {item.id}
        waiting = list(item.runs)
        while waiting:
            name = waiting.pop()
            others = [one for one in items if name in (one.id, one.name) and one.id not in done]
            known = any(name in (one.id, one.name) for one in items)
            for other in others:
                done.add(other.id)
                reads += other.reads
                writes += other.writes
                waiting += other.runs
            if not known:
                place = Place(item.path, "pm.execution.runRequest")
                reads.append(Access(ANY, None, place))
                writes += [Access(scope, None, place) for scope in SCOPES]
        yield replace(item, reads=tuple(reads), writes=tuple(writes))


def flow_of(items: Sequence[PlannedItem], values: Mapping[str, Sequence[Json]], analyse: Analyse) -> Flow:
    """The flow of planned items; `values` are those of environment, globals, collection and data, by name."""
    scripts = Scripts((one.script.exec for item in items for row in item.scripts.values() for one in row), analyse)
    found = []
    for planned in items:
        path = "/".join((*planned.path, planned.item.name))
        rows = [(kind, one) for kind, row in planned.scripts.items() for one in row]
        parts = [scripts.flow_of(one.script.exec, path, f"{kind} script", one.owner) for kind, one in rows]
        reads = reads_of(planned.item.request, planned.auth, path)
        found.append(
            ItemFlow(
                name=planned.item.name,
                id=planned.item.id,
                path=path,
                reads=(*reads, *(read for part in parts for read in part.reads)),
                writes=tuple(write for part in parts for write in part.writes),
                jumps=tuple(jump for part in parts for jump in part.jumps),
                runs=tuple(run for part in parts for run in part.runs),
                ends=any(part.ends for part in parts),
            )
        )
    return Flow(found, values)
