"""Where in a JSON text a value stands: for messages that point into a file."""

from __future__ import annotations

import re
from collections.abc import Collection

Steps = tuple[str | int, ...]
"""The keys and numbers that lead to a value from the outermost one."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def lines_of(text: str, wanted: Collection[Steps]) -> dict[Steps, int]:
    """The line, from 1, on which each of these values begins in a text of JSON; what is not there has none.

    Of several equal keys the last one counts, as in `parse_json`.
    """
    found: dict[Steps, int] = {}
    depths = set(map(len, wanted))
    path: list[str | int] = []
    line, before, expects_key = 1, 0, False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == ":":
            expects_key = False
        elif token == ",":
            expects_key = bool(path) and isinstance(path[-1], str)
            if path and isinstance(path[-1], int):
                path[-1] += 1
        elif token in "}]":
            if path:
                path.pop()
            expects_key = False
        elif expects_key:
            path[-1] = _text_of(token)
        else:
            if len(path) in depths and (steps := tuple(path)) in wanted:
                line, before = line + text.count("\n", before, match.start()), match.start()
                found[steps] = line
            if token in "{[":
                path.append("" if token == "{" else 0)
                expects_key = token == "{"
    return found


def _text_of(token: str) -> str:
    import json

    try:
        return str(json.loads(token)) if "\\" in token else token[1:-1]
    except ValueError:
        return token
