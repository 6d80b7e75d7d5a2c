"""The request as it was sent, for reports and test scripts (Postman)."""

from __future__ import annotations

from dataclasses import replace

from runner.errors import RequestError
from runner.model.request import Header, Request
from runner.request.address import parse_address
from runner.rules.percent import encode_fragment
from runner.rules.url import parse_url


def with_sent_url(request: Request, *, encode: bool) -> Request:
    """The resolved request with its URL as sent; a URL without an address stays as it is."""
    try:
        address = parse_address(request.url, encode=encode)
    except RequestError:
        return request
    login = "" if address.user is None and address.password is None else address.user or ""
    if address.password is not None:
        login += f":{address.password}"
    if address.user is not None or address.password is not None:
        login += "@"
    fragment = request.url.hash
    tail = "" if fragment is None else "#" + (encode_fragment(fragment) if encode else fragment)
    text = f"{address.scheme}://{login}{address.host_header}{address.target}{tail}"
    return replace(request, url=parse_url(text))


OVERWRITTEN = frozenset({"cookie", "content-length"})
"""Headers that the request shows as they went out, even if it has its own."""


def as_sent(request: Request, sent: tuple[tuple[str, str], ...]) -> Request:
    """The request with the headers that went out; those that the runner added are marked as `system` (Postman)."""
    made = OVERWRITTEN & {key.lower() for key, _ in sent}
    kept = tuple(header for header in request.headers if header.disabled or header.key.lower() not in made)
    own = {header.key.lower() for header in kept if not header.disabled}
    added = [Header(key, value, system=True) for key, value in sent if key.lower() not in own]
    if len(kept) < len(request.headers):
        replaced = {header.key.lower() for header in request.headers} - own
        added.sort(key=lambda header: header.key.lower() in replaced)
    return replace(request, headers=(*kept, *added))
