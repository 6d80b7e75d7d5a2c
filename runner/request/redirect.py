"""The next hop of a redirect, made without side effects; the client sends it.

Every 3xx response with a `Location` is followed (Postman). Some points are safer than in Postman. `Referer` never holds
user name, password or fragment, nor, for another origin, a query with a secret. Another origin (scheme, host, port) gets
neither the user's `Cookie` nor (unless `followAuthorizationHeader` is on) headers that an auth type made or whose name
marks a secret. A dropped header does not come back if a later redirect leads back. A UTF-8 `Location` is read as UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import replace

from runner.errors import RequestError
from runner.model.request import PreparedRequest
from runner.model.response import Response
from runner.request.address import Address, parse_address
from runner.request.headers import basic_authorization
from runner.rules.url import parse_url
from runner.secrets import names_a_secret, secret_fields

MAX_REDIRECTS = 10

_ABSOLUTE = re.compile(r"https?:|[a-z0-9.+-]+:(//|\\\\).", re.IGNORECASE)
_BODY_HEADERS = frozenset({"content-type", "content-length", "transfer-encoding"})


def next_hop(prepared: PreparedRequest, response: Response, count: int) -> PreparedRequest | None:
    """The request that follows `response` to `prepared`, None if that response is final.

    `prepared` is the hop as it was sent; `count` is the number of redirects followed before. Raises `RequestError` after
    `maxRedirects` redirects, and for an unusable `Location`.
    """
    location = response.header("location")
    behavior = prepared.behavior
    if not location or not 300 <= response.code < 400 or behavior.follow_redirects is False:
        return None
    limit = MAX_REDIRECTS if behavior.max_redirects is None else behavior.max_redirects
    if count >= limit:
        raise RequestError(f"Exceeded maxRedirects. Probably stuck in a redirect loop {prepared.href}")
    url = parse_url(join(prepared.href, _as_utf8(location)))
    address = parse_address(url, encode=not behavior.disable_url_encoding)
    keeps = response.code in (307, 308) or behavior.follow_original_http_method
    method = prepared.method if keeps or prepared.method == "HEAD" else "GET"
    hop = replace(
        prepared,
        method=method,
        scheme=address.scheme,
        host=address.connect_host,
        port=address.connect_port,
        target=address.target,
        href=address.href,
        headers=_headers(prepared, address, keeps),
    )
    return hop if keeps else replace(hop, body=b"", has_body=False, head_encoding="latin-1")


def join(base: str, location: str) -> str:
    """A `Location` made absolute by joining texts: dot segments stay (Postman)."""
    if _ABSOLUTE.match(location):
        return location
    origin, path, query = _parts(base)
    if location[:2] in ("//", "\\\\"):
        return origin.partition("//")[0] + location
    if location[0] in "/\\":
        return origin + location
    if location[0] == "?":
        return origin + path + location
    if location[0] == "#":
        return origin + path + query + location
    return origin + path[: path.rfind("/") + 1] + location


def _parts(href: str) -> tuple[str, str, str]:
    """Origin, path and query (with its `?`) of a whole URL."""
    front, mark, query = href.partition("?")
    start = front.index("/", front.index("://") + 3)
    return front[:start], front[start:], mark + query


def _as_utf8(location: str) -> str:
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location


def _headers(prepared: PreparedRequest, address: Address, keeps: bool) -> tuple[tuple[str, str], ...]:
    dropped = {"host"}
    if not keeps:
        dropped |= _BODY_HEADERS
    if not _same_origin(prepared, address):
        dropped.add("cookie")
        if not prepared.behavior.follow_authorization_header:
            dropped |= {name.lower() for name, _ in prepared.headers if names_a_secret(name)} | prepared.auth_headers
    kept = [(name, value) for name, value in prepared.headers if name.lower() not in dropped]
    if not prepared.behavior.remove_referer_header_on_redirect:
        kept = _with_referer(kept, prepared, address)
    host_name = next((name for name, _ in prepared.headers if name.lower() == "host"), "Host")
    kept.append((host_name, address.host_header))
    if keeps and _is_form(prepared):
        kept = _with_form_last(kept)
    if (address.user or address.password is not None) and not any(name.lower() == "authorization" for name, _ in kept):
        kept.append(("Authorization", basic_authorization(address)))
    return tuple(kept)


def _is_form(prepared: PreparedRequest) -> bool:
    streamed = prepared.cookie_before_length  # true of forms and files only
    return streamed and any(
        name.lower() == "content-type" and value.lower().startswith("multipart/form-data")
        for name, value in prepared.headers
    )


def _with_form_last(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers with those of the form at the end: Postman makes the form again for each hop."""
    moved = {name.lower(): value for name, value in headers if name.lower() in ("content-type", "content-length")}
    rest = [pair for pair in headers if pair[0].lower() not in moved]
    return [*rest, *((name, moved[name.lower()]) for name in ("Content-Type", "Content-Length") if name.lower() in moved)]


def _with_referer(headers: list[tuple[str, str]], prepared: PreparedRequest, address: Address) -> list[tuple[str, str]]:
    """The headers with the URL that led here as the only `Referer`: where the first one stood, with its case, else last.

    For another origin the URL has no query if that holds a secret: a field with a secret name, or one of an auth type.
    """
    page, mark, _ = prepared.href.partition("?")
    secret = mark and (prepared.auth_in_query or secret_fields(prepared.href))
    referer = page if secret and not _same_origin(prepared, address) else prepared.href
    at = next((n for n, (name, _) in enumerate(headers) if name.lower() == "referer"), None)
    if at is None:
        return [*headers, ("Referer", referer)]
    rest = [pair for pair in headers[at + 1 :] if pair[0].lower() != "referer"]
    return [*headers[:at], (headers[at][0], referer), *rest]


def same_origin(one: PreparedRequest, other: PreparedRequest) -> bool:
    """Whether two requests go to the same scheme, host and port."""
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _same_origin(prepared: PreparedRequest, address: Address) -> bool:
    there = (address.scheme, address.connect_host, address.connect_port)
    return there == (prepared.scheme, prepared.host, prepared.port)
