"""What the HTML report embeds of requests, bodies, script errors and iterations: small JSON, masked."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from urllib.parse import parse_qsl

from runner.deep_json import dumps
from runner.events import ConsoleLogged, RequestEvent, ScriptFinished
from runner.model.charset import known_charset
from runner.model.collection import Script
from runner.model.json import JsonObject
from runner.model.request import Body, PreparedRequest
from runner.model.response import Exchange, Response
from runner.reporters.json.shapes import body_json, request_error_json, script_error_json
from runner.reporters.omit import Omit
from runner.reporters.script_lines import NO_SCRIPT
from runner.reporters.text import console_text, url_of
from runner.secrets import Secrets

AROUND = 2
"""Lines of a script that are shown before and after the line with the error."""

BODY, RESERVE = 64_000, 16_384
"""The most characters of a body that are shown, and how many more are kept until the page is written."""

DUMPED = 512
"""The most bytes that are kept of a binary body."""

PICTURE = 100_000
"""The most bytes of a picture that is shown."""

_PICTURES = re.compile(r"image/(?:png|jpeg|gif|webp|bmp|x-icon)\b", re.IGNORECASE)
_WORDS = re.compile(r"text/|multipart/|json|xml|javascript|urlencoded|graphql|yaml", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_FORM = "application/x-www-form-urlencoded"


def request_shape(event: RequestEvent, secrets: Secrets, omit: Omit) -> JsonObject:
    """One request with its response or its error."""
    exchange = event.exchange
    found: JsonObject = {
        "source": event.source,
        "method": event.method,
        "url": url_of(event),
    }
    if event.error is not None:
        found["error"] = request_error_json(event.error)
    if exchange is not None:
        return found | _exchange_shape(exchange, secrets, omit)
    pairs = ((header.key, str(header.value or "")) for header in event.request.headers if not header.disabled)
    found["headers"] = None if omit.headers else headers_shape(pairs)
    return found | {"body": _unsent_body(event.request.body, secrets, omit)}


def _exchange_shape(exchange: Exchange, secrets: Secrets, omit: Omit) -> JsonObject:
    request = exchange.request
    first = exchange.hops[0] if exchange.hops else request
    sent = first.headers
    kind = next((value for name, value in sent if name.lower() == "content-type"), "")
    found: JsonObject = {
        "headers": None if omit.headers else headers_shape(sent),
        "body": body_shape(request, kind, secrets, omitted=omit.request_bodies),
        "sent": [first.head_size, request.body_size],
        "response": _response_shape(exchange.response, secrets, omit),
    }
    if len(exchange.hops) > 1:
        hops = ((hop.method, hop.href, hop.response) for hop in exchange.hops)
        found["hops"] = [[method, url, got.code, got.status, got.time] for method, url, got in hops]
    if exchange.hops and exchange.hops[-1].reused:
        found["reused"] = True
    return found


def _response_shape(response: Response, secrets: Secrets, omit: Omit) -> JsonObject:
    phases = {name: round(value, 2) for name, value in asdict(response.timings).items() if value is not None}
    kind = response.header("content-type") or ""
    return {
        "code": response.code,
        "status": response.status,
        "time": response.time,
        "sizes": [response.sizes.header, response.sizes.body, response.body_size],
        "version": response.http_version,
        "remote": response.remote_address,
        "tls": response.tls,
        "phases": phases,
        "headers": None if omit.headers else headers_shape(response.headers),
        "body": body_shape(response, kind, secrets, omitted=omit.response_bodies),
    }


def headers_shape(headers: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Name and value of each header, in order."""
    return [[*pair] for pair in headers]


def body_shape(
    owner: PreparedRequest | Response, kind: str, secrets: Secrets, *, omitted: bool = False
) -> JsonObject | None:
    """A body, masked: `text`, with the `form` it may be, or `bytes` as latin-1 text; `finish_body` cuts it later.

    Only the beginning of a long one is kept; `more` is how many characters follow.
    """
    if not owner.body_size:
        return None
    found: JsonObject = {"type": kind, "size": owner.body_size}
    if omitted:
        return {**found, "omitted": True}
    decoded = _decoded(owner, kind, BODY + RESERVE)
    if decoded is None:
        data = bytes(owner.body) if owner.body_size <= PICTURE else owner.bytes_start(DUMPED + RESERVE)
        return {**found, "bytes": data.decode("latin-1")}
    text, more = decoded
    if more:
        return {**found, "text": text, "more": more}
    if kind.lower().startswith(_FORM):
        found["form"] = form_shape(text, secrets)
    return {**found, "text": text}


def form_shape(text: str, secrets: Secrets) -> list[list[str]]:
    """The fields of a form, decoded and masked again by name and value, as decoding can reveal a secret."""
    pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
    masked = secrets.mask_json([{"key": name, "value": value} for name, value in pairs])
    return [[secrets.mask(pair["key"]), pair["value"]] for pair in masked]


def _unsent_body(body: Body | None, secrets: Secrets, omit: Omit) -> JsonObject | None:
    if body is None or body.mode is None:
        return None
    raw = body.raw if body.mode == "raw" else None
    text = raw if isinstance(raw, str) else dumps(body_json(body), ensure_ascii=False)
    language = "" if isinstance(raw, str) else "application/json"
    held = Response(code=0, body=text.encode("utf-8", "replace"))  # nothing was prepared: it only holds the text
    return body_shape(held, language, secrets, omitted=omit.request_bodies)


def _decoded(owner: PreparedRequest | Response, kind: str, most: int) -> tuple[str, int] | None:
    """The first `most` characters of a body and the number of those that follow; None if it is binary.

    It is read as UTF-8, else in the charset it names, else as latin-1 if its type says that it is text.
    """
    named = _CHARSET.search(kind)
    charsets = ["utf-8", known_charset(named[1]) if named else "", "latin-1" if _WORDS.search(kind) else ""]
    found = (owner.text_start(most, charset) for charset in charsets if charset)
    return next((start for start in found if start is not None), None)


def finish_body(body: JsonObject, limit: int) -> None:
    """Cut a body to what the report shows: `limit` characters of a text, a picture, or the first bytes of the rest."""
    if "bytes" in body:
        data = body.pop("bytes").encode("latin-1")
        shown = _PICTURES.match(body["type"]) is not None and body["size"] <= PICTURE
        body["data"] = b64encode(data if shown else data[:DUMPED]).decode()
        body["picture"] = shown
    elif len(body.get("text", "")) > limit or "more" in body:
        more = body.pop("more", None)
        # A secret that became known later may cross the cut: the reserve behind it has been masked together with the text.
        limit = limit if more is None else max(0, min(limit, len(body["text"]) - RESERVE))
        body["cut"] = len(body["text"]) + (more or 0) - limit
        body["text"] = body["text"][:limit]
        body.pop("form", None)


def bodies(request: JsonObject) -> Iterator[JsonObject]:
    """The bodies of a request and its response."""
    for found in (request, request.get("response") or {}):
        if found.get("body"):
            yield found["body"]


def console_shape(event: ConsoleLogged, secrets: Secrets) -> list[str]:
    """Level and text of one console call."""
    return [event.level, console_text(event, secrets, " ")]


def script_shape(event: ScriptFinished, scripts: dict[str, Script]) -> JsonObject:
    """The error of a script, with the lines of the script around it."""
    error = event.error
    assert error is not None
    found: JsonObject = {
        "listen": event.listen,
        "owner": event.owner,
        "error": script_error_json(error),
    }
    lines = scripts.get(event.script_id, NO_SCRIPT).exec.split("\n")
    if error.line is not None and 0 < error.line <= len(lines):
        first = max(1, error.line - AROUND)
        shown = lines[first - 1 : error.line + AROUND]
        found["excerpt"] = [first, shown]
    return found


def data_shape(data: JsonObject) -> list[list[str]]:
    """A row of iteration data: name and value of each column as text."""
    return [[name, value if isinstance(value, str) else dumps(value)] for name, value in data.items()]
