"""The differences of two JSON values of any depth; what is equal costs one pass, and no recursion."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from runner.comparison.arrays import Element, paired
from runner.comparison.difference import ROOT, Difference, Place
from runner.comparison.forms import Forms
from runner.comparison.rules import Rules, State


class _Both(NamedTuple):
    """Two values to be compared, and what the rules say of the place of each."""

    left: object
    right: object
    here: State
    there: State
    place: Place


def differences(left: object, right: object, rules: Rules | None = None, root: Place = ROOT) -> Iterator[Difference]:
    """Where two values differ, in the order of the left one. Both have to stay as they are meanwhile.

    Paths begin at `root`; those of the rules begin at `$` all the same.

    1 and 1.0 are the same, 1 and true are not, and whole numbers differ in their last digit, too, where JavaScript would
    round. The order of an object's keys does not count.
    """
    if _same_text(left, right):
        return iter(())
    return _Comparison().between(left, right, (rules or Rules()).root(), root)


def _same_text(left: object, right: object) -> bool:
    """Whether both are written the same: that takes a tenth of the time. Numbers beyond floats have no text to compare."""
    try:
        return json.dumps(left, allow_nan=False) == json.dumps(right, allow_nan=False)
    except (RecursionError, TypeError, ValueError):
        return False


class _Comparison:
    def __init__(self) -> None:
        self._forms = Forms()

    def between(self, left: object, right: object, state: State, root: Place) -> Iterator[Difference]:
        waiting: list[_Both | Difference] = [_Both(left, right, state, state, root)]
        while waiting:
            both = waiting.pop()
            if isinstance(both, Difference):
                yield both
            elif self._forms.of(both.left, both.here) == self._forms.of(both.right, both.there):
                continue
            elif isinstance(both.left, dict) and isinstance(both.right, dict):
                waiting += reversed([*self._objects(both, both.left, both.right)])
            elif isinstance(both.left, list | tuple) and isinstance(both.right, list | tuple):
                waiting += reversed([*self._arrays(both)])
            elif not _close(both):
                same_type = type_of(both.left) == type_of(both.right)
                yield Difference("value" if same_type else "type", both.place, both.left, both.right)

    def _objects(self, both: _Both, left: dict[str, object], right: dict[str, object]) -> Iterator[_Both | Difference]:
        for key, value in left.items():
            here, place = both.here.down(key), Place(both.place, key)
            if here.ignored:
                continue
            if key in right:
                yield _Both(value, right[key], here, both.there.down(key), place)
            else:
                yield Difference("missing", place, left=value)
        for key, value in right.items():
            if key not in left and not both.there.down(key).ignored:
                yield Difference("new", Place(both.place, key), right=value)

    def _arrays(self, both: _Both) -> Iterator[_Both | Difference]:
        left, right = self._elements(both.left, both.here), self._elements(both.right, both.there)
        found = paired(left, right, both.here)
        partners = dict(found.pairs)
        for at, one in enumerate(left):
            place = Place(both.place, one.at)
            if at not in partners:
                yield Difference("missing", place, left=one.value)
                continue
            other = right[partners[at]]
            if at in found.moved:
                yield Difference("moved", place, one.value, other.value, Place(both.place, other.at))
            yield _Both(one.value, other.value, one.state, other.state, place)
        for at in found.right:
            yield Difference("new", Place(both.place, right[at].at), right=right[at].value)

    def _elements(self, value: object, state: State) -> list[Element]:
        found = []
        for at, entry in enumerate(value if isinstance(value, list | tuple) else ()):
            inner = state.down(at)
            if not inner.ignored:
                found.append(Element(at, entry, self._forms.of(entry, inner), inner))
        return found


def _close(both: _Both) -> bool:
    left, right, tolerance = both.left, both.right, both.here.tolerance
    if tolerance is None or isinstance(left, bool) or isinstance(right, bool):
        return False
    return isinstance(left, int | float) and isinstance(right, int | float) and tolerance.takes(left, right)


def type_of(value: object) -> str:
    """The name of a value's type in JSON; whole numbers are numbers."""
    for name, kinds in _TYPES:
        if isinstance(value, kinds):
            return name
    return "null" if value is None else type(value).__name__


_TYPES: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("boolean", (bool,)),
    ("number", (int, float)),
    ("string", (str,)),
    ("array", (list, tuple)),
    ("object", (dict,)),
)
