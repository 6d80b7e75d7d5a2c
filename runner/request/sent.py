"""The request as it was sent, for reports and test scripts (Postman)."""

from __future__ import annotations

from functools import lru_cache

from runner.errors import RequestError
from runner.model.quick_dataclass import replace
from runner.model.request import Header, PreparedRequest, Request
from runner.request.address import parse_address
from runner.rules.percent import encode_fragment
from runner.rules.url import parse_url


def with_sent_url(request: Request, *, encode: bool, prepared: PreparedRequest | None = None) -> Request:
    """The resolved request with its URL as sent; a URL without an address stays as it is.

    `prepared` is what went out for this request, None if nothing did.
    """
    url, fragment = request.url, request.url.hash
    if prepared is not None and url.user is None and url.password is None:
        text = prepared.href
    else:
        try:
            address = parse_address(url, encode=encode)
        except RequestError:
            return request
        login = "" if address.user is None and address.password is None else address.user or ""
        if address.password is not None:
            login += f":{address.password}"
        if address.user is not None or address.password is not None:
            login += "@"
        text = f"{address.scheme}://{login}{address.host_header}{address.target}"
    tail = "" if fragment is None else "#" + (encode_fragment(fragment) if encode else fragment)
    return replace(request, url=parse_url(text + tail))


OVERWRITTEN = frozenset({"cookie", "content-length"})
"""Headers that the request shows as they went out, even if it has its own."""


def as_sent(request: Request, sent: tuple[tuple[str, str], ...]) -> Request:
    """The request with the headers that went out; those that the runner added are marked as `system` (Postman)."""
    if not request.headers:
        return replace(request, headers=tuple([_added(key, value) for key, value in sent]))
    made = OVERWRITTEN & {key.lower() for key, _ in sent}
    kept = tuple(header for header in request.headers if header.disabled or header.key.lower() not in made)
    own = {header.key.lower() for header in kept if not header.disabled}
    added = [_added(key, value) for key, value in sent if key.lower() not in own]
    if len(kept) < len(request.headers):
        replaced = {header.key.lower() for header in request.headers} - own
        added.sort(key=lambda header: header.key.lower() in replaced)
    return replace(request, headers=(*kept, *added))


@lru_cache(maxsize=64)
def _added(key: str, value: str) -> Header:
    """A header that the runner added; most are the same in each request."""
    return Header(key, value, system=True)
