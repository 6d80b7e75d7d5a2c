"""What differs in each response by its nature: times, ids, tokens. A placeholder that tells its kind takes its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

LONG = 15
"""Digits from which on a number is an id."""

MS = range(10**12, 2 * 10**12)
"""Milliseconds since the epoch: 2001 to 2033."""

SECONDS = range(10**9, 2 * 10**9)
"""Seconds since the epoch in the same years; so many numbers are that large that only a name tells."""

SHORTEST = 10
"""Characters of the shortest text that varies: seconds since the epoch."""

TOKEN = 20
"""Characters that a random string has at least."""

_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_PATTERNS = {
    "jwt": r"(?<![\w-])eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*",
    "uuid": rf"{_BEFORE}[0-9a-fA-F]{{8}}(?:-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}{_AFTER}",
    "time": (
        r"(?<!\d)\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,12})?)?(?:[Zz]|[+-]\d\d:?\d\d)?(?!\d)"
        rf"|\b{_DAY}, \d\d?[ -]{_MONTH}[ -]\d{{2,4}} \d\d:\d\d:\d\d(?: (?:GMT|UTC|[+-]\d{{4}}))?"
    ),
    "ulid": rf"{_BEFORE}[0-7][0-9A-HJKMNP-TV-Z]{{25}}{_AFTER}",
    "objectid": rf"{_BEFORE}[0-9a-f]{{24}}{_AFTER}",
    "hex": rf"{_BEFORE}(?:[0-9a-f]{{32,}}|[0-9A-F]{{32,}}){_AFTER}",
    "digits": rf"(?<![0-9A-Za-z.])\d{{{LONG},}}(?![0-9A-Za-z.])",
}
_TOKEN = re.compile(rf"(?<![\w+/=-])[A-Za-z0-9_+/-]{{{TOKEN},}}={{0,2}}")
_TEXT = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))
_TIME_NAME = re.compile(
    r"(?:.*[_-])?(?:time|timestamp|ts|date|created|updated|modified|expires?|expiry|exp|iat|nbf|at|on|since|until)"
    r"|.*[a-z](?:At|On|Time|Timestamp|Date|Since|Until)"
)
_PLACEHOLDER = re.compile(rf"<(?:{'|'.join(_PATTERNS)}|token|time number|digits number)(?::\d{{1,9}})?>")
_LIKE_TOKEN = re.compile(r"[A-Za-z0-9_+/=.-]{16,}")
_SEPARATORS = re.compile(r"[_+/-]+")


class Found(NamedTuple):
    """What a placeholder takes the place of: where in a text it is, its kind and itself."""

    start: int
    end: int
    kind: str
    value: str


def found_in(text: str, name: str) -> list[Found]:
    """What varies in a text; `name` is the key of the value."""
    if len(text) < SHORTEST:
        return []
    if text.isdecimal() and text.isascii():
        kind = _kind_of_number(text, name)
        return [Found(0, len(text), kind, text)] if kind else []
    found, done = list[Found](), 0
    for match in _TEXT.finditer(text):
        found += _tokens(text, done, match.start())
        found.append(Found(*match.span(), str(match.lastgroup), match[0]))
        done = match.end()
    return [*found, *_tokens(text, done, len(text))]


def found_number(number: float, name: str) -> str:
    """The kind of a number that varies; empty if it does not."""
    whole = number if isinstance(number, int) else int(number) if abs(number) < 2 * 10**9 else 0
    kind = _kind_of_number(str(whole), name) if whole > 0 else ""
    return f"{kind} number" if kind else ""


def _kind_of_number(digits: str, name: str) -> str:
    if len(digits) >= LONG:
        return "digits"
    whole = int(digits)
    return "time" if whole in MS or (whole in SECONDS and _TIME_NAME.fullmatch(name)) else ""


def _tokens(text: str, start: int, end: int) -> Iterator[Found]:
    """The runs of letters and digits between two places that look random; of a path its segments."""
    for match in _TOKEN.finditer(text, start, end):
        run, at = match[0], match.start()
        is_path = "/" in run and "+" not in run and "=" not in run
        for part in run.split("/") if is_path else [run]:
            if len(part) >= TOKEN and _looks_random(part):
                yield Found(at, at + len(part), "token", part)
            at += len(part) + 1


def _looks_random(run: str) -> bool:
    """Whether letters and digits change so often that nobody chose this as a name.

    Of the neighbours in a random text of letters and digits 45 % go from small to large letters or between letters and
    digits, in a name of several words with a number hardly 20 %.
    """
    if not any(map(str.isdigit, run)) or not any(map(str.isalpha, run)):
        return False
    changes: int = sum(
        one.isdigit() != other.isdigit() or (one.islower() and other.isupper())
        for part in _SEPARATORS.split(run)
        for one, other in pairwise(part)
    )
    mixed = any(map(str.isupper, run)) and any(map(str.islower, run))
    least = 0.2 if mixed else 0.25
    return bool(changes >= len(run) * least)


def placeholder(kind: str, number: int = 0) -> str:
    """What stands in a snapshot; with a number where the same value stands elsewhere in the response, too."""
    return f"<{kind}:{number}>" if number else f"<{kind}>"


def fits(expected: str, actual: str, mask: str) -> bool:
    """Whether a text of a snapshot tells of an actual one, where secrets and tokens are not known in each run alike.

    A mask in the snapshot stands for any text. Where the actual text is masked the snapshot has a placeholder. A token may
    come whose letters look like a name by chance.
    """
    if expected == actual:
        return True
    if mask in actual:
        expected = _PLACEHOLDER.sub(mask, expected)
        return _fits(expected.split(mask), actual, [""] * expected.count(mask))
    pieces = re.split(rf"({re.escape(mask)}|<token(?::\d{{1,9}})?>)", expected)
    return len(pieces) > 1 and _fits(pieces[::2], actual, ["" if gap == mask else "token" for gap in pieces[1::2]])


def _fits(pieces: list[str], actual: str, gaps: list[str]) -> bool:
    """Whether a text is these pieces, with something in each of the gaps between them."""
    if not gaps or not actual.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for number, (gap, piece) in enumerate(zip(gaps, pieces[1:], strict=True)):
        last = number == len(gaps) - 1
        end = len(actual) - len(piece) if last else actual.find(piece, at + 1) if piece else at + 1
        if end <= at or (last and not actual.endswith(piece)):
            return False
        if gap == "token" and not _LIKE_TOKEN.fullmatch(actual[at:end]):
            return False
        at = end + len(piece)
    return True
