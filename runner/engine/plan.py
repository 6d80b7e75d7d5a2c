"""Which items a run has, in order, and what each inherits from the folders above it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import field

from runner.errors import SelectionError
from runner.model.collection import Collection, Folder, Item, Script
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.request import Auth
from runner.protocols.table import phases_of


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
    names the phases that have any.
    """

    item: Item
    path: tuple[str, ...]
    location: tuple[str, ...]
    auth: Auth | None
    behavior: JsonObject
    scripts: Mapping[str, tuple[PlannedScript, ...]]
    listened: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """The items of one iteration, and how a name given to `setNextRequest` is found among them."""

    collection: Collection
    items: tuple[PlannedItem, ...]
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
    def kinds(self) -> set[str]:
        """The kinds of the items that may run."""
        return {planned.item.kind for planned in self.reachable()}

    @property
    def behaviors(self) -> list[tuple[str, JsonObject]]:
        """Path and inherited behavior of each item that may run."""
        return [("/".join((*planned.path, planned.item.name)), planned.behavior) for planned in self.reachable()]

    def reachable(self) -> tuple[PlannedItem, ...]:
        """The items that may run: any of the collection where a script calls `pm.execution.runRequest`."""
        texts = (p.script.exec for i in self.items for scripts in i.scripts.values() for p in scripts)
        return make_plan(self.collection).items if any("runRequest" in text for text in texts) else self.items

    def position_of(self, name_or_id: str) -> int | None:
        """The position of an item: by id, else by name, where the last one of that name wins (Postman)."""
        return self._positions.get(name_or_id)


def make_plan(collection: Collection, selection: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> Plan:
    """Plan the whole collection, or only the folders and requests that `selection` names, without those of `exclude`.

    An entry is named by its id, its name or its path (`Folder/Sub/Request`). One that is selected is looked up
    breadth-first; several run in the order of the collection, each once. An excluded name leaves out every entry it fits.
    Raises `SelectionError` when a name fits nothing.
    """
    wanted = {id(_find(collection, name)[1]) for name in selection}
    left_out = {id(entry) for name in exclude for entry in _find_all(collection, name)}
    items = []
    for trail, item in _leaves((), collection.items):
        line = {id(entry) for entry in (*trail, item)}
        if (not selection or line & wanted) and not line & left_out:
            items.append(_plan_item(collection, trail, item))
    return Plan(collection, tuple(items))


Trail = tuple[Folder, ...]
Located = tuple[Trail, Folder | Item]


def find_item(collection: Collection, name_or_id: str) -> PlannedItem | None:
    """One item anywhere in the collection, planned with all it inherits."""
    entries = list(_leaves((), collection.items))
    found = next((p for p in entries if p[1].id == name_or_id), None)
    found = found or next((p for p in reversed(entries) if p[1].name == name_or_id), None)
    return _plan_item(collection, *found) if found else None


def _find(collection: Collection, name: str) -> Located:
    """The entry that a name stands for: an id or name wins over a path. Raises `SelectionError`."""
    entries = list(_all_located(collection))
    found = next((p for p in entries if name in (p[1].id, p[1].name)), None)
    found = found or next((p for p in entries if name.strip("/") == path_of(*p)), None)
    if found is None:
        raise _unknown(collection, name)
    return found


def _find_all(collection: Collection, name: str) -> list[Folder | Item]:
    """Every entry that an excluded name fits; raises `SelectionError` when there is none."""
    entries = list(_all_located(collection))
    found = [entry for _, entry in entries if name in (entry.id, entry.name)]
    found = found or [entry for trail, entry in entries if name.strip("/") == path_of(trail, entry)]
    if not found:
        raise _unknown(collection, name)
    return found


def path_of(trail: Trail, entry: Folder | Item) -> str:
    """The path of an entry: the names from the top down, joined by slashes."""
    return "/".join(part.name for part in (*trail, entry))


def _all_located(collection: Collection) -> Iterator[Located]:
    """Every folder and item with the folders around it, breadth-first."""
    queue: deque[tuple[Trail, tuple[Folder | Item, ...]]] = deque([((), collection.items)])
    while queue:
        trail, entries = queue.popleft()
        for entry in entries:
            yield trail, entry
        queue.extend(((*trail, entry), entry.items) for entry in entries if isinstance(entry, Folder))


def _unknown(collection: Collection, name: str) -> SelectionError:
    paths = [path_of(*located) for located in _all_located(collection)]
    near = next((path for path in paths if path.rpartition("/")[2].lower() == name.strip().lower()), None)
    known = ", ".join(repr(path) for path in paths[:12])
    hint = f"did you mean {near!r}?" if near else f"the collection has {known}" if known else "the collection is empty"
    return SelectionError(f'unable to find a folder or request named "{name}"', where=collection.name, hint=hint)


def _leaves(trail: Trail, entries: tuple[Folder | Item, ...]) -> Iterator[tuple[Trail, Item]]:
    for entry in entries:
        if isinstance(entry, Folder):
            yield from _leaves((*trail, entry), entry.items)
        else:
            yield trail, entry


def _plan_item(collection: Collection, trail: Trail, item: Item) -> PlannedItem:
    owners: tuple[Collection | Folder | Item, ...] = (collection, *trail, item)
    auths = (item.request.auth, *(f.auth for f in reversed(trail)), collection.auth)
    behavior: JsonObject = {}
    for owner in owners:
        behavior.update(owner.protocol_profile_behavior)
    path = tuple(folder.name for folder in trail)
    phases = phases_of(item.kind, path_of(trail, item))
    scripts = {phase.listen: _scripts(owners, phase.listen) for phase in phases}
    return PlannedItem(
        item=item,
        path=path,
        location=(collection.name, *path, item.name),
        auth=next((auth for auth in auths if auth is not None), None),
        behavior=behavior,
        scripts=scripts,
        listened=frozenset(listen for listen, found in scripts.items() if found),
    )


def _scripts(owners: tuple[Collection | Folder | Item, ...], listen: str) -> tuple[PlannedScript, ...]:
    return tuple(
        PlannedScript(owner.name, event.script)
        for owner in owners
        for event in owner.events
        if event.listen == listen and not event.disabled
    )
