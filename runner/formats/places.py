"""Where in a text a value of its JSON stands: for messages that point into a file, and for changes of single values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

Steps = tuple[str | int, ...]
"""The keys and numbers that lead to a value from the outermost one."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The line and column, from 1, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def lines_of(text: str, wanted: Collection[Steps]) -> dict[Steps, int]:
    """The line, from 1, on which each of these values begins in a text of JSON; what is not there has none.

    Of several equal keys the last one counts, as in `parse_json`.
    """
    found: dict[Steps, int] = {}
    line, before = 1, 0
    for steps, start in sorted(starts_of(text, wanted).items(), key=lambda one: one[1]):
        line, before = line + text.count("\n", before, start), start
        found[steps] = line
    return found


def starts_of(text: str, wanted: Collection[Steps]) -> dict[Steps, int]:
    """The offset at which each of these values begins; as `lines_of`."""
    found: dict[Steps, int] = {}
    depths = set(map(len, wanted))
    for path, start, is_key in _walk(text):
        if not is_key and len(path) in depths and (steps := tuple(path)) in wanted:
            found[steps] = start
    return found


def repeated_keys(text: str) -> Iterator[tuple[Steps, int]]:
    """Each member whose key stands again in the same object, with the offset of that key: only the last one counts."""
    if not _has_repeated_keys(text):
        return
    keys: list[dict[str | int, tuple[Steps, int]]] = []
    for path, start, is_key in _walk(text):
        del keys[len(path) :]
        while len(keys) < len(path):
            keys.append({})
        if is_key:
            if path[-1] in keys[-1]:
                yield keys[-1][path[-1]]
            keys[-1][path[-1]] = (tuple(path), start)


def _has_repeated_keys(text: str) -> bool:
    """Whether there is any; ten times as fast as looking for their places."""
    import json

    found = False

    def pairs(members: list[tuple[str, object]]) -> None:
        nonlocal found
        found = found or len(dict(members)) < len(members)

    try:
        json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return True
    return found


def _walk(text: str) -> Iterator[tuple[list[str | int], int, bool]]:
    """The path and offset of each value, and of each key before its value; the path is changed by the next step."""
    path: list[str | int] = []
    expects_key = False
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
            yield path, match.start(), True
        else:
            yield path, match.start(), False
            if token in "{[":
                path.append("" if token == "{" else 0)
                expects_key = token == "{"


def _text_of(token: str) -> str:
    import json

    try:
        return str(json.loads(token)) if "\\" in token else token[1:-1]
    except ValueError:
        return token
