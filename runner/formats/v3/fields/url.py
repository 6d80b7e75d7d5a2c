"""The URL with its query and its path variables. The query stands in the text of the URL, and again in `queryParams`."""

from __future__ import annotations

from runner.formats.postman.v2_url import dump_url
from runner.formats.v3.fields.rows import read_rows, text_or_nothing, write_rows
from runner.formats.v3.fields.rule import Place
from runner.model.json import Json, JsonObject
from runner.rules.text import SPACES
from runner.rules.url import parse_url, url_text


def write_url(request: JsonObject, place: Place) -> Json:
    """The text of the URL; of one that is an object its `raw`, or what its parts make."""
    url = request.get("url")
    if not isinstance(url, dict):
        return url if isinstance(url, str) else ""
    raw = url.get("raw")
    return raw.lstrip(SPACES) if isinstance(raw, str) and raw.strip() else url_text(parse_url(url))


def write_query(request: JsonObject, place: Place) -> Json:
    """The rows of the query; a URL that is a text has none of its own."""
    url = request.get("url")
    return write_rows(url.get("query"), text_or_nothing, text_or_nothing) if isinstance(url, dict) else None


def write_path(request: JsonObject, place: Place) -> Json:
    """The rows of the path variables, of which old ones have an `id` in place of a `key`."""
    url = request.get("url")
    rows = url.get("variable") if isinstance(url, dict) else None
    if not isinstance(rows, list):
        return None
    return write_rows([{**row, "key": row.get("key") or row.get("id")} for row in rows if isinstance(row, dict)])


def read_url(data: JsonObject, request: JsonObject) -> None:
    """The parts of the URL's text."""
    url = data["url"]
    request["url"] = {**dump_url(parse_url(url), None), "raw": url}


def read_query(data: JsonObject, request: JsonObject) -> None:
    """The query: what the URL alone has comes first, then the rows; a row takes its key out of the URL."""
    rows = read_rows(data["queryParams"])
    if not rows:
        return
    url = request.setdefault("url", {"raw": ""})
    keys = {row.get("key") for row in rows}
    url["query"] = [*(own for own in url.get("query") or [] if own["key"] not in keys), *rows]


def read_path(data: JsonObject, request: JsonObject) -> None:
    """The path variables."""
    if rows := read_rows(data["pathVariables"]):
        request.setdefault("url", {"raw": ""})["variable"] = rows
