"""A HAR file as typed records: what other programs write into it is read with patience, never trusted."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import field
from urllib.parse import urlsplit

from runner.errors import InvalidCollection
from runner.formats.format import Given
from runner.model.charset import known_charset
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.rules.text import text_of

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedPart:
    """A field of a form: a text, or a file of which the name is known and at best the content."""

    name: str
    value: str = ""
    file_name: str | None = None
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The body of a request: its text, its fields as far as the file lists them, or `data` that is not text."""

    type: str = ""
    text: str = ""
    params: tuple[PostedPart, ...] = ()
    data: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One exchange. `at` is its place in the file; `kind` the type of resource where a browser tells it.

    `status` is 0 for a request without a response; `text` is empty for a response that is not text or was not kept.
    """

    at: int
    method: str
    url: str
    headers: Pairs = ()
    posted: Posted | None = None
    status: int = 0
    reason: str = ""
    response_headers: Pairs = ()
    set_cookies: Pairs = ()
    type: str = ""
    text: str = ""
    page: str = ""
    kind: str = ""
    started: str = ""
    to: str = ""

    def header(self, name: str) -> str:
        """The last value of a request header; empty if it is missing."""
        return next((value for key, value in reversed(self.headers) if key.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Recording:
    """All entries in the order of their beginnings, and the titles of pages by their ids.

    `damaged` are the places of those in the file that are not requests to an address.
    """

    entries: tuple[Entry, ...]
    pages: dict[str, str] = field(default_factory=dict)
    damaged: tuple[int, ...] = ()


def read_recording(given: Given) -> Recording:
    """The recording in a text; raises `InvalidDocument`, or `InvalidCollection` if it is not a HAR."""
    document = given.document
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(log, dict) or not isinstance(entries, list):
        raise InvalidCollection("this is not a HAR file: it has no log.entries", where=given.path)
    read = [_entry(at, one) for at, one in enumerate(entries)]
    found = [entry for entry in read if entry is not None]
    found.sort(key=lambda entry: entry.started)  # stable: programs without times keep their order
    pages = {_text(one.get("id")): _text(one.get("title")) for one in _objects(log.get("pages"))}
    return Recording(tuple(found), pages, tuple(at for at, entry in enumerate(read) if entry is None))


def _entry(at: int, source: Json) -> Entry | None:
    request = _object(source.get("request")) if isinstance(source, dict) else {}
    url = _text(request.get("url"))
    if not isinstance(source, dict) or not _is_url(url):
        return None
    response = _object(source.get("response"))
    content = _object(response.get("content"))
    headers, answered = _pairs(request.get("headers")), _pairs(response.get("headers"))
    sent = {name.lower() for name, _ in headers}
    if "cookie" not in sent and (cookies := _pairs(request.get("cookies"))):
        headers = (*headers, ("Cookie", "; ".join(f"{name}={value}" for name, value in cookies)))
    type = _text(content.get("mimeType")) or next((value for key, value in answered if key.lower() == "content-type"), "")
    set_cookies = tuple(cookie for name, value in answered if name.lower() == "set-cookie" for cookie in _cookies(value))
    location = next((value for key, value in answered if key.lower() == "location"), "")
    return Entry(
        at=at,
        method=(_text(request.get("method")) or "GET").upper(),
        url=url,
        headers=headers,
        posted=_posted(request.get("postData"), headers),
        status=status if isinstance(status := response.get("status"), int) and status > 0 else 0,
        reason=_text(response.get("statusText")),
        response_headers=answered,
        set_cookies=set_cookies or _pairs(response.get("cookies")),
        type=type,
        text=_content(content, type),
        page=_text(source.get("pageref")),
        kind=_text(source.get("_resourceType")).lower(),
        started=_text(source.get("startedDateTime")),
        to=location or _text(response.get("redirectURL")),
    )


def _is_url(text: str) -> bool:
    try:
        return bool(urlsplit(text).scheme)
    except ValueError:
        return False


def _posted(source: Json, headers: Pairs) -> Posted | None:
    if not isinstance(source, dict):
        return None
    said = next((value for key, value in headers if key.lower() == "content-type"), "")
    type = _text(source.get("mimeType")) or said
    text, data = _text(source.get("text")), None
    if "base64" in (source.get("encoding"), source.get("_encoding")):
        raw = _unpacked(text)
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text, data = "", raw
    params = tuple(
        PostedPart(
            name=_text(one.get("name")),
            value=_text(one.get("value")),
            file_name=_text(one["fileName"]) if one.get("fileName") else None,
            content_type=_text(one.get("contentType")),
        )
        for one in _objects(source.get("params"))
    )
    return Posted(type=type, text=text, params=params, data=data) if text or params or data or type else None


def _content(content: JsonObject, type: str) -> str:
    text = _text(content.get("text"))
    if content.get("encoding") != "base64":
        return text
    named = _CHARSET.search(type)
    try:
        return _unpacked(text).decode((known_charset(named[1]) if named else None) or "utf-8")
    except UnicodeDecodeError:
        return ""


def _unpacked(text: str) -> bytes:
    try:
        return b64decode(text)
    except ValueError:
        return b""


_CHARSET = re.compile(r"charset=[\"']?([^\s;\"']+)", re.IGNORECASE)
_COOKIE = re.compile(r"\s*+([^=;]+)=([^;]*)")


def _cookies(header: str) -> Pairs:
    """The cookies of a `Set-Cookie` header; some programs join several of them by line ends."""
    found = (_COOKIE.match(line) for line in header.split("\n"))
    return tuple((match[1].strip(), match[2].strip().strip('"')) for match in found if match)


def _pairs(source: Json) -> Pairs:
    """Names and values; those of HTTP/2's own fields (`:authority`) are left out."""
    pairs = [(_text(one.get("name")).strip(), _text(one.get("value"))) for one in _objects(source)]
    return tuple((name, value) for name, value in pairs if name and not name.startswith(":"))


def _objects(source: Json) -> list[JsonObject]:
    return [one for one in source if isinstance(one, dict)] if isinstance(source, list) else []


def _object(source: Json) -> JsonObject:
    return source if isinstance(source, dict) else {}


def _text(value: Json) -> str:
    return "" if value is None else text_of(value)
