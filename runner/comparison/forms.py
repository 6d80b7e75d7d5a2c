"""Equal values have equal numbers: whether two parts of documents are the same is then one comparison, at any depth."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from runner.comparison.rules import State

Entries = Iterator[tuple[str | int, object]]


def entries_of(value: object) -> Iterable[tuple[str | int, object]]:
    """The keys and values of a list or an object."""
    if isinstance(value, dict):
        return [(key if isinstance(key, str) else str(key), entry) for key, entry in value.items()]
    return enumerate(value) if isinstance(value, list | tuple) else ()


class _Open:
    """A list or object whose parts are being numbered."""

    __slots__ = ("entries", "key", "parts", "state", "value")

    def __init__(self, value: object, state: State, key: str | int = 0) -> None:
        self.value, self.state, self.key = value, state, key
        self.entries = iter(entries_of(value))
        self.parts: list[tuple[str | int, int]] = []

    def form(self) -> tuple[object, ...]:
        if isinstance(self.value, dict):
            return ("object", *sorted(self.parts))
        numbers = [number for _, number in self.parts]
        return ("bag", *sorted(numbers)) if self.state.unordered else ("array", *numbers)


class Forms:
    """Numbers of values under the rules: ignored parts are left out, arrays without an order are sorted.

    Tolerances do not count here: numbers that are merely close have different forms. The values have to be kept while
    this is in use.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self._known: dict[tuple[int, State], int] = {}

    def of(self, value: object, state: State) -> int:
        """The number of a value; computed once for each list or object."""
        found = self._found(value, state)
        if found is not None:
            return found
        waiting = [_Open(value, state)]
        while True:
            top = waiting[-1]
            for key, entry in top.entries:
                inner = top.state.down(key)
                if inner.ignored:
                    continue
                number = self._found(entry, inner)
                if number is None:
                    waiting.append(_Open(entry, inner, key))
                    break
                top.parts.append((key, number))
            else:
                waiting.pop()
                number = self._known[id(top.value), top.state] = self._number(top.form())
                if not waiting:
                    return number
                waiting[-1].parts.append((top.key, number))

    def _found(self, value: object, state: State) -> int | None:
        if isinstance(value, dict | list | tuple):
            return self._known.get((id(value), state))
        return self._number(_scalar(value))

    def _number(self, form: tuple[object, ...]) -> int:
        return self._numbers.setdefault(form, len(self._numbers))


def _scalar(value: object) -> tuple[object, ...]:
    """1 and 1.0 are the same number, as in JavaScript; 1 and true are not; whole numbers keep every digit."""
    if isinstance(value, str):
        return ("text", value)
    if value is None or isinstance(value, bool):
        return ("constant", str(value))
    if isinstance(value, float) and not math.isfinite(value):
        return ("number", getattr(value, "text", str(value)))
    if isinstance(value, int | float):
        return ("number", value)
    return (type(value).__name__, repr(value))
