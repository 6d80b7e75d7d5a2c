"""Names that are not taken yet."""

from __future__ import annotations


def unused(name: str, taken: set[str], numbered: str = "{} {}") -> str:
    """The name, or the first of those with a number behind it that is not taken; it is added to those that are."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = numbered.format(name, number)
    taken.add(found)
    return found
