"""Which items a run has, in order, and what each inherits from the folders above it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace

from runner.engine.selection import Leaf, Trail, leaves, path_of, select
from runner.model.collection import Collection, Folder, Item, Script, description_of
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.request import Auth
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.protocols.phases import Phase, Phases
from runner.protocols.table import phases_of

RETRY = r"(?<![\w@.])@retry[ \t]+(\d{1,4})\b"  # compiled when a description has it: a start needs no pattern


@dataclass(frozen=True, slots=True)
class PlannedScript:
    """A script to run for an item, with the name of the collection, folder or item that carries it."""

    owner: str
    script: Script


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedItem:
    """An item with everything it inherits.

    `path` has the names of its folders, `location` the same from the collection down to the item itself. `scripts` has
    those of each phase in running order: collection, folders, item (Postman runs all kinds outermost first); `listened`
    names the phases that have any. `variables` are those of its folders, outermost first. `retries` is how often it may be
    run again, if its description says so.
    """

    item: Item
    path: tuple[str, ...]
    location: tuple[str, ...]
    auth: Auth | None
    behavior: JsonObject
    phases: Phases
    scripts: Mapping[str, tuple[PlannedScript, ...]]
    listened: frozenset[str]
    variables: tuple[Variable, ...] = ()
    retries: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The items of one iteration, and how a name given to `setNextRequest` is found among them.

    `setup` and `teardown` are what is run once before and after all iterations, each a plan of its own, whose `part` is one
    of these two words. `whole` is the plan that this one is a shard of.
    """

    collection: Collection
    items: tuple[PlannedItem, ...]
    part: str = ""
    setup: Plan | None = None
    teardown: Plan | None = None
    whole: Plan | None = None
    _positions: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        by_name = {planned.item.name: n for n, planned in enumerate(self.items)}
        by_id = {planned.item.id: n for n, planned in reversed(list(enumerate(self.items)))}
        self._positions.update(by_name | by_id)

    @property
    def has_scripts(self) -> bool:
        """Whether any script at all will run."""
        return any(p.script.exec.strip() for i in self.items for scripts in i.scripts.values() for p in scripts)

    @property
    def left_to_others(self) -> bool:
        """Whether it is empty only because its items are in other shards."""
        return not self.items and self.whole is not None and bool(self.whole.items)

    @property
    def parts(self) -> tuple[Plan, ...]:
        """The setup, this plan itself and the teardown, in the order in which they run."""
        return tuple(part for part in (self.setup, self, self.teardown) if part is not None)

    @property
    def kinds(self) -> set[str]:
        """The kinds of the items that may run."""
        return {planned.item.kind for planned in self.reachable()}

    @property
    def behaviors(self) -> list[tuple[str, JsonObject]]:
        """Path and inherited behavior of each item that may run, those of setup and teardown included."""
        items = [planned for part in self.parts for planned in part.reachable()]
        return [("/".join((*planned.path, planned.item.name)), planned.behavior) for planned in items]

    def reachable(self) -> tuple[PlannedItem, ...]:
        """The items that may run: any of the collection where a script calls `pm.execution.runRequest`."""
        texts = (p.script.exec for i in self.items for scripts in i.scripts.values() for p in scripts)
        return make_plan(self.collection).items if any("runRequest" in text for text in texts) else self.items

    def position_of(self, name_or_id: str) -> int | None:
        """The position of an item: by id, else by name, where the last one of that name wins (Postman)."""
        return self._positions.get(name_or_id)


def make_plan(collection: Collection, options: RunOptions | None = None) -> Plan:
    """Plan the whole collection, or what the options select of it; raises `SelectionError` and `UsageError`."""
    selected = select(collection, options or RunOptions())
    return Plan(
        collection,
        tuple(_plan_item(collection, *leaf) for leaf in selected.items),
        setup=_plan_part(collection, selected.setup, "setup"),
        teardown=_plan_part(collection, selected.teardown, "teardown"),
    )


def _plan_part(collection: Collection, chosen: tuple[Leaf, ...], part: str) -> Plan | None:
    """The plan of a setup or teardown; the path of its items says so, and with it every report."""
    items = (_plan_item(collection, *leaf) for leaf in chosen)
    return Plan(collection, tuple(replace(item, path=(part, *item.path)) for item in items), part) if chosen else None


def find_item(collection: Collection, name_or_id: str) -> PlannedItem | None:
    """One item anywhere in the collection, planned with all it inherits."""
    entries = list(leaves((), collection.items))
    found = next((p for p in entries if p[1].id == name_or_id), None)
    found = found or next((p for p in reversed(entries) if p[1].name == name_or_id), None)
    return _plan_item(collection, *found) if found else None


def _plan_item(collection: Collection, trail: Trail, item: Item) -> PlannedItem:
    owners: tuple[Collection | Folder | Item, ...] = (collection, *trail, item)
    auths = (item.request.auth, *(f.auth for f in reversed(trail)), collection.auth)
    behavior: JsonObject = {}
    for owner in owners:
        behavior.update(owner.protocol_profile_behavior)
    path = tuple(folder.name for folder in trail)
    phases = phases_of(item.kind, path_of(trail, item))
    scripts = {phase.listen: _scripts(owners, phase) for phase in phases}
    return PlannedItem(
        item=item,
        path=path,
        location=(collection.name, *path, item.name),
        auth=next((auth for auth in auths if auth is not None), None),
        behavior=behavior,
        phases=phases,
        scripts=scripts,
        listened=frozenset(listen for listen, found in scripts.items() if found),
        variables=tuple(variable for folder in trail for variable in folder.variables),
        retries=retries_said(description_of(item)),
    )


def retries_said(description: str) -> int | None:
    """What `@retry N` in a description says; None if it says nothing."""
    found = re.search(RETRY, description) if "@retry" in description else None
    return int(found[1]) if found else None


def _scripts(owners: tuple[Collection | Folder | Item, ...], phase: Phase) -> tuple[PlannedScript, ...]:
    return tuple(
        PlannedScript(owner.name, event.script)
        for owner in owners
        for event in owner.events
        if event.listen == (phase.listen if isinstance(owner, Item) else phase.inherited or phase.listen)
        and not event.disabled
    )
