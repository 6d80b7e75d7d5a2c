"""Tags: `[smoke]` in a name, `@smoke` in a description; those of folders and the collection count for what is inside."""

from __future__ import annotations

import re
from collections.abc import Iterable

from runner.model.collection import Collection, Folder, Item, description_of

_WORD = r"\w(?:[\w.:/+-]*\w)?"
_IN_NAME = re.compile(r"\[([^\[\]]+)\]")
_WHOLE = re.compile(_WORD)
_IN_DESCRIPTION = re.compile(rf"(?<![\w.@/+-])@({_WORD})")
"""An `@` after a letter is that of an e-mail address."""


def tags_of(owner: Collection | Folder | Item) -> list[str]:
    """The tags that one owner says itself, in order: `[smoke, slow]` has two; what is not a single word is not a tag."""
    found = [part.strip() for match in _IN_NAME.finditer(owner.name) for part in match[1].split(",")]
    return [*filter(_WHOLE.fullmatch, found), *_IN_DESCRIPTION.findall(description_of(owner))]


def tags_in(owners: Iterable[Collection | Folder | Item]) -> tuple[str, ...]:
    """The tags of all these, each once (ignoring case)."""
    found: dict[str, str] = {}
    for owner in owners:
        for tag in tags_of(owner):
            found.setdefault(plain_tag(tag), tag)
    return tuple(found.values())


def plain_tag(tag: str) -> str:
    """A tag as it is compared: without its mark, ignoring case."""
    return tag.strip().strip("[]").removeprefix("@").strip().casefold()
