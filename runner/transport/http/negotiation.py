"""Which version of HTTP a request goes out with: `protocolVersion` (http1, http2, auto) and what the server can."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from runner.errors import RequestError, UsageError
from runner.model.request import PreparedRequest
from runner.options import RunOptions
from runner.transport.limits import Limits
from runner.transport.sockets.proxy import Proxy, take_proxy_authorization, with_own_authorization
from runner.transport.sockets.tls import TlsSettings

if TYPE_CHECKING:
    from runner.transport.http.http2 import Http2
    from runner.transport.raw_response import RawResponse

HINT = "install it with: pip install 'postrunner[http2]'"
Origin = tuple[str, int, Proxy | None]


def http2_available() -> bool:
    """Whether the package `h2` is there."""
    import importlib.util

    return importlib.util.find_spec("h2") is not None


def check_options(options: RunOptions) -> None:
    """Raise `UsageError` when `--http2` was asked for and cannot be had."""
    if options.http2 and not http2_available():
        raise UsageError("--http2 needs the package h2", hint=HINT)


class Versions:
    """Sends over HTTP/2 what asks for it; may be used from several threads.

    `http2` is HTTP/2 or an error; without TLS the server is taken to know it (RFC 9113 section 3.3). `auto` offers it to
    https servers; one that chooses HTTP/1.1 is remembered, and gets its requests byte for byte as ever.
    """

    def __init__(self) -> None:
        self._http2: Http2 | None = None
        self._only_http1: set[Origin] = set()
        self._lock = threading.Lock()

    def send(self, request: PreparedRequest, tls: TlsSettings, proxy: Proxy | None, limits: Limits) -> RawResponse | None:
        """The answer over HTTP/2, None when HTTP/1.1 is to be used; raises `RequestError`."""
        forced = request.behavior.protocol_version == "http2"
        origin = (request.host, request.port, proxy)
        if forced:
            _check_possible(request, proxy)
        elif request.scheme != "https" or origin in self._only_http1 or not http2_available() or (proxy and proxy.is_socks):
            return None
        from runner.transport.http.http2 import NotNegotiated

        if proxy is not None:
            own, headers = take_proxy_authorization(request.headers)
            proxy, request = with_own_authorization(proxy, own), _with_headers(request, headers)
        try:
            return self._door().send(request, tls, proxy, limits)
        except NotNegotiated:
            if forced:
                raise _error("the server does not speak HTTP/2", "protocolVersion auto lets it choose HTTP/1.1") from None
            self._only_http1.add(origin)
            return None

    def _door(self) -> Http2:
        from runner.transport.http.http2 import Http2

        with self._lock:
            if self._http2 is None:
                self._http2 = Http2()
            return self._http2

    def close(self) -> None:
        """Close all connections."""
        if self._http2 is not None:
            self._http2.close()


def _check_possible(request: PreparedRequest, proxy: Proxy | None) -> None:
    if not http2_available():
        raise _error("HTTP/2 needs the package h2", HINT)
    if proxy is not None and proxy.is_socks:
        raise _error("HTTP/2 does not go through a SOCKS proxy", "protocolVersion auto uses HTTP/1.1 there")
    if proxy is not None and request.scheme != "https":
        raise _error("HTTP/2 without TLS does not go through a proxy", "protocolVersion auto uses HTTP/1.1 there")


def _with_headers(request: PreparedRequest, headers: tuple[tuple[str, str], ...]) -> PreparedRequest:
    from dataclasses import replace

    return request if headers is request.headers else replace(request, headers=headers)


def _error(text: str, hint: str) -> RequestError:
    return RequestError(text, code="ERR_HTTP2_ERROR", hint=hint)
