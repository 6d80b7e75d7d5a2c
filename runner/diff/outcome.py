"""What a comparison found: a plain value that every output reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from typing import cast

from runner.comparison import Difference
from runner.formats.json_text import JsonStyle, dump_json
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass

LONGEST = 2_000
"""Characters of a value, as JSON, that are kept; of a longer one only the beginning."""

FAR = 1.5
"""People are shown times that are so many times as long or as short …"""

FLOOR = 50.0
"""… and so many milliseconds apart: short times double by chance."""

SAME, CHANGED, LOST, NEW, MOVED, RENAMED = "same", "changed", "lost", "new", "moved", "renamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference of two executions. `left` and `right` are values; of a long one a text with its beginning."""

    area: str
    kind: str
    path: str
    left: Json = None
    right: Json = None
    to: str = ""

    @property
    def has_left(self) -> bool:
        """Whether anything stands on the left; null may."""
        return self.kind != "new"

    @property
    def has_right(self) -> bool:
        """Whether anything stands on the right; null may."""
        return self.kind != "missing"


@dataclass(slots=True, kw_only=True)
class Entry:
    """A request that differs, in one iteration: its changes (`more` are not kept), or that only one side has it.

    Of collections it is a part, `what` says of which kind, and `lines` are a diff of what it says. `was` is its path on the
    left where it has another one.
    """

    path: tuple[str, ...]
    outcome: str
    what: str = ""
    stage: str = ""
    collection: str = ""
    iteration: int = 0
    occurrence: int = 0
    was: tuple[str, ...] | None = None
    changes: list[Change] = field(default_factory=list)
    more: int = 0
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The response times of a request on both sides: the medians of its executions, in milliseconds."""

    path: tuple[str, ...]
    left: float
    right: float
    slower: bool = False

    @property
    def ratio(self) -> float:
        """How many times as long the right one took; a time below a millisecond counts as one."""
        return max(self.right, 1.0) / max(self.left, 1.0)

    @property
    def apart(self) -> bool:
        """Whether they are so far apart that a person wants to see it."""
        return max(self.ratio, 1 / self.ratio) >= FAR and abs(self.right - self.left) >= FLOOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One side: what it is, what ran, how many executions it has, and why it did not come to its end, if so."""

    label: str
    collection: str = ""
    environment: str = ""
    requests: int = 0
    error: str = ""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """Everything that was found. `counts` has the entries with a difference by area; `failed` says what fails, and why."""

    left: Compared
    right: Compared
    areas: Sequence[str] = ()
    what: str = "request"
    entries: list[Entry] = field(default_factory=list)
    left_out: int = 0
    compared: int = 0
    same: int = 0
    iterations: int = 1
    counts: Counter[str] = field(default_factory=Counter)
    times: list[Times] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether anything but times differs."""
        return bool(self.entries or self.left_out)


def change_of(area: str, found: Difference) -> Change:
    """A difference with what is kept of its values."""
    return Change(
        area=area,
        kind=found.kind,
        path=shortened(found.path),
        left=kept(found.left),
        right=kept(found.right),
        to=shortened(found.to.path) if found.to else "",
    )


def kept(value: object) -> Json:
    """A value of JSON, or of a long one a text with the beginning and its size."""
    text = value if isinstance(value, str) else json_text(value)
    return cast(Json, value) if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


def json_text(value: object) -> str:
    """A value as JSON in one line, numbers as they came."""
    return dump_json(cast(Json, value), JsonStyle(indent=None, separators=(", ", ": ")))


def shortened(path: str) -> str:
    """A path, of a long one its ends."""
    return path if len(path) <= LONGEST else f"{path[: LONGEST // 2]}…{path[-LONGEST // 2 :]}"
