"""Formats of dates: those of date-fns, which Insomnia takes, as moment has them, which is there in Postman."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"''|'(?:[^']|'')*+'|([A-Za-z])o?\1*+")
_OF_MOMENT = re.compile(r"YYYY|DD|Do")
LETTERS = {"a": "A", "t": "X", "T": "x"}
"""Tokens of one letter, however often it is written."""


def moment_format(format: str) -> str:
    """The format in moment's letters; one that has YYYY or DD is of moment already, as older versions of Insomnia had."""
    if _OF_MOMENT.search(format):
        return format
    return _TOKEN.sub(_translated, format)


def _translated(match: re.Match[str]) -> str:
    token = match[0]
    if token == "''":
        return "'"
    if token.startswith("'"):
        return "[" + token[1:-1].replace("''", "'") + "]"
    letter = token[0]
    if letter == "d" and token.endswith("o"):
        return "Do"
    if letter == "E":
        return "dddd" if len(token) == 4 else "ddd"
    if letter in "xX":
        return "Z" if len(token) == 3 else "ZZ"
    return LETTERS.get(letter) or (token.upper() if letter in "yd" else token)
