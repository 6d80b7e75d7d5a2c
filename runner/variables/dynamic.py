"""Dynamic variables: `{{$name}}` values that are made anew each time they are used.

A variable of the user's with the same name wins; an unknown name stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runner.chance import Chance
from runner.variables.scopes import MISSING

DYNAMIC: dict[str, Callable[[Chance], Any]] = {
    "$guid": Chance.uuid,
    "$randomUUID": Chance.uuid,
    "$timestamp": lambda chance: int(chance.now()),
    "$isoTimestamp": Chance.iso_now,
    "$randomInt": lambda chance: chance.integer(0, 1000),
}


def make_dynamic(chance: Chance) -> Callable[[str], Any]:
    """A function from a name to a fresh value, or to `MISSING` for a name that is no dynamic variable."""

    def dynamic(name: str) -> Any:
        generate = DYNAMIC.get(name)
        return MISSING if generate is None else generate(chance)

    return dynamic
