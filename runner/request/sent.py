"""The request as it was sent, for test scripts: its URL as it stood on the wire, taken apart again (Postman)."""

from __future__ import annotations

from dataclasses import replace

from runner.errors import RequestError
from runner.model.request import Request
from runner.request.address import parse_address
from runner.rules.percent import encode_fragment
from runner.rules.url import parse_url


def with_sent_url(request: Request, *, encode: bool) -> Request:
    """The resolved request with its URL as sent; a URL that leads nowhere stays as it is."""
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
