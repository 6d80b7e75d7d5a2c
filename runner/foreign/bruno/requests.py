"""A request of Bruno as the collection format has it: URL, headers, body, settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runner.foreign.bruno.model import NONE, Body, Request, Row
from runner.formats.postman.v2_url import dump_url
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import replace
from runner.model.request import QueryParam
from runner.rules.mime import UNKNOWN, content_type
from runner.rules.url import parse_url

LANGUAGES = {"json": "json", "xml": "xml", "text": "text", "sparql": "text"}
OF_SPARQL = "application/sparql-query"
IMPLIED = {"json": "application/json", "xml": "application/xml", "text": "text/plain", "graphql": "application/json"}
"""The `Content-Type` that Bruno sends with a body of a mode if the request does not say one."""


def url_of(request: Request) -> JsonObject:
    """The URL with its parameters, those that are switched off, too.

    What stands in the URL is what Bruno sends; the rows only tell what is switched off, or all of it if it has no query.
    """
    url = parse_url(request.url.strip())
    rows = [row for row in request.query if row.name or row.value]
    enabled = [(row.name, row.value) for row in rows if row.enabled]
    sent = url.query or ()
    if sent and enabled == [(param.key or "", param.value or "") for param in sent]:
        left = iter(sent)
        query = [{**_param(next(left)), **_described(row)} if row.enabled else _entry(row) for row in rows]
    else:
        query = [_param(param) for param in sent]
        query += [_entry(row) for row in rows if not row.enabled or not sent]
    made = dump_url(replace(url, query=None), None) if query else dump_url(url, request.url.strip())
    if query:
        made["raw"] = request.url.strip()
        made["query"] = query
    path = [{"key": row.name, "value": row.value, **_described(row)} for row in request.path]
    return {**made, **({"variable": path} if path else {})}


def _param(param: QueryParam) -> JsonObject:
    return {"key": param.key, "value": param.value}


def _entry(row: Row) -> JsonObject:
    return {"key": row.name, "value": row.value, **({} if row.enabled else {"disabled": True}), **_described(row)}


def _described(row: Row) -> JsonObject:
    return {"description": row.description} if row.description else {}


def header_of(row: Row) -> JsonObject:
    """One header."""
    return _entry(row)


def inherited(own: list[Row], *outer: list[Row]) -> list[Row]:
    """The headers of a request with those of its folders and the collection: the nearest of a name counts."""
    found = list(own)
    for level in outer:
        taken = {row.name.lower() for row in found if row.enabled}
        found += [row for row in level if row.enabled and row.name.lower() not in taken]
    return found


def body_of(body: Body, headers: list[Row]) -> tuple[JsonObject | None, list[str]]:
    """The body, and what cannot be carried over; a header that its mode implies is added to `headers`."""
    if body.unused:
        made, notes = _body_of(body, [])
        return made and {**made, "disabled": True}, notes
    return _body_of(body, headers)


def _body_of(body: Body, headers: list[Row]) -> tuple[JsonObject | None, list[str]]:
    notes: list[str] = []
    if body.mode in LANGUAGES:
        if body.mode == "sparql":
            _imply(headers, OF_SPARQL)
        return {"mode": "raw", "raw": body.text, "options": {"raw": {"language": LANGUAGES[body.mode]}}}, notes
    if body.mode == "graphql":
        return {"mode": "graphql", "graphql": {"query": body.text, "variables": body.variables}}, notes
    if body.mode == "formUrlEncoded":
        return {"mode": "urlencoded", "urlencoded": [_entry(row) for row in body.rows]}, notes
    if body.mode == "multipartForm":
        return {"mode": "formdata", "formdata": [_field(row) for row in body.rows]}, notes
    if body.mode == "file":
        chosen = next((row for row in body.rows if row.enabled), None)
        if chosen is None:
            return {"mode": "file", "file": {}}, notes
        path = chosen.files[0] if chosen.files else chosen.value
        if chosen.content_type not in ("", content_type(path) or UNKNOWN):
            _imply(headers, chosen.content_type)
        notes += [
            f"{', '.join(row.files)} is not chosen as the body" for row in body.rows if row is not chosen and row.files
        ]
        return {"mode": "file", "file": {"src": path}}, notes
    if body.mode not in (NONE, ""):
        notes.append(f"a body of the mode {body.mode} is unknown to Postman")
    return None, notes


def _imply(headers: list[Row], type: str) -> None:
    if not any(row.enabled and row.name.lower() == "content-type" for row in headers):
        headers.append(Row("Content-Type", type))


def _field(row: Row) -> JsonObject:
    made = {key: value for key, value in _entry(row).items() if key != "value"}
    if row.kind == "file":
        made |= {"type": "file", "src": row.files[0] if len(row.files) == 1 else list(row.files)}
    else:
        made |= {"type": "text", "value": row.value}
    return {**made, **({"contentType": row.content_type} if row.content_type else {})}


def behavior_of(request: Request, *, has_body: bool) -> tuple[JsonObject, list[str]]:
    """The `protocolProfileBehavior`, and what cannot be carried over."""
    made: JsonObject = {}
    notes = []
    settings = request.settings
    if _flag(settings, "encodeUrl") is False:
        made["disableUrlEncoding"] = True
    if _flag(settings, "followRedirects") is False:
        made["followRedirects"] = False
    if _flag(settings, "forwardAuthorizationHeader"):
        made["followAuthorizationHeader"] = True
    redirects = _number(settings.get("maxRedirects"))
    if redirects is not None:
        made["maxRedirects"] = redirects
    if _number(settings.get("timeout")):
        notes.append(f"the timeout of {settings['timeout']} ms is none of a collection: give --timeout-request")
    if has_body and request.method in ("GET", "HEAD", "COPY", "PURGE", "UNLOCK"):
        made["disableBodyPruning"] = True
    return made, notes


def _flag(settings: Mapping[str, Json], name: str) -> bool | None:
    return {"true": True, "false": False}.get(str(settings.get(name, "")).lower())


def _number(value: Json) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def enabled(rows: Iterable[Row]) -> list[Row]:
    """The rows that count."""
    return [row for row in rows if row.enabled]
