"""Finds the examples whose path may fit that of a call, without looking at the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.mock.examples import Example
from runner.mock.matching.paths import ID, IDS, SLASH, Fit, Pattern, Segments, is_id, without_slash

Entry = tuple[Example, Pattern]


class Node:
    """Examples whose paths begin alike: by the next segment in lower case, and by a wildcard in its place."""

    __slots__ = ("entries", "named", "wild")

    def __init__(self) -> None:
        self.named: dict[str, Node] = {}
        self.wild: Node | None = None
        self.entries: list[Entry] = []


class Index:
    """The examples of one or more collections, by method and path."""

    def __init__(self, examples: Iterable[Example], *, wildcards: bool = True) -> None:
        self._wildcards = wildcards
        self.by_method: dict[str, list[Example]] = {}
        self._by_path: dict[tuple[str, Segments], list[Entry]] = {}
        self._wild: dict[str, Node] = {}
        for example in examples:
            self.by_method.setdefault(example.method, []).append(example)
            for pattern in example.patterns:
                for key in {*_keys(pattern.segments)}:
                    self._by_path.setdefault((example.method, key), []).append((example, pattern))
                if wildcards and pattern.wildcards:
                    self._add_wild(example, pattern)

    def _add_wild(self, example: Example, pattern: Pattern) -> None:
        node = self._wild.setdefault(example.method, Node())
        for at, segment in enumerate(without_slash(pattern.segments)):
            if at in pattern.wildcards:
                node.wild = node.wild or Node()
                node = node.wild
            else:
                node = node.named.setdefault(segment.lower(), Node())
        node.entries.append((example, pattern))

    def fitting(self, method: str, path: Segments) -> Iterator[tuple[int, Iterator[tuple[Example, Fit]]]]:
        """The examples of a method that fit a path, in groups, each with what all of it lose at least.

        The paths of a group are not compared before it is gone through.
        An example that fits in several ways is in the first group that it fits, with its best way there.
        """
        seen: set[int] = set()
        exact, near, far = _keys(path)
        yield 0, self._fits(self._by_path.get((method, exact), ()), path, seen)
        if near != exact:
            yield SLASH, self._fits(self._by_path.get((method, near), ()), path, seen)
        entries = [*(self._by_path.get((method, far), ()) if far != near else ()), *self._through_wildcards(method, path)]
        yield IDS, self._fits(entries, path, seen)

    def _fits(self, entries: Iterable[Entry], path: Segments, seen: set[int]) -> Iterator[tuple[Example, Fit]]:
        best: dict[int, tuple[Example, Fit]] = {}
        for example, pattern in entries:
            order = example.order
            if order in seen:
                continue
            fit = pattern.fit(path, wildcards=self._wildcards)
            if fit is not None and (order not in best or fit.lost < best[order][1].lost):
                best[order] = example, fit
        seen.update(best)
        yield from best.values()

    def methods_at(self, path: Segments) -> list[str]:
        """The methods that have an example which fits a path."""
        return sorted(
            method for method in self.by_method if any(True for _, found in self.fitting(method, path) for _ in found)
        )

    def _through_wildcards(self, method: str, path: Segments) -> Iterator[Entry]:
        start = self._wild.get(method)
        nodes = [start] if start is not None else []
        for segment in without_slash(path):
            following = []
            for node in nodes:
                named = node.named.get(segment.lower())
                following += [one for one in (named, node.wild) if one is not None]
            nodes = following
        for node in nodes:
            yield from node.entries


def _keys(segments: Segments) -> tuple[Segments, Segments, Segments]:
    """What a path is found by: itself, without case and slash at the end, and without ids, too."""
    lower = tuple([segment.lower() for segment in without_slash(segments)])
    return segments, lower, tuple([ID if is_id(segment) else segment for segment in lower])
