"""Which run the items of one collection belong to: one that goes on from item to item, or one for each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runner.engine.selection import leaves
from runner.formats.postman import script_places
from runner.formats.postman.v2 import KEPT
from runner.formats.reading import read_text
from runner.options.values import script_memory_mb
from runner.pytest_plugin.chain import Chain, Spot
from runner.pytest_plugin.settings import options_of_items
from runner.sandbox.child import DEFAULT_MEMORY_MB
from runner.sandbox.worlds import World, Worlds

if TYPE_CHECKING:
    from runner.api import AnyTransport
    from runner.model.collection import Collection, Item

Place = tuple[Path, int]
"""A file and a line in it, from 1."""


class Chains:
    """The run of one collection that is under way, and what its items need to know of the collection.

    `alone` makes a run of its own for each item. `selected` are the spots of the items in this session: each of them tells
    its failures itself.
    """

    def __init__(self, config: pytest.Config, path: Path, collection: Collection, *, alone: bool) -> None:
        self.config = config
        self.path = path
        self.collection = collection
        self.alone = alone
        self.selected: frozenset[Spot] = frozenset()
        self._now: Chain | None = None
        self._of: tuple[Mapping[str, object], AnyTransport | None] = ({}, None)
        self._lines: dict[str, int] | None = None  # of a file in JSON
        self._worlds: Worlds | None = None
        self._spare: World | None = None

    def chain_for(self, spot: Spot, environment: Mapping[str, object], transport: AnyTransport | None) -> Chain:
        """The run that this spot belongs to: the one that goes on, or a new one if that cannot give it any more.

        A new one begins when an item runs again, when a fixture gives another environment or transport, and for each item
        if they are independent.
        """
        of = (dict(environment), transport)
        if self._now is not None and (self.alone or self._of != of or self._now.was_asked(spot)):
            self.close()
        if self._now is None:
            self._of = of
            options = options_of_items(self.config, self.path, environment)
            alone, child = (spot, self._world(options.script_memory)) if self.alone else (None, None)
            self._now = Chain(self.collection, options, transport, alone=alone, child=child)
        return self._now

    def close(self) -> Chain | None:
        """End the run that is under way; gives what came of it."""
        chain, self._now = self._now, None
        if chain is not None:
            chain.close()
        return chain

    def end(self) -> Chain | None:
        """End the run and all that several runs share."""
        try:
            return self.close()
        finally:
            if self._spare is not None:
                self._spare.close()
                self._spare = None

    def place_of(self, item: Item) -> Place:
        """The file of a request and the line, from 1, on which it begins; 1 if the file does not tell."""
        if self.path.is_dir():
            return self.path / item.source[KEPT]["file"], 1
        if self._lines is None:
            places = [script_places.Spot(found.id) for _, found in leaves((), self.collection.items)]
            known = script_places.spot_lines(read_text(str(self.path)), self.collection, places)
            self._lines = {place.item: line for place, line in known.items()}
        return self.path, self._lines.get(item.id, 1)

    def _world(self, memory: str | int | None) -> World:
        """A script world in a child process that all runs of the collection share."""
        if self._worlds is None or self._spare is None:
            self._worlds = Worlds(DEFAULT_MEMORY_MB if memory is None else script_memory_mb(memory))
            self._spare = self._worlds.lease()  # keeps the process from ending between two runs
        return self._worlds.lease()
