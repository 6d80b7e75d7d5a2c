"""How a request is called in figures."""

from __future__ import annotations

from collections.abc import Iterable

SEPARATOR = " / "


def name_of(path: Iterable[str]) -> str:
    """The name of a request, of the names of its folders and its own."""
    return SEPARATOR.join(path)
