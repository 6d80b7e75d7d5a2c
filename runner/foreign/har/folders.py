"""Folders for the items of a recording: by page or host, as long as nothing comes before what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from runner.model.json import JsonObject

Group = Callable[[int], str]


def grouped(order: Sequence[int], items: Mapping[int, JsonObject], group: Group) -> list[JsonObject]:
    """The items in folders by the names that `group` gives to their places; one without a name stays at the top."""
    made: list[JsonObject] = []
    folders: dict[str, JsonObject] = {}
    for at in order:
        name = group(at)
        if not name:
            made.append(items[at])
            continue
        if name not in folders:
            folders[name] = {"name": name, "item": []}
            made.append(folders[name])
        folders[name]["item"].append(items[at])
    return made


def keeps_order(order: Sequence[int], group: Group, needs: Sequence[tuple[int, int]]) -> bool:
    """Whether in such folders each item still comes behind those that it needs (`needs`: giver and user)."""
    first: dict[str, int] = {}
    place: dict[int, tuple[int, int]] = {}
    for at in order:
        name = group(at)
        place[at] = (first.setdefault(name, at) if name else at, at)
    return all(place[giver] < place[user] for giver, user in needs if giver in place and user in place)
