"""URLs back to the JSON of the collection format."""

from __future__ import annotations

from runner.deep_json import equal
from runner.model.json import Json, JsonObject
from runner.model.request import FormParam, Header, QueryParam, Url
from runner.rules.url import parse_url, url_text


def dump_url(url: Url, source: Json) -> JsonObject:
    """The parts of a URL as the collection format has them: `source` itself if it still says the same."""
    same = source is not None and equal(parse_url(source), url)
    if same and isinstance(source, dict) and all(isinstance(source.get(key, []), list) for key in ("host", "path")):
        return source
    parts: JsonObject = {"raw": source if same and isinstance(source, str) else url_text(url)}
    if url.protocol is not None:
        parts["protocol"] = url.protocol
    if url.user is not None or url.password is not None:
        parts["auth"] = {"user": url.user, "password": url.password}
    if url.host:
        parts["host"] = list(url.host)
    if url.port is not None:
        parts["port"] = url.port
    if url.path is not None:
        parts["path"] = list(url.path)
    if url.query is not None:
        parts["query"] = [dump_entry(param) for param in url.query]
    if url.hash is not None:
        parts["hash"] = url.hash
    if url.variables:
        parts["variable"] = [{**(v.source or {}), "key": v.key, "value": v.value} for v in url.variables]
    return parts


def dump_entry(entry: QueryParam | FormParam | Header) -> JsonObject:
    """The JSON of a key with its value."""
    dumped: JsonObject = {"key": entry.key, "value": entry.value}
    return {**dumped, "disabled": True} if entry.disabled else dumped
