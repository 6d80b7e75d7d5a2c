"""Which entries of an old collection the entries of a new one are."""

from __future__ import annotations

from collections.abc import Sequence

from runner.deep_json import dumps, same
from runner.model.json import Json

MOST_COMPARED = 1_000_000
"""Pairs of items that are compared to find the longest part that stayed; longer lists are compared place by place."""


def aligned_keys(old: dict[str, Json], new: dict[str, Json]) -> list[int | None]:
    """For each key of `new` the number of the entry of `old` that it is, None for one that was added.

    A key that is new, at the place of one that is gone and with its value, is the same entry under another name.
    """
    numbers = {key: number for number, key in enumerate(old)}
    found: list[int | None] = [numbers.get(key) for key in new]
    names = list(old)
    for place, value in enumerate(new.values()):
        if found[place] is None and place < len(names) and names[place] not in new and same(old[names[place]], value):
            found[place] = place
    return found


def aligned_items(old: Sequence[Json], new: Sequence[Json]) -> list[int | None]:
    """The same for the items of lists: the longest part that stayed, then what stands at the same place between it.

    Items that only changed places are all found.
    """
    texts, wanted = [dumps(one) for one in old], [dumps(one) for one in new]
    if texts != wanted and sorted(texts) == sorted(wanted):
        return _places(texts, wanted)
    found: list[int | None] = [None] * len(new)
    before = (-1, -1)
    for pair in [*_stayed(texts, wanted), (len(old), len(new))]:
        gone, come = range(before[0] + 1, pair[0]), range(before[1] + 1, pair[1])
        for number, place in zip(gone, come, strict=False):
            found[place] = number
        if pair[1] < len(new):
            found[pair[1]] = pair[0]
        before = pair
    return found


def _places(texts: list[str], wanted: list[str]) -> list[int | None]:
    places: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        places.setdefault(text, []).append(number)
    waiting = {text: iter(numbers) for text, numbers in places.items()}
    return [next(waiting[text]) for text in wanted]


def _stayed(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The longest sequence of equal items, as pairs of numbers."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    rows, columns = len(old) - head - tail, len(new) - head - tail
    pairs = [(number, number) for number in range(head)]
    if 0 < rows * columns <= MOST_COMPARED:
        longest = [[0] * (columns + 1) for _ in range(rows + 1)]
        for row in reversed(range(rows)):
            for column in reversed(range(columns)):
                equal = old[head + row] == new[head + column]
                below = longest[row + 1]
                longest[row][column] = below[column + 1] + 1 if equal else max(below[column], longest[row][column + 1])
        row = column = 0
        while row < rows and column < columns:
            if old[head + row] == new[head + column]:
                pairs.append((head + row, head + column))
                row, column = row + 1, column + 1
            elif longest[row + 1][column] >= longest[row][column + 1]:
                row += 1
            else:
                column += 1
    return pairs + [(len(old) - number, len(new) - number) for number in range(tail, 0, -1)]
