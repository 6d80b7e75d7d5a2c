"""Regular expressions of JavaScript as those of Python that find the same."""

from __future__ import annotations

import re

from runner.foreign.python_code.scripts.tree import Gap

_TOKEN = re.compile(r"\\.|\[(?:[^\[\]\\]|\\.)*+\]|\(\?[:=!]|\(\?|[^\\\[]", re.DOTALL)

BLANKS = r"\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What `\\s` finds in JavaScript, where that of Python finds ASCII."""

SAME = frozenset("dDwWbBntrfv/.*+?^$()[]{}|\\-")
"""What may stand behind a backslash and means the same."""


def python_pattern(pattern: str, flags: str) -> tuple[str, str]:
    """The pattern and its flags as arguments of a call; raises `Gap` for what Python has not, or not in this way."""
    if set(flags) - set("gi") or not pattern.isascii():
        raise Gap("the pattern is not translated")
    tokens = _TOKEN.findall(pattern)
    if "".join(tokens) != pattern:
        raise Gap("the pattern is not translated")
    made = "".join(map(_token, tokens))
    try:
        re.compile(made, re.ASCII)
    except re.error as error:
        raise Gap("the pattern is not translated") from error
    if '"' in made or made.endswith("\\"):
        raise Gap("the pattern is not translated")
    return f'r"{made}"', "re.ASCII | re.IGNORECASE" if "i" in flags else "re.ASCII"


def _token(token: str) -> str:
    if token == "$":
        return r"\Z"
    if token == ".":
        return r"[^\n\r\u2028\u2029]"
    if token == "(?":
        raise Gap("the pattern is not translated")
    if token.startswith("["):
        inner = token[1:-1]
        if inner in ("", "^") or re.search(r"\\[^dwntrfv/.*+?^$()\[\]{}|\\\-]|\[|--|&&|\|\||~~", inner.replace(r"\s", "")):
            raise Gap("the pattern is not translated")
        return "[" + inner.replace(r"\s", BLANKS) + "]"
    if token == r"\s":
        return f"[{BLANKS}]"
    if token == r"\S":
        return f"[^{BLANKS}]"
    if token.startswith("\\") and token[1] not in SAME:
        raise Gap("the pattern is not translated")
    return token
