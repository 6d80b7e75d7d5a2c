"""The order of keys in a document, by the shape of each of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from runner.model.json import Json


class Shape(NamedTuple):
    """The order of an object's keys, others come last as they are; `inside` names the shapes of its values.

    A list as a value has the shape for each of its elements; one with `[]` behind its name is for elements of lists only,
    because a map in place of the list has keys of the user.
    """

    keys: tuple[str, ...]
    inside: Mapping[str, str] = {}


Shapes = Mapping[str, Shape]


def ordered(value: Json, shape: str, shapes: Shapes) -> Json:
    """The same value with its keys in order; without recursion, because folders may be nested as deeply as one likes.

    The shape `entry` stands for a `folder` if the object has an `item`, else for an `item`.
    """
    root: list[Json] = [value]
    waiting: list[tuple[list[Json] | dict[str, Json], int | str, str]] = [(root, 0, shape)]
    while waiting:
        holder, place, name = waiting.pop()
        found = holder[place]  # type: ignore[index]
        name, only_lists = name.removesuffix("[]"), name.endswith("[]")
        if isinstance(found, list):
            fresh: list[Json] | dict[str, Json] = list(found)
            waiting += [(fresh, number, name) for number in range(len(found))]
        elif isinstance(found, dict) and not only_lists:
            own = shapes[("folder" if "item" in found else "item") if name == "entry" else name]
            keys = [key for key in own.keys if key in found]
            fresh = {key: found[key] for key in (*keys, *(key for key in found if key not in own.keys))}
            waiting += [(fresh, key, inner) for key, inner in own.inside.items() if key in fresh]
        else:
            continue
        holder[place] = fresh  # type: ignore[index]
    return root[0]
