"""Items of the collection format, made of drafts."""

from __future__ import annotations

import re

from runner.foreign.har.request.drafts import Draft
from runner.foreign.har.request.secret_values import SecretValues, basic_pair
from runner.formats.postman.v2_url import dump_url
from runner.model.json import JsonObject
from runner.model.request import BODYLESS_METHODS
from runner.rules.url import parse_url

_BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)
_BASIC = re.compile(r"Basic +(\S+)", re.IGNORECASE)


def name_of(draft: Draft) -> str:
    """The name of an item: method and path; the operation of a GraphQL request follows."""
    operation = re.search(r'"operationName"\s*:\s*"(\w+)"', draft.raw_text) if draft.mode == "raw" else None
    path = draft.address or "".join(f"/{slot.written}" for slot in draft.path) or "/"
    return f"{draft.entry.method} {path}" + (f" ({operation[1]})" if operation else "")


def url_of(draft: Draft, base: str) -> JsonObject:
    """The URL; `base` is the variable of its origin."""
    text = draft.address or f"{{{{{base}}}}}{draft.target}"
    return dump_url(parse_url(text), text)


def auth_of(draft: Draft, secrets: SecretValues) -> JsonObject | None:
    """The auth of a request whose `Authorization` is one of Bearer or Basic, which the headers then lose."""
    for slot in draft.headers:
        if slot.name.lower() != "authorization":
            continue
        bearer, basic = _BEARER.fullmatch(slot.written), _BASIC.fullmatch(slot.text)
        if bearer is not None:
            draft.headers.remove(slot)
            return _auth("bearer", {"token": bearer[1]})
        pair = basic_pair(basic[1]) if basic is not None else None
        if pair is not None:
            draft.headers.remove(slot)
            name = secrets.name_of(pair[1])
            return _auth("basic", {"username": pair[0], "password": f"{{{{{name}}}}}" if name else pair[1]})
    return None


def _auth(type: str, params: dict[str, str]) -> JsonObject:
    return {"type": type, type: [{"key": key, "value": value, "type": "string"} for key, value in params.items()]}


def body_of(draft: Draft) -> JsonObject | None:
    """The body of a request, None without one."""
    if draft.mode == "raw":
        body: JsonObject = {"mode": "raw", "raw": draft.raw_text}
        return {**body, "options": {"raw": {"language": draft.language}}} if draft.language else body
    if draft.mode == "file":
        return {"mode": "file", "file": {"content": draft.content}}
    if not draft.mode:
        return None
    rows = []
    for one in draft.form:
        row: JsonObject = {"key": one.slot.name}
        if one.file_name is not None:
            row |= {"type": "file", "src": one.file_name}
        else:
            row |= {"value": one.slot.written, "type": "text"}
        if one.content_type and draft.mode == "formdata":
            row["contentType"] = one.content_type
        rows.append(row)
    return {"mode": draft.mode, draft.mode: rows}


def item_of(draft: Draft, base: str, auth: JsonObject | None, follow: bool) -> JsonObject:
    """The item of a draft without its events; without `follow` redirects are not followed."""
    headers = [{"key": slot.name, "value": slot.written} for slot in draft.headers]
    if draft.cookies:
        headers.append({"key": "Cookie", "value": "; ".join(f"{slot.name}={slot.written}" for slot in draft.cookies)})
    request: JsonObject = {"method": draft.entry.method}
    if auth is not None:
        request["auth"] = auth
    request["header"] = headers
    body = body_of(draft)
    if body is not None:
        request["body"] = body
    request["url"] = url_of(draft, base)
    behavior: JsonObject = {}
    if body is not None and draft.entry.method in BODYLESS_METHODS:
        behavior["disableBodyPruning"] = True
    if not follow:
        behavior["followRedirects"] = False
    return {
        "name": name_of(draft),
        **({"protocolProfileBehavior": behavior} if behavior else {}),
        "request": request,
        "response": [],
    }
