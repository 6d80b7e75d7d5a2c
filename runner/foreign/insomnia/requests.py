"""A request of Insomnia as the collection format has it: headers, body, settings."""

from __future__ import annotations

import json
from collections.abc import Sequence

from runner.foreign.insomnia.addresses import Translate
from runner.foreign.insomnia.model import Body, Request, Row
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import replace

FORM, MULTIPART, GRAPHQL = "application/x-www-form-urlencoded", "multipart/form-data", "application/graphql"
SINGLE = frozenset(
    [
        *("proxy-authorization", "content-length", "content-type", "content-encoding", "content-location"),
        *("connection", "host", "upgrade", "range", "trailer"),
    ]
)
"""Headers of which the innermost counts; the values of all others are joined by commas."""

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose requests have a body even if Insomnia's says nothing about its type."""

WITHOUT_BODY = frozenset({"GET", "HEAD", "COPY", "PURGE", "UNLOCK"})
"""Methods that Postman sends without a body unless told otherwise."""


def headers_of(request: Request, folders: Sequence[Sequence[Row]]) -> list[Row]:
    """The headers of a request, with those of the folders around it (from the outside in), as Insomnia puts them together.

    A name that is there twice is sent once, with the innermost spelling. The type of a multipart form is that of the form.
    """
    found: dict[str, Row] = {}
    off = [row for row in request.headers if not row.enabled and row.name.strip()]
    for row in (*(row for level in folders for row in level), *request.headers):
        key = row.name.lower()
        if not row.enabled or not row.name.strip():
            continue
        before = found.get(key)
        if before is None or key in SINGLE:
            found[key] = row
        else:
            found[key] = replace(row, value=f"{before.value or ''}, {row.value or ''}")
    if type_of(request.body) == MULTIPART:
        found.pop("content-type", None)
    return [*found.values(), *off]


def type_of(body: Body) -> str:
    """The media type, in lower case and without parameters."""
    return (body.type or "").partition(";")[0].strip().lower()


def has(rows: Sequence[Row], name: str) -> bool:
    """Whether a header is sent."""
    return any(row.enabled and row.name.lower() == name for row in rows)


def header_of(row: Row, translate: Translate) -> JsonObject:
    """A header, or a field of a form."""
    return {
        "key": translate(row.name, row.line),
        "value": translate(row.value or "", row.line),
        **({} if row.enabled else {"disabled": True}),
        **({"description": row.description} if row.description else {}),
    }


def body_of(request: Request, translate: Translate) -> JsonObject | None:
    """The body that is sent, None if there is none."""
    body = request.body
    type = type_of(body)
    if type == FORM:
        return {"mode": "urlencoded", "urlencoded": [header_of(row, translate) for row in body.rows]}
    if type == MULTIPART:
        return {"mode": "formdata", "formdata": [_field(row, translate) for row in body.rows if row.name or row.value]}
    if body.file:
        return {"mode": "file", "file": {"src": translate(body.file, body.line)}}
    if body.type is None and request.method.upper() not in WITH_BODY:
        return None
    if not body.text:
        return None
    if not request.settings.render_body:
        return _raw(type, body.text)
    if type == GRAPHQL:
        made = _graphql(body, translate)
        if made is not None:
            return {"mode": "graphql", "graphql": made}
    return _raw("application/json" if type == GRAPHQL else type, translate(body.text, body.line))


def _raw(type: str, text: str) -> JsonObject:
    language = next((one for one in ("json", "xml", "html", "javascript") if one in type), "text")
    return {"mode": "raw", "raw": text, "options": {"raw": {"language": language}}}


def _field(row: Row, translate: Translate) -> JsonObject:
    made = header_of(row, translate)
    if row.kind == "file":
        del made["value"]
        made |= {"type": "file", "src": translate(row.file, row.line)}
    else:
        made["type"] = "text"
    return {**made, **({"contentType": row.content_type} if row.content_type else {})}


def _graphql(body: Body, translate: Translate) -> JsonObject | None:
    """The parts of a GraphQL body, None if its text is not what Insomnia's editor writes."""
    try:
        found = json.loads(body.text)
    except ValueError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("query"), str):
        return None
    if found.keys() - {"query", "variables", "operationName"}:
        return None
    made: JsonObject = {"query": translate(found["query"], body.line)}
    variables: Json = found.get("variables")
    if variables is not None:
        text = variables if isinstance(variables, str) else json.dumps(variables, indent=2, ensure_ascii=False)
        made["variables"] = translate(text, body.line)
    if isinstance(found.get("operationName"), str):
        made["operationName"] = found["operationName"]
    return made


def system_headers_off(headers: Sequence[Row], body: JsonObject | None) -> list[str]:
    """Headers that Postman adds and Insomnia does not: a type for the body, and an agent that is switched off by hand."""
    off = []
    if body is not None and body["mode"] != "formdata" and not has(headers, "content-type"):
        off.append("content-type")
    if not has(headers, "user-agent") and any(row.name.lower() == "user-agent" for row in headers):
        off.append("user-agent")
    return off


def behavior_of(request: Request, headers: Sequence[Row], body: JsonObject | None) -> tuple[JsonObject, list[str]]:
    """The `protocolProfileBehavior`, and what cannot be carried over."""
    made: JsonObject = {}
    notes = []
    settings = request.settings
    if not settings.encode_url:
        made["disableUrlEncoding"] = True
    if settings.follow_redirects == "off":
        made["followRedirects"] = False
    if not settings.send_cookies and not settings.store_cookies:
        made["disableCookies"] = True
    elif not settings.send_cookies:
        notes.append("no cookies are sent with it in Insomnia, but those of its response are stored: Postman does both")
    elif not settings.store_cookies:
        notes.append("the cookies of its response are not stored in Insomnia: Postman stores them")
    if not settings.render_body and ("{{" in request.body.text or "{%" in request.body.text):
        notes.append("Insomnia sends the body as it is written: Postman fills in the variables in it")
    if body is not None and request.method.upper() in WITHOUT_BODY:
        made["disableBodyPruning"] = True
    off = system_headers_off(headers, body)
    if off:
        made["disabledSystemHeaders"] = dict.fromkeys(off, True)
    return made, notes
