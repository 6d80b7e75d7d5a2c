"""Paths of calls and of examples: how much one of a call takes off the score of an example (Postman's mock servers)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from urllib.parse import unquote

from runner.model.quick_dataclass import dataclass

OTHER_CASE, SLASH, IDS, WILDCARDS = 10, 5, 20, 20
"""What is taken off for a difference in case or a slash at the end, for ids left out, and for wildcards."""

ID = "\0"
"""Stands for an id where ids do not count: no URL can hold it."""

_NUMBER = re.compile(r"[+-]?[0-9]++(?:\.[0-9]*+)?")
_LONG_ID = re.compile(
    r"(?:0x)?[0-9a-f]{8,}+|.*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}.*|.{256,}",
    re.IGNORECASE | re.DOTALL,
)
_UNRESOLVED = re.compile(r"{{([^{}]+)}}")

Segments = tuple[str, ...]
"""The decoded segments of a path; a slash at its end is an empty last one."""


def segments_of(target: str) -> Segments:
    """The segments of the path of a request target, or of a path; `%2F` does not divide."""
    path = target.partition("#")[0].partition("?")[0]
    if not path.startswith("/") and "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    return tuple([unquote(segment, errors="replace") for segment in path.removeprefix("/").split("/")])


def without_slash(segments: Segments) -> Segments:
    """The segments without the empty one of a slash at the end."""
    return segments[:-1] if len(segments) > 1 and not segments[-1] else segments


def is_id(segment: str) -> bool:
    """Whether a segment is an id: a number, at least eight hexadecimal digits, with a UUID in it, or very long."""
    if _NUMBER.fullmatch(segment):
        return True
    return len(segment) >= 8 and _LONG_ID.fullmatch(segment) is not None


@dataclass(frozen=True, slots=True)
class Fit:
    """How a path fits: what it takes off the score, the rules that did, and the texts in the places of wildcards.

    `wildcards` is how many of them had to match something else than what the example has there.
    """

    lost: int
    rules: tuple[str, ...] = ()
    captured: Mapping[str, str] = field(default_factory=dict)
    wildcards: int = 0


SAME = ("same path",)
EXACT = Fit(0, SAME)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The path of an example; `wildcards` are the names of the segments that match any text, by their positions."""

    segments: Segments
    wildcards: Mapping[int, str]

    def fit(self, path: Segments, *, wildcards: bool = True) -> Fit | None:
        """How the path of a call fits, None if it does not; without `wildcards` all segments are taken literally."""
        names = self.wildcards if wildcards else {}
        if path == self.segments:
            return Fit(0, SAME, {name: path[at] for at, name in names.items()}) if names else EXACT
        own, other = without_slash(self.segments), without_slash(path)
        if len(own) != len(other):
            return None
        captured = {name: other[at] for at, name in names.items()}
        slash = SLASH if len(self.segments) != len(path) else 0
        wild = case = ids = 0
        for at, (mine, given) in enumerate(zip(own, other, strict=True)):
            if mine == given:
                continue
            if at in names and given:
                wild += 1
            elif mine.lower() == given.lower():
                case = OTHER_CASE
            elif is_id(mine) and is_id(given):
                ids = IDS
            else:
                return None
        if ids and wild:
            return None
        parts = {"slash at the end": slash, "other case": 0 if ids else case, "ids left out": ids}
        parts["wildcards"] = WILDCARDS if wild else 0
        rules = tuple(f"{name} −{lost}" for name, lost in parts.items() if lost)
        return Fit(sum(parts.values()), rules, captured, wild)


def wildcards_in(segments: Segments) -> dict[int, str]:
    """The segments of a path as an example has it that match any text: `{{name}}` without a value, and `:name`."""
    return {at: name for at, segment in enumerate(segments) if (name := wildcard_name(segment))}


def wildcard_name(segment: str) -> str:
    """The name of the variable that a whole segment is, "" for any other."""
    if segment.startswith(":"):
        return segment[1:]
    found = _UNRESOLVED.fullmatch(segment)
    return found[1] if found else ""
