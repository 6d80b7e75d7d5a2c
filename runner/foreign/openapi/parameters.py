"""Parameters as rows: how a value is written for its place, style and explode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from runner.foreign.openapi.media import URLENCODED, Media, bare
from runner.model.json import Json, JsonObject
from runner.rules.text import json_text, text_of

IMPLICIT = frozenset({"content-type", "accept", "authorization"})
"""Headers that body, responses and auth make; parameters of these names do not count (OpenAPI)."""

STYLES = {
    "path": ("simple", "matrix", "label"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject", "tabDelimited"),
    "cookie": ("form", "cookie"),
}
"""The styles of each place, the one by default first; a header is always simple."""

SEPARATORS = {"spaceDelimited": "%20", "pipeDelimited": "|", "tabDelimited": "%09"}


class Pair(NamedTuple):
    """A name with its value; None where a query has only the name."""

    key: str
    value: str | None


def pairs_of(param: JsonObject, value: Json, kind: str) -> list[Pair]:
    """What a value of a parameter becomes: one name with its value, or several where it is exploded.

    `kind` is the type of its schema, which tells an empty object from an empty text.
    """
    name, place = str(param.get("name", "")), param.get("in")
    styles = STYLES.get(str(place), ("simple",))
    style = param.get("style") if param.get("style") in styles else styles[0]
    explode = param["explode"] if isinstance(param.get("explode"), bool) else style in ("form", "deepObject", "cookie")
    if style in ("form", "cookie") and explode and isinstance(value, list | dict):
        entries = value.items() if isinstance(value, dict) else [(name, item) for item in value]
        return [Pair(key, _text(item)) for key, item in entries]
    if style == "deepObject" and isinstance(value, dict):
        return list(_deep(name, value))
    return [Pair(name, _written(str(style), name, value, explode=explode and style not in SEPARATORS, kind=kind))]


def _written(style: str, name: str, value: Json, *, explode: bool, kind: str) -> str:
    """A value as one text in a style."""
    is_object = kind == "object" or isinstance(value, dict)
    if style == "matrix":
        start = ";" if is_object and explode else f";{name}="
        between, equals = (";", "=") if explode else (",", ",")
        if explode and isinstance(value, list):
            return "".join([f";{name}={_text(item)}" for item in value])
    elif style == "label":
        start, between, equals = ".", ".", "=" if explode else "."
    else:
        between = SEPARATORS.get(style, ",")
        start, equals = "", "=" if style == "simple" and explode else between
    if isinstance(value, list):
        return start + between.join(map(_text, value))
    if isinstance(value, dict):
        return start + between.join([f"{key}{equals}{_text(item)}" for key, item in value.items()])
    return start + _text(value)


def _deep(name: str, value: JsonObject) -> Sequence[Pair]:
    found: list[Pair] = []
    for key, item in value.items():
        inner = dict(enumerate(item)) if isinstance(item, list) else item
        if isinstance(inner, dict) and inner:
            found += _deep(f"{name}[{key}]", inner)
        else:
            found.append(Pair(f"{name}[{key}]", _text(item)))
    return found


def _text(value: Json) -> str:
    if value is None:
        return ""
    return json_text(value) if isinstance(value, dict) else text_of(value)


def _query_string(media_type: str, described: JsonObject, value: Json) -> list[Pair]:
    """A whole query: the fields of a form, else one text without a name."""
    if isinstance(value, dict) and bare(media_type) == URLENCODED:
        found = [
            pairs_of({"name": name, "in": "query", **style_of(described, name)}, item, "") for name, item in value.items()
        ]
        return [pair for pairs in found for pair in pairs]
    text = value if isinstance(value, str) else json_text(value)
    return [Pair(text.replace("%", "%25").replace("&", "%26").replace("=", "%3D").replace("#", "%23"), None)]


def style_of(described: JsonObject, name: str) -> JsonObject:
    """How a field of a form is written."""
    encodings = described.get("encoding")
    encoding = encodings.get(name) if isinstance(encodings, dict) else None
    return (
        {key: value for key, value in encoding.items() if key in ("style", "explode")} if isinstance(encoding, dict) else {}
    )


class Rows(NamedTuple):
    """The rows of a request that its parameters make."""

    query: list[JsonObject]
    headers: list[JsonObject]
    variables: list[JsonObject]


class Parameters:
    """Makes rows of parameters."""

    def __init__(self, media: Media, *, optional: bool, deprecated: bool, implicit_headers: bool) -> None:
        self._media = media
        self._optional = optional
        self._deprecated = deprecated
        self._implicit_headers = implicit_headers

    def rows(self, parameters: Sequence[JsonObject], key: str | None = None) -> Rows:
        """The rows of all parameters; examples named `key` are taken where a parameter has one."""
        rows = Rows([], [], [])
        cookies: list[tuple[JsonObject, list[Pair]]] = []
        for param in parameters:
            place = param.get("in")
            is_path = place == "path"
            if not is_path and not self._deprecated and param.get("deprecated") is True:
                continue
            if place == "header" and not self._implicit_headers and str(param["name"]).lower() in IMPLICIT:
                continue
            pairs = self._pairs(param, key)
            if place == "cookie":
                cookies.append((param, pairs))
            elif place in ("query", "querystring", "header", "path"):
                target = {"header": rows.headers, "path": rows.variables}.get(str(place), rows.query)
                target += [self._row(param, pair, may_be_disabled=not is_path) for pair in pairs]
        if cookies:
            rows.headers.append(self._cookie_header(cookies))
        return rows

    def _pairs(self, param: JsonObject, key: str | None) -> list[Pair]:
        content = param.get("content")
        if not isinstance(content, dict) or not content:
            return pairs_of(param, self._media.value_of(param, key), self._media.view(param.get("schema")).kind)
        own: JsonObject = {name: param[name] for name in ("example", "examples") if name in param}
        media_type = next(iter(content))
        described = {**self._media.document.resolved(content[media_type]), **own}
        value = self._media.value_of(described, key)
        if param.get("in") == "querystring":
            return _query_string(media_type, described, value)
        return [Pair(str(param["name"]), value if isinstance(value, str) else json_text(value))]

    def _row(self, param: JsonObject, pair: Pair, *, may_be_disabled: bool = True) -> JsonObject:
        row: JsonObject = {"key": pair.key, "value": pair.value}
        if description := self.description(param):
            row["description"] = description
        if may_be_disabled and not self._optional and param.get("required") is not True:
            row["disabled"] = True
        return row

    def description(self, param: JsonObject) -> str:
        """The description of a parameter, with whether it is required and which values it may have."""
        schema = param.get("schema")
        options = schema.get("enum") if isinstance(schema, dict) else None
        parts = (
            "(Required)" if param.get("required") is True else "",
            param["description"] if isinstance(param.get("description"), str) else "",
            f"(This can only be one of {text_of(options)})" if isinstance(options, list) else "",
        )
        return " ".join([part for part in parts if part])

    def _cookie_header(self, cookies: list[tuple[JsonObject, list[Pair]]]) -> JsonObject:
        """All cookies as one header: a request has only one."""
        is_needed = any(param.get("required") is True for param, _ in cookies)
        kept = [(param, pairs) for param, pairs in cookies if self._optional or not is_needed or param.get("required")]
        row: JsonObject = {"key": "Cookie", "value": "; ".join([f"{p.key}={p.value}" for _, pairs in kept for p in pairs])}
        told = [f"{param['name']}: {text}" for param, _ in kept if (text := self.description(param))]
        if told:
            row["description"] = "\n".join(told)
        return {**row, "disabled": True} if not self._optional and not is_needed else row
