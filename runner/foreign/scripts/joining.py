"""Puts several scripts behind one another."""

from __future__ import annotations

from collections.abc import Sequence

from runner.foreign.scripts.translation import Translated


def joined(parts: Sequence[Translated]) -> str:
    """One script of several; a later one that declares a name of an earlier one gets a block of its own."""
    made: list[str] = []
    declared: set[str] = set()
    for part in parts:
        if not part.text.strip():
            continue
        text = part.text.strip("\n")
        if declared & part.top:
            text = f"{{\n{text}\n}}"
        declared |= part.top
        made.append(text)
    return "\n\n".join(made)
