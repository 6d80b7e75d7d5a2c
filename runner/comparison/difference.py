"""One difference, and the place where it is."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Kind = Literal["missing", "new", "type", "value", "moved"]
"""`missing`: only on the left; `new`: only on the right; `type`: another JSON type; `moved`: elsewhere in its array."""

_PLAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")


class Place(NamedTuple):
    """A value's place: its key in what is around it. The outermost has no `above`, its key is the text of the path."""

    above: Place | None
    key: str | int

    @property
    def path(self) -> str:
        """The JSON path, as the findings of contract checks have it: `$.items[0]['a b']`."""
        steps: list[str] = []
        place: Place | None = self
        while place is not None:
            steps.append(_step(place.key) if place.above is not None else str(place.key))
            place = place.above
        return "".join(reversed(steps))


ROOT = Place(None, "$")


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if _PLAIN.fullmatch(key):
        return f".{key}"
    escaped = key.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"


class Difference(NamedTuple):
    """One difference: what stands on the left and on the right; None where nothing does (and for null).

    `place` is that on the left, for what is new that on the right; `moved` has the place on the right as `to`.
    """

    kind: Kind
    place: Place
    left: object = None
    right: object = None
    to: Place | None = None

    @property
    def path(self) -> str:
        """The path of its place."""
        return self.place.path
