"""URLs: what Insomnia percent-encodes and Postman does not is encoded here, so that both send the same."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.foreign.insomnia.model import Request, Row
from runner.formats.postman.v2_url import dump_url
from runner.model.json import JsonObject
from runner.model.quick_dataclass import replace
from runner.rules.url import parse_url

_VARIABLE = re.compile(r"(\{\{[^{}]*\}\})")
_NOT_IN_QUERY = re.compile(r"%(?![0-9A-Fa-f]{2})|[:/?@$+;=&\[\]{}|\\^`]")
_NOT_IN_NAME = re.compile(r"%(?![0-9A-Fa-f]{2})|[:/?@$+;=&\[\]{}|\\^`,]")
_NOT_IN_PATH = re.compile(r"%(?![0-9A-Fa-f]{2})|[&\[\]|\\^']")
_NOT_IN_VALUE = re.compile(r"%(?![0-9A-Fa-f]{2})|[:/?@$+;=&\[\]{}|\\^`,#\"<>% ]")
_PARAMETER = re.compile(r"/:([^/?#:]+)")

Translate = Callable[[str, int], str]
"""A template of a line in Postman's words."""


def url_of(request: Request, translate: Translate) -> JsonObject:
    """The URL with its parameters, those that are switched off, too."""
    encodes = request.settings.encode_url
    text = translate(request.url.strip(), request.url_line)
    url = parse_url(_encoded_url(text) if encodes else text)
    rows = [row for row in request.query if row.name]
    raw = _joined(_encoded_url(text) if encodes else text, [_pair(row, translate) for row in rows if row.enabled])
    own = [{"key": param.key, "value": param.value} for param in url.query or ()]
    query = own + [_entry(row, translate) for row in rows]
    made = dump_url(replace(url, query=None), None) if query else dump_url(url, raw)
    if query:
        made |= {"raw": raw, "query": query}
    path = [_path_variable(row, translate) for row in request.path if row.value]
    names = set(_PARAMETER.findall(text.partition("?")[0]))
    path = [row for row in path if row["key"] in names]
    return {**made, **({"variable": path} if path else {})}


def _encoded_url(text: str) -> str:
    """A URL with what is in its path and query encoded; parameters without a name are not sent, as in Insomnia."""
    rest, mark, fragment = text.partition("#")
    base, question, query = rest.partition("?")
    scheme, slashes, place = base.rpartition("://")
    host, slash, path = place.partition("/")
    path = encoded(path, _NOT_IN_PATH)
    if question:
        pairs = [pair.partition("=") for pair in query.split("&")]
        query = "&".join(encoded(key, _NOT_IN_NAME) + equals + encoded(value) for key, equals, value in pairs if key)
    return f"{scheme}{slashes}{host}{slash}{path}{question if query else ''}{query}{mark}{fragment}"


def encoded(text: str, signs: re.Pattern[str] = _NOT_IN_QUERY) -> str:
    """A text with these signs percent-encoded outside of variables."""
    parts = _VARIABLE.split(text)
    parts[::2] = [signs.sub(lambda sign: f"%{ord(sign[0]):02X}", part) for part in parts[::2]]
    return "".join(parts)


def _pair(row: Row, translate: Translate) -> str:
    entry = _entry(row, translate)
    return str(entry["key"]) if entry["value"] is None else f"{entry['key']}={entry['value']}"


def _joined(url: str, pairs: list[str]) -> str:
    if not pairs:
        return url
    base, mark, fragment = url.partition("#")
    return f"{base}{'&' if '?' in base else '?'}{'&'.join(pairs)}{mark}{fragment}"


def _entry(row: Row, translate: Translate) -> JsonObject:
    """A parameter of the query: Insomnia encodes it even where URLs are not encoded."""
    return {
        "key": encoded(translate(row.name, row.line), _NOT_IN_NAME),
        "value": None if row.value is None else encoded(translate(row.value, row.line)),
        **({} if row.enabled else {"disabled": True}),
        **({"description": row.description} if row.description else {}),
    }


def _path_variable(row: Row, translate: Translate) -> JsonObject:
    value = encoded(translate(row.value or "", row.line), _NOT_IN_VALUE)
    return {"key": row.name, "value": value, **({"description": row.description} if row.description else {})}
