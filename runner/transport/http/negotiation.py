"""Which version of HTTP a request uses: depends on `protocolVersion` (http1, http2, auto) and on the server."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from runner.errors import RequestError, UsageError
from runner.model.request import PreparedRequest
from runner.transport.connections import Connections
from runner.transport.limits import Limits
from runner.transport.raw_response import Headers, RawResponse
from runner.transport.route import Route

if TYPE_CHECKING:
    from runner.transport.http.http2 import Http2

HINT = "install it with: pip install 'postrunner[http2]'"


def http2_available() -> bool:
    """Whether the package `h2` is installed."""
    import importlib.util

    return importlib.util.find_spec("h2") is not None


def check_http2(wanted: bool) -> None:
    """Raise `UsageError` if `--http2` is wanted and the package `h2` is missing."""
    if wanted and not http2_available():
        raise UsageError("--http2 needs the package h2", hint=HINT)


class Negotiation:
    """Sends requests over HTTP/2 if they ask for it; may be used from several threads.

    `http2` uses HTTP/2 or fails; without TLS the server is assumed to speak it (RFC 9113 section 3.3). `auto` offers it to
    https servers; those that choose HTTP/1.1 are remembered and get exactly the same bytes as without `auto`.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._http2: Http2 | None = None
        self._only_http1: set[Route] = set()
        self._lock = threading.Lock()

    def send(self, request: PreparedRequest, route: Route, headers: Headers, limits: Limits) -> RawResponse | None:
        """The response over HTTP/2, None if HTTP/1.1 must be used; raises `RequestError`."""
        forced = request.behavior.protocol_version == "http2"
        if forced:
            _check_possible(route)
        elif route.scheme != "https" or route in self._only_http1 or not http2_available() or _is_socks(route):
            return None
        from runner.transport.http.http2 import Http2, NotNegotiated

        with self._lock:
            self._http2 = self._http2 or Http2(self._connections)
        try:
            return self._http2.send(request, route, headers, limits)
        except NotNegotiated:
            if forced:
                raise _error("the server does not speak HTTP/2", "protocolVersion auto lets it choose HTTP/1.1") from None
            self._only_http1.add(route)
            return None

    def close(self) -> None:
        """Close the connections without requests."""
        if self._http2 is not None:
            self._http2.close()


def _is_socks(route: Route) -> bool:
    return route.proxy is not None and route.proxy.is_socks


def _check_possible(route: Route) -> None:
    if not http2_available():
        raise _error("HTTP/2 needs the package h2", HINT)
    if _is_socks(route):
        raise _error("HTTP/2 does not go through a SOCKS proxy", "protocolVersion auto uses HTTP/1.1 there")
    if route.proxy is not None and route.scheme != "https":
        raise _error("HTTP/2 without TLS does not go through a proxy", "protocolVersion auto uses HTTP/1.1 there")


def _error(text: str, hint: str) -> RequestError:
    return RequestError(text, code="ERR_HTTP2_ERROR", hint=hint)
