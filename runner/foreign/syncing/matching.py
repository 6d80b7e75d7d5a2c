"""Which requests are the same: those of one method and path, whatever the names of variables in it and its host."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from runner.model.json import Json, JsonObject
from runner.model.request import Url
from runner.rules.url import parse_url

_NAME = re.compile(r"\{\{[^{}]*\}\}")

Key = tuple[str, tuple[str, ...]]


class Place(NamedTuple):
    """A request with the names of the folders that it lies in."""

    folders: tuple[str, ...]
    item: JsonObject

    def __str__(self) -> str:
        return "/".join([*self.folders, str(self.item.get("name", ""))])


def places(items: Json, folders: tuple[str, ...] = ()) -> Iterator[Place]:
    """Every request below these items."""
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("item"), list):
            yield from places(item["item"], (*folders, str(item.get("name", ""))))
        elif isinstance(item, dict) and "request" in item:
            yield Place(folders, item)


def url_of(item: JsonObject) -> Url:
    """The URL of a request, which may be all that there is of it."""
    request = item.get("request")
    return parse_url(request.get("url") if isinstance(request, dict) else request)


def key_of(item: JsonObject, bases: Sequence[tuple[str, ...]] = ()) -> Key:
    """Method and path of a request, without the segments of the longest of `bases` that the path begins with."""
    request = item.get("request")
    method = str(request.get("method") or "GET") if isinstance(request, dict) else "GET"
    url = url_of(item)
    path = [_shape(segment) for segment in url.path or () if segment]
    if url.host and not url.host[0].startswith("{{"):
        path = path[max([len(base) for base in bases if tuple(path[: len(base)]) == base], default=0) :]
    return method.upper(), tuple(path)


def base_path(variables: Json) -> tuple[str, ...]:
    """The path of the address that the variable `baseUrl` has."""
    rows = variables if isinstance(variables, list) else []
    value = next((row.get("value") for row in rows if isinstance(row, dict) and row.get("key") == "baseUrl"), "")
    return tuple([_shape(segment) for segment in parse_url(value).path or () if segment])


def is_variable(segment: str) -> bool:
    """Whether a segment of a path is a path variable, or a variable as a whole."""
    return (segment.startswith(":") and len(segment) > 1) or _NAME.fullmatch(segment) is not None


def _shape(segment: str) -> str:
    return "{}" if is_variable(segment) else _NAME.sub("{}", segment)
