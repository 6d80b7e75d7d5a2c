"""One warning for everything that a collection's own settings weaken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runner.events import Warned
from runner.model.json import JsonObject
from runner.options import RunOptions
from runner.request.behavior import weakened_by

WEAKENED = "weakened"
"""The code of the warning that is told whatever is printed."""

SHOWN = 3
"""How many requests the warning names."""


def weakening(behaviors: Sequence[tuple[str, JsonObject]], options: RunOptions) -> Iterator[Warned]:
    """One warning for settings that weaken TLS or send credentials elsewhere; `behaviors` has the path of each item."""
    places: dict[str, list[str]] = {}
    for path, behavior in behaviors:
        for setting in weakened_by(behavior, options) if behavior else ():
            places.setdefault(setting, []).append(path)
    if places:
        told = "; ".join(f"{setting} for {_named(paths, len(behaviors))}" for setting, paths in places.items())
        yield Warned(code=WEAKENED, message=f"the collection weakens this run: {told}")


def _named(paths: list[str], count: int) -> str:
    if len(paths) == count:
        return "every request"
    shown, more = ", ".join(f'"{path}"' for path in paths[:SHOWN]), len(paths) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
