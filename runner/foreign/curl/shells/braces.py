"""Brace expansion, as bash does it before anything else: `{a,b}` and `{1..3}` outside of quotes make several words."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARKS = "{},."
_HIDDEN = "\ufdd3\ufdd4\ufdd5\ufdd6"
MASKED = str.maketrans(_MARKS, _HIDDEN)
"""Hides the characters that have a meaning here, in what is quoted."""
_UNMASKED = str.maketrans(_HIDDEN, _MARKS)
_SEQUENCE = re.compile(r"(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?\Z")
MOST = 1000
"""Words of the largest sequence that is expanded."""


def unmasked(word: str) -> str:
    """A word with the characters that `MASKED` hides."""
    return word.translate(_UNMASKED)


def expanded(word: str) -> list[str]:
    """The words that one becomes, unmasked."""
    return [one.translate(_UNMASKED) for one in (_words(word) if "{" in word else [word])]


def _words(word: str) -> Iterator[str]:
    for start in (at for at, char in enumerate(word) if char == "{"):
        parts, end = _parts(word, start)
        if end and len(parts) > 1:
            choices = [inner for part in parts for inner in _words(part)]
        elif end and (found := _SEQUENCE.match(parts[0])):
            choices = _sequence(*found.groups())
        else:
            continue
        for choice in choices:
            for rest in _words(word[end:]):
                yield word[:start] + choice + rest
        return
    yield word


def _parts(word: str, start: int) -> tuple[list[str], int]:
    """What stands between the commas of a pair of braces, and the place behind it; 0 if it is never closed."""
    depth, parts, begin = 0, [], start + 1
    for at in range(start, len(word)):
        char = word[at]
        if char == "{":
            depth += 1
        elif char == "," and depth == 1:
            parts.append(word[begin:at])
            begin = at + 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return [*parts, word[begin:at]], at + 1
    return [], 0


def _sequence(first: str, last: str, step: str | None) -> list[str]:
    numbers = first.lstrip("-").isdigit(), last.lstrip("-").isdigit()
    if numbers[0] != numbers[1]:
        return [f"{{{first}..{last}}}".translate(MASKED)]
    start, end = (int(first), int(last)) if numbers[0] else (ord(first), ord(last))
    by = max(abs(int(step or 1)), 1) * (1 if end >= start else -1)
    padded = numbers[0] and any(re.match(r"-?0\d", one) for one in (first, last))
    width = max(len(first), len(last)) if padded else 0
    found = list(range(start, end + (1 if by > 0 else -1), by))[:MOST]
    return [f"{one:0{width}d}" if numbers[0] else chr(one) for one in found]
