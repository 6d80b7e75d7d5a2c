"""What a run is a part of: the plan of the whole, and which shard of it this is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from runner.engine.selection import leaves
from runner.model.collection import Collection, Item
from runner.model.quick_dataclass import dataclass


def requests_of(collection: Collection) -> list[Item]:
    """All requests of a collection, whose places in this list stand for them."""
    return [item for _, item in leaves((), collection.items)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeCollection:
    """A collection of the whole run, called `unit` in this one.

    `key` follows from all that is planned of it. `items` are the places of what the whole runs in each iteration among all
    requests of the collection, in order; `own` those of this shard, and `iterations` its iterations if it has not all;
    `path` is its file or folder below the current folder.
    """

    unit: str
    key: str
    items: tuple[int, ...]
    own: tuple[int, ...]
    iterations: tuple[int, ...] | None = None
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The whole run. `narrowed`: an earlier run tells what is run of it, so that not all of it is in any shard."""

    collections: Sequence[WholeCollection]
    index: int = 1
    count: int = 1
    sharded: bool = False
    narrowed: bool = False

    @property
    def plan(self) -> str:
        """What two runs have in common that are parts of the same whole, in whatever order it is run."""
        return hashlib.sha256("\n".join(sorted(one.key for one in self.collections)).encode()).hexdigest()
