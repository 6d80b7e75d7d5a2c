"""Request bodies: one function for each mode, in the table `MODES`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import quote

from runner.chance import Chance
from runner.model.request import Body, FormParam, Header, ProtocolProfileBehavior, Request
from runner.request.headers import javascript_order
from runner.request.json_text import json_text
from runner.request.mime import UNKNOWN, content_type
from runner.request.multipart import boundary_of, decode_base64, form_text, has_part, make_boundary, multipart_bytes
from runner.request.url import utf8

BODYLESS_METHODS = frozenset({"GET", "COPY", "HEAD", "PURGE", "UNLOCK"})

LANGUAGES = {
    "html": "text/html",
    "text": "text/plain",
    "json": "application/json",
    "javascript": "application/javascript",
    "xml": "application/xml",
}

_JSON_TYPE = re.compile(r"application/(\S+\+)?json")
_FORM_TYPE = re.compile(r"application/x-www-form-urlencoded\b")
_COMMENTS = re.compile(r'("(?:\\.|[^"\\]|\\\Z)*(?:"|\Z))|//[^\r\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)


class Place(Enum):
    """Where the `Content-Type` of a body goes: before the system headers, after them, or behind the length."""

    EARLY = "early"
    LATE = "late"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a body and the `Content-Type` it brings; `replaces` one of the user that does not fit the body."""

    body: bytes
    content_type: str | None = None
    place: Place = Place.EARLY
    replaces: bool = False
    streamed: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a body mode may look at beside the body: the user's `Content-Type` and the dice for a boundary."""

    content_type: str | None
    chance: Chance


def make_content(request: Request, method: str, behavior: ProtocolProfileBehavior, chance: Chance) -> Content | None:
    """The body to send, or None: methods without a body (GET, HEAD …) drop it unless `disableBodyPruning`."""
    body = request.body
    if body is None or body.disabled or (method in BODYLESS_METHODS and not behavior.disable_body_pruning):
        return None
    return MODES.get(body.mode or "raw", raw)(body, Surroundings(user_content_type(request.headers), chance))


def user_content_type(headers: tuple[Header, ...]) -> str | None:
    """The last enabled `Content-Type` of a request."""
    found = [h.value or "" for h in headers if not h.disabled and h.key.lower() == "content-type"]
    return found[-1] if found else None


def raw(body: Body, around: Surroundings) -> Content | None:
    """Text as it is, an object or list as JSON; a number, a boolean and nothing are no body (Postman)."""
    if not isinstance(body.raw, str | dict | list) or not body.raw:
        return None
    text = form_text(body.raw)
    options = body.options.get("raw")
    language = options.get("language") if isinstance(options, dict) else None
    if language == "json" or (not language and _JSON_TYPE.match(around.content_type or "")):
        text = strip_comments(text)
    return Content(utf8(text), LANGUAGES.get(language or "text", LANGUAGES["text"]))


def strip_comments(text: str) -> str:
    """JSON without `//` and `/* */` comments; what is inside of strings stays."""
    return _COMMENTS.sub(lambda found: found[1] or "", text) if "//" in text or "/*" in text else text


def urlencoded(body: Body, around: Surroundings) -> Content | None:
    """Keys of the same name are grouped at the first, whole numbers come first: the order of a JavaScript object."""
    text = urlencoded_text(body.urlencoded)
    if text is None:
        return None
    replaces = not _FORM_TYPE.match(around.content_type or "")
    return Content(utf8(text), "application/x-www-form-urlencoded", Place.LATE, replaces)


def urlencoded_text(params: tuple[FormParam, ...]) -> str | None:
    """An urlencoded form as text, None when no parameter is enabled."""
    grouped: dict[str, list[str]] = {}
    for param in params:
        if not param.disabled:
            grouped.setdefault(param.key or "", []).append("" if param.value is None else form_text(param.value))
    if not grouped:
        return None
    return "&".join(f"{_quoted(key)}={_quoted(value)}" for key in javascript_order(grouped) for value in grouped[key])


def _quoted(text: str) -> str:
    return quote(utf8(text), safe="")


def formdata(body: Body, around: Surroundings) -> Content | None:
    """Multipart; the boundary of a user's `Content-Type` is honoured, another `Content-Type` is replaced.

    Without any part, because all parameters are disabled or their files are missing, there is no body (Postman).
    """
    if not any(has_part(param) for param in body.formdata):
        return None
    own = boundary_of(around.content_type)
    boundary = own or make_boundary(around.chance)
    type = f"multipart/form-data; boundary={boundary}"
    return Content(multipart_bytes(body.formdata, boundary), type, Place.LATE, replaces=not own, streamed=True)


def file(body: Body, around: Surroundings) -> Content | None:
    """The bytes of a file, its `Content-Type` by extension; a missing file is no body (Postman)."""
    source = (body.file or {}).get("src")
    if source and isinstance(source, str):
        if body.content is None:
            return None
        return Content(body.content, content_type(source) or UNKNOWN, Place.LAST, streamed=True)
    inline = (body.file or {}).get("content")
    return Content(decode_base64(inline)) if inline and isinstance(inline, str) else None


def graphql(body: Body, around: Surroundings) -> Content | None:
    """`query`, `operationName` and `variables`; variables given as text go in as they are."""
    content = body.graphql
    if not content or not isinstance(content, dict):
        return None
    if not isinstance(content.get("variables"), str):
        text = json_text({key: content[key] for key in ("query", "operationName", "variables") if key in content})
    else:
        text = _with_text_variables(content)
    return Content(utf8(text), LANGUAGES["json"])


def _with_text_variables(content: dict[str, Any]) -> str:
    parts = [
        f'"{key}":{json_text(content[key])}' for key in ("query", "operationName") if isinstance(content.get(key), str)
    ]
    if content["variables"].strip():
        parts.append(f'"variables":{content["variables"]}')
    return "{" + ",".join(parts) + "}"


MODES: dict[str, Callable[[Body, Surroundings], Content | None]] = {
    "raw": raw,
    "urlencoded": urlencoded,
    "formdata": formdata,
    "file": file,
    "graphql": graphql,
}
