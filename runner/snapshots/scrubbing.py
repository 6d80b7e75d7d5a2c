"""A response with placeholders for what varies: the same from run to run as long as nothing else changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from runner.deep_json import pieces, rebuilt
from runner.model.json import Json
from runner.snapshots.scrubbers import found_in, found_number, placeholder

IGNORED = "<ignored>"
"""In the place of a value that a rule ignores."""

LEVELS = 6
"""So deep are values looked into to bring them into an order."""

Numbers = Mapping[tuple[str, str], int]
"""Kind and value → the number of the placeholder."""


class Spot(NamedTuple):
    """What the rules say of a value, and the key that it has."""

    rules: Any
    exact: Any
    name: str


def stable_text(value: Json) -> str:
    """A value as JSON whose members are sorted, in one line."""
    return "".join(pieces(value, separators=(", ", ": "), keys=sorted))


class Scrubber:
    """Scrubs the parts of one response: `values` counts what varies in all of them."""

    def __init__(self) -> None:
        self._often: Counter[tuple[str, str]] = Counter()

    def count(self, tree: Json, spot: Spot) -> None:
        """Take in what varies in a part."""

        def step(value: Any, about: Spot) -> tuple[Any, Iterable[tuple[object, object]]]:
            for key in _varying(value, about):
                self._often[key] += 1
            return _copied(value), _inner(value, about)

        rebuilt(tree, step, spot)

    def numbers(self) -> dict[tuple[str, str], int]:
        """A number for each value that is there more than once, by its kind, in the order in which they come."""
        last: Counter[str] = Counter()
        found = {}
        for key, often in self._often.items():
            if often > 1:
                last[key[0]] += 1
                found[key] = last[key[0]]
        return found


def ignoring(tree: Json, spot: Spot) -> Json:
    """A tree without what the rules ignore."""

    def step(value: Any, about: Spot) -> tuple[Any, Iterable[tuple[object, object]]]:
        return (IGNORED, ()) if about.rules.ignored else (_copied(value), _inner(value, about))

    found: Json = rebuilt(tree, step, spot)
    return found


def scrubbed(tree: Json, spot: Spot, numbers: Numbers) -> Json:
    """A tree with placeholders; keys of objects get them, too, and members whose keys vary are sorted by their values."""

    def step(value: Any, about: Spot) -> tuple[Any, Iterable[tuple[object, object]]]:
        if isinstance(value, dict) and not about.exact.ignored:
            value, spots = _with_stable_keys(value, about)
            return value, spots
        return _scrubbed_leaf(value, about, numbers), _inner(value, about)

    found: Json = rebuilt(tree, step, spot)
    return found


def sorted_arrays(tree: Json, spot: Spot) -> Json:
    """A tree whose arrays without an order are sorted by what does not vary in their entries."""
    waiting: list[tuple[Any, Spot]] = [(tree, spot)]
    arrays = []
    while waiting:
        value, about = waiting.pop()
        if isinstance(value, list) and about.rules.unordered:
            arrays.append((value, about))
        waiting += [(value[key], below) for key, below in _inner(value, about)]
    for array, about in reversed(arrays):
        below = _below(about, 0)
        array.sort(key=lambda entry: _order(entry, below))
    return tree


def _with_stable_keys(tree: dict[str, Any], about: Spot) -> tuple[dict[str, Any], list[tuple[object, object]]]:
    named: dict[str, list[str]] = {}
    for key in sorted(tree):
        named.setdefault(_scrubbed_text(key, "", {}), []).append(key)
    found: dict[str, Any] = {}
    spots: list[tuple[object, object]] = []
    for name, keys in named.items():
        if len(keys) > 1:
            keys.sort(key=lambda key: _order(tree[key], _below(about, key)))
        for number, key in enumerate(keys, 1):
            shown = name if number == 1 else f"{name} {number}"
            found[shown] = tree[key]
            spots.append((shown, _below(about, key)))
    return found, spots[::-1]


def _order(tree: Any, about: Spot) -> list[str]:
    """What sorts values whose place says nothing: the leaves of the first levels with their paths, without what varies.

    What differs further down only leaves them in the order in which they came.
    """
    lines: list[str] = []
    waiting = [(tree, about, "", 0)]
    while waiting:
        value, here, path, depth = waiting.pop()
        if not isinstance(value, dict | list):
            lines.append(f"{path}={stable_text(_scrubbed_leaf(value, here, {}))}")
        elif depth == LEVELS or not value:
            lines.append(f"{path}:{type(value).__name__} {len(value)}")
        else:
            for key, below in _inner(value, here):
                step = key if isinstance(key, int) or here.exact.ignored else _scrubbed_text(key, "", {})
                waiting.append((value[key], below, f"{path}\0{step}", depth + 1))
    return sorted(lines)


def _varying(value: Any, about: Spot) -> list[tuple[str, str]]:
    if about.exact.ignored:
        return []
    if isinstance(value, str):
        return [(found.kind, found.value) for found in found_in(value, about.name)]
    if isinstance(value, int | float) and not isinstance(value, bool):
        kind = found_number(value, about.name)
        return [(kind, repr(value))] if kind else []
    return []


def _scrubbed_leaf(value: Any, about: Spot, numbers: Numbers) -> Any:
    if isinstance(value, str):
        return value if about.exact.ignored else _scrubbed_text(value, about.name, numbers)
    found = _varying(value, about)
    return placeholder(found[0][0], numbers.get(found[0], 0)) if found else _copied(value)


def _scrubbed_text(text: str, name: str, numbers: Numbers) -> str:
    parts, done = [], 0
    for found in found_in(text, name):
        parts += [text[done : found.start], placeholder(found.kind, numbers.get((found.kind, found.value), 0))]
        done = found.end
    return "".join([*parts, text[done:]]) if parts else text


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, dict | list) else value


def _inner(value: Any, about: Spot) -> list[tuple[Any, Spot]]:
    """The entries of a value with what the rules say of them, the last first: `rebuilt` takes them from the end."""
    if isinstance(value, dict):
        return [(key, _below(about, key)) for key in sorted(value, reverse=True)]
    if isinstance(value, list):
        return [(at, _below(about, at)) for at in range(len(value) - 1, -1, -1)]
    return []


def _below(about: Spot, key: str | int) -> Spot:
    """An entry of an array has the name of the array."""
    exact = about.exact if about.exact.ignored else about.exact.down(key)
    return Spot(about.rules.down(key), exact, key if isinstance(key, str) else about.name)
