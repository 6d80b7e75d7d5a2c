"""The texts by which a secret value is known: itself, the leaves of an object, the parts of a token."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from runner.secrets.lazy import Lazy
from runner.secrets.names import names_a_secret

SHORTEST_LEAF = 6
"""Characters of the shortest text or number within an object or list that is masked under a plain name."""

MOST_LEAVES = 1000
"""So many texts and numbers of one object or list are looked for."""

_JWT = Lazy(r"eyJ[\w-]{5,}\.([\w-]{8,})\.([\w-]{8,})")
_SCHEME = Lazy(r"(?:bearer|basic|token|apikey|digest|negotiate)\s{1,9}(\S{12,})", re.IGNORECASE)
_PASSWORD = Lazy(r"[A-Za-z][\w+.\-]{0,30}://[^/\s?#:@]{0,200}:([^/\s?#]{4,500})@")


def texts_of(value: Any) -> Iterator[str]:
    """The texts to look for of a secret value of any JSON type; none for true, false and null."""
    if isinstance(value, str):
        yield value
        yield from _parts(value)
    elif isinstance(value, list | dict):
        yield from _leaves(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _numbers(value)


def _parts(text: str) -> Iterator[str]:
    """What a text has in it that is as secret: the leaves of its JSON, a token behind its scheme, a password in a URL."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return
        yield from _leaves(document)
    elif found := _JWT.fullmatch(text):
        yield from found.groups()
    elif (found := _SCHEME.fullmatch(text)) or (found := _PASSWORD.match(text)):
        yield found[1]


def _leaves(document: Any) -> Iterator[str]:
    """The texts and numbers in an object or list that are long enough: under the name of a secret shorter ones, too."""
    waiting: list[tuple[bool, Any]] = [(False, document)]
    left = MOST_LEAVES
    while waiting and left:
        secret, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(secret or names_a_secret(name), one) for name, one in value.items()]
        elif isinstance(value, list):
            waiting += [(secret, one) for one in value]
        else:
            left -= 1
            yield from (text for text in texts_of(value) if secret or len(text) >= SHORTEST_LEAF)


def _numbers(value: float) -> Iterator[str]:
    """A number without its sign, as files and as scripts write it."""
    size = abs(value)
    try:
        as_double = float(size)
    except OverflowError:
        as_double = 0.0
    yield str(size)
    if as_double.is_integer() and 0 < as_double < 1e21:
        yield f"{as_double:.0f}"
        digits, _, exponent = repr(as_double).partition("e")
        if exponent:  # JavaScript writes these without one, rounded
            yield digits.replace(".", "").ljust(int(exponent) + 1, "0")
