"""Requests that need a value of a response before the request that gives it has run: Insomnia keeps old responses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from runner.model.json import Json, JsonObject

_NAME = re.compile(r"\{\{([^{}]+)\}\}")


def too_early(
    items: Sequence[JsonObject], giving: Mapping[str, int], rows: Iterable[JsonObject], lines: Iterable[str]
) -> dict[int, list[str]]:
    """By the position of a request that gives values: the paths of those before it that need them.

    `giving` are variables that tests set, each with the position of its request. `rows` are all other variables, `lines`
    those of scripts that compute some.
    """
    needed = _needed_by_variables(rows, lines)
    found: dict[int, list[str]] = {}
    for at, (path, names) in enumerate(_requests(items, "", frozenset())):
        positions = {giving[name] for name in _all(names, needed) if name in giving}
        for position in sorted(positions):
            if at <= position:
                found.setdefault(position, []).append(path)
    return found


def _needed_by_variables(rows: Iterable[JsonObject], lines: Iterable[str]) -> dict[str, set[str]]:
    """The names in the value of each variable."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(str(row["key"]), set()).update(_names(row["value"]))
    for line in lines:
        name = re.match(r'pm\.variables\.set\("([^"]+)"', line)
        if name:
            found.setdefault(name[1], set()).update(_names(line))
    return found


def _requests(items: Sequence[JsonObject], path: str, outer: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The path of each request, and the names in it and in the auth and scripts of its folders."""
    for item in items:
        own = outer | _names([item.get("auth"), item.get("event"), item.get("request")])
        place = f"{path}/{item['name']}" if path else str(item["name"])
        if "item" in item:
            yield from _requests(item["item"], place, own)
        else:
            yield place, own


def _names(value: Json) -> frozenset[str]:
    return frozenset(_NAME.findall(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))


def _all(names: Iterable[str], needed: Mapping[str, set[str]]) -> set[str]:
    """These names, and those that their values need in turn."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needed.get(name, ())
    return found
