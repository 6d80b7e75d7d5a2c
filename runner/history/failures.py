"""Requests that failed in an earlier run, by keys that are the same in every run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from runner.engine.selection import leaves
from runner.model.collection import Collection, Item
from runner.model.quick_dataclass import dataclass

Key = tuple[str, ...]
"""Identifies a request, or a whole collection if no request can be named."""

Path = tuple[str, ...]
"""The names of a request's folders and its own."""


Rounds = frozenset[int] | None
"""The iterations, from 0, in which a request failed; None if that is not known, or there is only one."""


@dataclass(frozen=True, slots=True)
class Failures:
    """What failed, as `source` says: the keys with the iterations.

    `key_of` returns the key of a request with its path as this source writes it; for None, that of the whole collection.
    """

    source: str
    failed: Mapping[Key, Rounds]
    key_of: Callable[[Collection, Path, Item | None], Key]


def paths_in(collection: Collection) -> set[Path]:
    """The paths of all requests of a collection."""
    return {(*(folder.name for folder in trail), item.name) for trail, item in leaves((), collection.items)}


def plain_path(path: Path, known: set[Path]) -> Path:
    """A path without a leading `setup` or `teardown`, unless a folder has that name."""
    return path if path in known or path[:1] not in (("setup",), ("teardown",)) else path[1:]


def by_key(failed: Iterable[tuple[Key, int | None]]) -> dict[Key, Rounds]:
    """The iterations of each key, in the order of the keys; None stands for all."""
    found: dict[Key, set[int]] = {}
    every = set[Key]()
    for key, iteration in failed:
        rounds = found.setdefault(key, set())
        if iteration is None:
            every.add(key)
        else:
            rounds.add(iteration)
    return {key: None if key in every else frozenset(rounds) for key, rounds in found.items()}


def shown(key: Key) -> str:
    """What messages call a key: the path without the collection, or the collection as a whole."""
    return "/".join(key[1:]) or key[0]
