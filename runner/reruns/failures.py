"""Requests that failed in an earlier run, by keys that are the same in every run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runner.engine.selection import leaves
from runner.model.collection import Collection, Item
from runner.model.quick_dataclass import dataclass

Key = tuple[str, ...]
"""Identifies a request, or a whole collection if no request can be named."""

Path = tuple[str, ...]
"""The names of a request's folders and its own."""


@dataclass(frozen=True, slots=True)
class Failures:
    """What failed according to `source`: keys with a text for messages.

    `key_of` returns the key of a request with its path as this source writes it; for None, that of the whole collection.
    """

    source: str
    failed: Mapping[Key, str]
    key_of: Callable[[Collection, Path, Item | None], Key]


def paths_in(collection: Collection) -> set[Path]:
    """The paths of all requests of a collection."""
    return {(*(folder.name for folder in trail), item.name) for trail, item in leaves((), collection.items)}


def plain_path(path: Path, known: set[Path]) -> Path:
    """A path without a leading `setup` or `teardown`, unless a folder has that name."""
    return path if path in known or path[:1] not in (("setup",), ("teardown",)) else path[1:]
