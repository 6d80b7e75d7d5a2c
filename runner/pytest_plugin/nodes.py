"""The nodes that pytest collects: a collection, its folders, and its requests, one for each iteration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pytest

from runner.engine.plan import Plan, PlannedItem
from runner.errors import PostrunnerError
from runner.loading import load_inputs, load_plans
from runner.model.quick_dataclass import dataclass
from runner.pytest_plugin.chains import Chains
from runner.pytest_plugin.items import RequestItem, WholeItem, check_teardown
from runner.pytest_plugin.names import ids_of, is_mark, node_name, register_marks, tags_by_item
from runner.pytest_plugin.settings import HAS_SUBTESTS, chain_mode, options_of, wants_subtests
from runner.pytest_plugin.shown import said
from runner.reporters.text import one_line
from runner.rules.tags import tags_in

ItemT = TypeVar("ItemT", bound=pytest.Item)
Nodes = Iterator[pytest.Item | pytest.Collector]


@dataclass(frozen=True, slots=True)
class Place:
    """A request of the collection: its position in the run, and the tags of all that is around it."""

    position: int
    planned: PlannedItem
    tags: tuple[str, ...]


class CollectionFile(pytest.Module):
    """A collection. It is a module for pytest, so that fixtures of that scope and shuffling by module work.

    `source` is what is run, if that is not the file itself but a folder.
    """

    def __init__(self, source: Path | None = None, **given: Any) -> None:
        super().__init__(**given)
        self.source = source or self.path
        self.obj = ModuleType(self.path.name)
        self.chains: Chains | None = None

    def collect(self) -> Nodes:
        """Make the nodes of everything that the options select; raises `CollectError`."""
        try:
            options = options_of(self.config, self.source, {})
            mode, subtests = chain_mode(self.config), wants_subtests(self.config)
            (plan,) = load_plans([self.source], options)
            inputs = load_inputs(plan, options)
        except PostrunnerError as error:
            raise self.CollectError(said(error)) from None
        self.chains = Chains(self.config, self.source, plan.collection, alone=mode == "none")
        ids = ids_of(inputs.rows, inputs.cycles(options.iteration_count))
        if mode == "file":
            return self._whole(plan, ids)
        tags = tags_by_item(plan.collection)
        places = [Place(n, planned, tags[id(planned.item)]) for n, planned in enumerate(plan.items)]
        register_marks(self.config, {tag for place in places for tag in place.tags})
        return nodes_in(self, Maker(self.chains, ids, subtests), places, 0)

    def _whole(self, plan: Plan, ids: Sequence[str]) -> Nodes:
        """The collection as one item, if there is anything in it to run."""
        assert self.chains is not None
        spots = [
            ((iteration, position), one_line("/".join((*planned.path, planned.item.name))) + id)
            for iteration, id in enumerate(ids)
            for position, planned in enumerate(plan.items)
        ]
        if spots:
            name, tags = node_name(plan.collection.name), tags_in((plan.collection,))
            register_marks(self.config, set(tags))
            item = WholeItem.from_parent(
                self, name=name, chains=self.chains, spots=spots, place_of=lambda: (self.path, 1), subtests=HAS_SUBTESTS
            )
            yield marked(item, tags)

    def teardown(self) -> None:
        """End the run when pytest leaves the collection; what failed in its teardown is an error."""
        if self.chains is not None:
            check_teardown(self.chains.end())


@dataclass(frozen=True, slots=True)
class Maker:
    """What all items of a collection are made of: their run, and what stands behind a name in each iteration."""

    chains: Chains
    ids: Sequence[str]
    subtests: bool

    def items(self, parent: pytest.Collector, place: Place, name: str) -> Iterator[RequestItem]:
        """The items of one request, one for each iteration."""
        place_of = partial(self.chains.place_of, place.planned.item)
        for iteration, id in enumerate(self.ids):
            spot = (iteration, place.position)
            item = RequestItem.from_parent(
                parent, name=name + id, chains=self.chains, spot=spot, place_of=place_of, subtests=self.subtests
            )
            yield marked(item, place.tags)


class FolderNode(pytest.Collector):
    """A folder of a collection."""

    def __init__(self, maker: Maker, places: Sequence[Place], depth: int, **given: Any) -> None:
        super().__init__(**given)
        self._maker, self._places, self._depth = maker, places, depth

    def collect(self) -> Nodes:
        """Make the nodes of what is inside."""
        return nodes_in(self, self._maker, self._places, self._depth)


def nodes_in(parent: pytest.Collector, maker: Maker, places: Sequence[Place], depth: int) -> Nodes:
    """The folders and requests directly below a node, in the order of the collection; each name is there once."""
    folders: dict[str, list[Place]] = {}
    for place in places:
        if len(place.planned.path) > depth:
            folders.setdefault(node_name(place.planned.path[depth]), []).append(place)
    used: Counter[str] = Counter(folders)
    made: set[str] = set()
    for place in places:
        if len(place.planned.path) > depth:
            name = node_name(place.planned.path[depth])
            if name not in made:
                made.add(name)
                yield FolderNode.from_parent(parent, name=name, maker=maker, places=folders[name], depth=depth + 1)
            continue
        name = node_name(place.planned.item.name)
        used[name] += 1
        yield from maker.items(parent, place, f"{name} ({used[name]})" if used[name] > 1 else name)


def marked(item: ItemT, tags: Sequence[str]) -> ItemT:
    """The item with the marks of its tags; with `--dist loadgroup` all of a collection are a group."""
    if item.config.getoption("loadgroup", False):
        item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    for tag in tags:
        if is_mark(item.config, tag):
            item.add_marker(tag)
    return item
