"""Which elements of two arrays are compared with one another.

Equal elements belong together, then objects with the same key, then, in arrays with an order, what stands in the same
gap between them, and without one what is most alike. Elements that are paired badly make more differences, never fewer.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from runner.comparison.alignment import Pairs, matches, rising
from runner.comparison.forms import entries_of
from runner.comparison.rules import State, Tolerance

KEYS = ("id", "_id", "uuid", "key", "name")
"""Members that tell objects apart if all of an array have one, each another; where no rule names one."""

At = TypeVar("At")

COMMON = 50
"""A part that more elements have than this says nothing about which of them belong together."""


class Element(NamedTuple):
    """An element that is not ignored: its index, its value, its number as `Forms` has it, and what the rules say of it."""

    at: int
    value: object
    form: int
    state: State


class Paired(NamedTuple):
    """Pairs of indices into both lists of elements, by the left one; which of them changed places; and what is over."""

    pairs: Pairs
    moved: frozenset[int]
    left: Sequence[int]
    right: Sequence[int]


class _Rest:
    """The elements that have no partner yet."""

    def __init__(self, left: Sequence[Element], right: Sequence[Element]) -> None:
        self.sides = left, right
        self.left = dict.fromkeys(range(len(left)))
        self.right = dict.fromkeys(range(len(right)))
        self.pairs: Pairs = []

    def take(self, pairs: Iterable[tuple[int, int]]) -> None:
        for one, other in pairs:
            del self.left[one], self.right[other]
            self.pairs.append((one, other))

    def take_equal(self, left: Mapping[int, Hashable], right: Mapping[int, Hashable]) -> None:
        """Pair what has the same value in both, in their order."""
        places: dict[Hashable, deque[int]] = defaultdict(deque)
        for at, value in right.items():
            places[value].append(at)
        self.take([(at, places[value].popleft()) for at, value in left.items() if places.get(value)])

    def take_forms(self) -> None:
        one, other = self.sides
        self.take_equal({at: one[at].form for at in self.left}, {at: other[at].form for at in self.right})

    def take_keys(self, key: str) -> None:
        """Pair objects by this member, else by one that tells all of them apart."""
        for name in (key,) if key else KEYS:
            left, right = self._members(self.left, 0, name), self._members(self.right, 1, name)
            if key or (left and right and _tells_apart(left, self.left) and _tells_apart(right, self.right)):
                self.take_equal(left, right)
                return

    def _members(self, places: Iterable[int], side: int, name: str) -> dict[int, Hashable]:
        found: dict[int, Hashable] = {}
        for at in places:
            value = self.sides[side][at].value
            member = value.get(name) if isinstance(value, dict) else None
            if isinstance(member, str | int | float):
                found[at] = (isinstance(member, bool), member)
        return found


def _tells_apart(members: Mapping[int, Hashable], places: Mapping[int, None]) -> bool:
    return len(members) == len(places) == len(set(members.values()))


def paired(left: Sequence[Element], right: Sequence[Element], state: State) -> Paired:
    """The elements of both arrays, in pairs."""
    rest = _Rest(left, right)
    if state.unordered:
        _without_order(rest, state.key)
        moved: frozenset[int] = frozenset()
    else:
        moved = _in_order(rest, state.key)
    return Paired(sorted(rest.pairs), moved, list(rest.left), list(rest.right))


# -- with an order ----------------------------------------------------------------------------------------------------


def _in_order(rest: _Rest, key: str) -> frozenset[int]:
    """Returns which of the left ones changed places."""
    left, right = rest.sides
    rest.take(matches([one.form for one in left], [one.form for one in right]))
    rest.take_forms()
    rest.take_keys(key)
    pairs = sorted(rest.pairs)
    kept = rising(pairs)
    rest.take([*_in_gaps(rest, [*kept, (len(left), len(right))])])
    return frozenset(one for one, _ in pairs) - {one for one, _ in kept}


def _in_gaps(rest: _Rest, kept: Pairs) -> Iterator[tuple[int, int]]:
    """What stands between the same two pairs, one after the other."""
    left, right = deque(rest.left), deque(rest.right)
    for one, other in kept:
        here, there = list(_before(left, one)), list(_before(right, other))
        yield from zip(here, there, strict=False)


def _before(places: deque[int], end: int) -> Iterator[int]:
    while places and places[0] < end:
        yield places.popleft()


# -- without an order -------------------------------------------------------------------------------------------------


def _without_order(rest: _Rest, key: str) -> None:
    rest.take_forms()
    rest.take_keys(key)
    rest.take([*_close_numbers(rest)])
    rest.take([*_alike(rest)])
    rest.take([*_by_their_numbers(rest)])


def _close_numbers(rest: _Rest) -> Iterator[tuple[int, int]]:
    """Numbers within their tolerance, from the smallest on."""
    left, right = rest.sides
    there = deque(_uncertain((right[at].value, at, right[at].state) for at in rest.right))
    for value, at, tolerance in _uncertain((left[at].value, at, left[at].state) for at in rest.left):
        while there and there[0][0] < value and not tolerance.takes(value, there[0][0]):
            there.popleft()
        if there and tolerance.takes(value, there[0][0]):
            yield at, there.popleft()[1]


def _uncertain(values: Iterable[tuple[object, At, State]]) -> list[tuple[float, At, Tolerance]]:
    """The numbers that may be off, the smallest first."""
    found = [
        (value, at, state.tolerance)
        for value, at, state in values
        if isinstance(value, int | float) and not isinstance(value, bool) and state.tolerance is not None
    ]
    return sorted(found, key=lambda one: one[0])


def _alike(rest: _Rest) -> Iterator[tuple[int, int]]:
    """Objects and arrays with those that have most parts in common with them."""
    left, right = rest.sides
    having: dict[Hashable, list[int]] = defaultdict(list)
    for at in rest.right:
        for part in _parts(right[at].value):
            having[part].append(at)
    taken: set[int] = set()
    for at in rest.left:
        common: Counter[int] = Counter()
        for part in _parts(left[at].value):
            places = having.get(part, ())
            if len(places) <= COMMON:
                common.update(place for place in places if place not in taken)
        if common:
            best = max(common.items(), key=lambda found: (found[1], -found[0]))[0]
            taken.add(best)
            yield at, best


def _parts(value: object) -> Iterator[Hashable]:
    """The scalars of an object or array, with their keys in an object."""
    named = isinstance(value, dict)
    for key, entry in entries_of(value):
        if not isinstance(entry, dict | list | tuple):
            yield (key if named else "", isinstance(entry, bool), entry)


def _by_their_numbers(rest: _Rest) -> Iterator[tuple[int, int]]:
    """Objects and arrays that have numbers with a tolerance, in the order of those."""
    left, right = rest.sides
    here = sorted((numbers, at) for at in rest.left if (numbers := _numbers(left[at])))
    there = sorted((numbers, at) for at in rest.right if (numbers := _numbers(right[at])))
    for (_, one), (_, other) in zip(here, there, strict=False):
        yield one, other


def _numbers(element: Element) -> list[tuple[str, float]]:
    below = ((entry, str(key), element.state.down(key)) for key, entry in entries_of(element.value))
    return sorted((key, value) for value, key, _ in _uncertain(below))
