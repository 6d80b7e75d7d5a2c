"""The names by which CI servers recognise a test: `classname` and `name` together are unique and the same in every run.

GitLab, Jenkins and GitHub's reporters take two cases with the same pair for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runner.model.collection import Collection, Folder, Item
from runner.reporters.junit.xml import token

Path = tuple[str, ...]


class ClassNames:
    """The class name of each item: the names of the collection, its folders and the item, joined by dots.

    Items with equal names are numbered in the order of the collection, no matter which of them run, how often and in
    which order.
    """

    def __init__(self) -> None:
        self._counted = Counted()
        self._names: dict[int, tuple[str, str]] = {}

    def add(self, collection: Collection) -> None:
        """Name the items of one more collection of the run."""
        paths = list(self._paths((collection.name,), collection.items))
        plain = [self._joined(path) for path, _ in paths]
        pairs = zip(paths, plain, self._counted.unique(plain), strict=True)
        self._names |= {id(item): (name, name[len(before) :]) for (_, item), before, name in pairs}

    def of(self, item: Item, path: Path) -> tuple[str, str]:
        """The class name of an item, and the counter at its end, if it has one."""
        return self._names.get(id(item)) or (self._joined(path), "")

    def _joined(self, path: Path) -> str:
        return ".".join(map(token, path))

    def _paths(self, path: Path, entries: Iterable[Folder | Item]) -> Iterable[tuple[Path, Item]]:
        for entry in entries:
            if isinstance(entry, Folder):
                yield from self._paths((*path, entry.name), entry.items)
            else:
                yield (*path, entry.name), entry


class Counted:
    """Makes names unique: the second of equal names becomes `name (2)`, unless that is taken."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}

    def unique(self, names: Sequence[str]) -> list[str]:
        """These names, each different from the others and from all before."""
        own, found = set(names), []
        for name in names:
            chosen = name
            while chosen in self._taken or (chosen in own and chosen != name):
                self._counts[name] = self._counts.get(name, 1) + 1
                chosen = f"{name} ({self._counts[name]})"
            self._taken.add(chosen)
            found.append(chosen)
        return found
