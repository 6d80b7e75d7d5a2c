"""The name and the arguments of a template tag."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection

from runner.foreign.insomnia.templates.expressions import evaluated
from runner.foreign.insomnia.templates.values import Value, literal, number

_ENCODED = re.compile(r"b64::(.*?)::46b", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:\.\d*)?|\.\d+")


def tag_of(inner: str, jsons: Collection[str]) -> tuple[str, list[Value]]:
    """The name of a tag and its arguments; raises `Untranslatable`.

    Insomnia cuts the arguments at commas outside of quotes; a backslash keeps the sign behind it. What stands in quotes
    may be in Base64 (`b64::…::46b`), anything else is a number, a word or an expression.
    """
    name, _, rest = inner.partition(" ")
    arguments: list[Value] = []
    at = 0
    while at < len(rest):
        sign = rest[at]
        if sign.isspace() or sign == ",":
            at += 1
        elif sign in "\"'":
            text, at = _until(rest, at + 1, sign)
            arguments.append(literal(_decoded(text)))
        else:
            text, at = _until(rest, at, ",")
            text = text.strip()
            arguments.append(number(text) if _NUMBER.fullmatch(text) else evaluated(text, jsons))
    return name, arguments


def _until(text: str, at: int, end: str) -> tuple[str, int]:
    """What stands before the next `end`, and where it goes on behind that."""
    made: list[str] = []
    while at < len(text) and text[at] != end:
        if text[at] == "\\":
            at += 1
        made += text[at : at + 1]
        at += 1
    return "".join(made), at + 1


def _decoded(text: str) -> str:
    found = _ENCODED.fullmatch(text)
    if found is None:
        return text
    try:
        return base64.b64decode(found[1] + "=" * (-len(found[1]) % 4)).decode()
    except ValueError:
        return text
