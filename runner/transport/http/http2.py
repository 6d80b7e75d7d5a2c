"""HTTP/2, by httpx's own transport and `h2`: the same request in, the same `RawResponse` out as from our HTTP/1.1.

Only a request that asks for HTTP/2 (`protocolVersion`) imports this module.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from time import monotonic, perf_counter
from typing import Any

import httpx
from h2.exceptions import H2Error
from hpack.exceptions import HPACKError
from hyperframe.exceptions import HyperframeError

from runner.errors import RequestError
from runner.model.payload import BodyBytes
from runner.model.request import PreparedRequest
from runner.transport import failures
from runner.transport.http.reader import Reader
from runner.transport.limits import Limits
from runner.transport.raw_response import IDEMPOTENT, Headers, RawResponse
from runner.transport.sockets.proxy import Proxy
from runner.transport.sockets.tls import TlsSettings, make_context
from runner.transport.timings import Marks

PIECE = 65536
HURRY, MOST_IDLE = 0.1, 1000
"""So many waits of less than so many seconds, or empty pieces, may follow one another without a byte of the response."""
# RFC 9113 section 8.2.2: they speak of an HTTP/1.1 connection; Host becomes `:authority`.
CONNECTION_HEADERS = frozenset({"connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"})


class NotNegotiated(Exception):
    """The server chose HTTP/1.1 in the TLS handshake; no request was sent."""


Key = tuple[TlsSettings | None, Proxy | None]


class Http2:
    """The HTTP/2 connections of one client; may be used from several threads."""

    def __init__(self) -> None:
        self._transports: dict[Key, httpx.HTTPTransport] = {}
        self._lock = threading.Lock()

    def send(self, request: PreparedRequest, tls: TlsSettings, proxy: Proxy | None, limits: Limits) -> RawResponse:
        """Send one request and read its response; raises `RequestError`, or `NotNegotiated` before anything was sent.

        A request on a connection that the server had closed meanwhile is sent once more, as over HTTP/1.1.
        """
        transport = self._transport(tls if request.scheme == "https" else None, proxy)
        while True:
            attempt = Attempt(request, limits, tunnelled=proxy is not None)
            try:
                return attempt.send(transport)
            except httpx.TimeoutException as error:
                raise _timed_out(error, limits) from None
            except (httpx.TransportError, httpx.StreamError) as error:
                if not attempt.worth_repeating(error):
                    raise _request_error(error, request) from error
            except (H2Error, HPACKError, HyperframeError, ValueError) as error:  # what httpcore lets through
                self.close()
                raise RequestError(f"HTTP/2: {error}", code="ERR_HTTP2_ERROR") from error

    def _transport(self, tls: TlsSettings | None, proxy: Proxy | None) -> httpx.HTTPTransport:
        with self._lock:
            found = self._transports.get((tls, proxy))
            if found is None:
                found = self._transports[tls, proxy] = make_transport(tls, proxy)
            return found

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            transports, self._transports = self._transports, {}
        for transport in transports.values():
            transport.close()


def make_transport(tls: TlsSettings | None, proxy: Proxy | None) -> httpx.HTTPTransport:
    """An httpx transport for HTTP/2 only; raises `RequestError` for TLS settings that cannot be met."""
    # httpx writes its own ALPN into the context, so it is never shared with the HTTP/1.1 connections.
    context = make_context(tls) if tls else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=None)
    return httpx.HTTPTransport(
        verify=context, trust_env=False, http1=False, http2=True, limits=limits, proxy=_httpx_proxy(proxy, tls)
    )


def _httpx_proxy(proxy: Proxy | None, tls: TlsSettings | None) -> httpx.Proxy | None:
    if proxy is None:
        return None
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    headers = {"Proxy-Authorization": proxy.authorization} if proxy.authorization else None
    # Only the authorities and -k count for the proxy's own certificate, never the target's client certificate.
    own = TlsSettings(verify=tls.verify, extra_ca=tls.extra_ca, node_ca=tls.node_ca) if tls else TlsSettings()
    context = make_context(own) if proxy.scheme == "https" else None
    return httpx.Proxy(f"{proxy.scheme}://{host}:{proxy.port}", headers=headers, ssl_context=context)


class Attempt:
    """One try to send a request: listens to what the connection does meanwhile."""

    def __init__(self, request: PreparedRequest, limits: Limits, *, tunnelled: bool) -> None:
        self._request = request
        self._limits = limits
        self._secures = "proxy.start_tls.complete" if tunnelled else "connection.start_tls.complete"
        self._marks = Marks()
        self._opened = False
        self._answered = False
        self._patience = _Patience(limits)

    def send(self, transport: httpx.HTTPTransport) -> RawResponse:
        """Send and read; raises what httpx raises, `RequestError` and `NotNegotiated`."""
        headers = sent_headers(self._request)
        response = transport.handle_request(self._httpx_request(headers))
        self._answered = True
        stream = response.extensions["network_stream"]
        try:
            reader = self._read(response)
        except BaseException:
            # Nobody would take the rest of this response from the connection, and the others would starve.
            stream.close()
            raise
        finally:
            response.close()
        self._marks.ended = perf_counter()
        answer = RawResponse(reader, self._marks, headers)
        answer.reused = not self._opened
        answer.address, answer.tls = _address(stream), _tls_name(stream)
        return answer

    def worth_repeating(self, error: httpx.HTTPError | httpx.StreamError) -> bool:
        """Whether a kept connection died before anything came back, and sending twice does no harm."""
        dead = isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError)
        return dead and not self._opened and not self._answered and self._request.method in IDEMPOTENT

    def _httpx_request(self, headers: Headers) -> httpx.Request:
        request = self._request
        lines = [(name.encode("latin-1"), value.strip(" \t").encode("latin-1")) for name, value in headers]
        if not any(name.lower() == "host" for name, _ in headers):
            lines.append((b"Host", authority(request).encode("latin-1")))
        if request.body and not any(name.lower() == "content-length" for name, _ in headers):
            lines.append((b"Transfer-Encoding", b"chunked"))  # says that there is a body; never sent over HTTP/2
        extensions: dict[str, Any] = {"timeout": self._patience, "trace": self._trace}
        made = httpx.Request(
            request.method, "http://origin", headers=lines, stream=_Pieces(request.body), extensions=extensions
        )
        made.url = _Url(request)
        return made

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        now, marks = perf_counter(), self._marks
        step = event.partition(".")[2]
        if step == "connect_tcp.started":
            self._opened = True
            # httpx does not tell the name lookup apart: it counts as connecting.
            marks.socket = marks.resolved = now
        elif step == "connect_tcp.complete":
            marks.connected = now
        elif event == self._secures:
            marks.secured = now
            _check_protocol(info["return_value"])
        elif event == "http2.receive_response_headers.complete":
            marks.first_byte = now

    def _read(self, response: httpx.Response) -> Reader:
        """A reader as if it had read this response."""
        limit = self._limits.max_body
        reader = Reader(max_body=limit)
        reader.status, reader.version = response.status_code, "2"
        if not 0 <= reader.status <= 999:
            raise RequestError("HTTP/2: the status has more than three digits", code="ERR_HTTP2_ERROR")
        reader.headers = list(response.headers.raw)
        size = 0
        stream: Any = response.stream
        for piece in stream:
            size += len(piece)
            if size > limit:
                raise failures.too_large(limit)
            self._limits.patience()
            self._patience.progress(len(piece))
            reader.on_body(piece)
        reader.complete = True
        return reader


def _check_protocol(stream: Any) -> None:
    if stream.get_extra_info("ssl_object").selected_alpn_protocol() != "h2":
        stream.close()
        raise NotNegotiated


class _Patience(dict[str, float | None]):
    """The time limits of a request as httpx asks for them before each wait: the deadline comes nearer meanwhile.

    It also sees what httpx does not tell: how often it waits, and that nothing comes of it.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._last = 0.0
        self._hurried = 0

    def get(self, key: str, default: Any = None) -> float | None:
        now = monotonic()
        if now - self._last < HURRY:
            self._idle()
        self._last = now
        return self._limits.patience()

    def progress(self, size: int) -> None:
        """Take note of a piece of the body."""
        if size:
            self._hurried = 0
        else:
            self._idle()

    def _idle(self) -> None:
        self._hurried += 1
        if self._hurried > MOST_IDLE:
            raise failures.frame_flood()


class _Url(httpx.URL):
    """A URL that is sent as it was prepared: httpx would normalize the path, refuse some bytes and lose a tunnel's own."""

    def __init__(self, request: PreparedRequest) -> None:
        super().__init__(f"{request.scheme}://{authority(request)}")
        self._target = request.target.encode("latin-1")

    @property
    def raw_path(self) -> bytes:
        return self._target


class _Pieces(httpx.SyncByteStream):
    """A request body in small pieces: httpcore copies what is left of a piece for each frame."""

    def __init__(self, body: BodyBytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for at in range(0, len(self._body), PIECE):
            yield self._body[at : at + PIECE]


def sent_headers(request: PreparedRequest) -> Headers:
    """The headers without those of an HTTP/1.1 connection, and `TE` only with its one value that HTTP/2 knows."""
    kept = []
    for name, value in request.headers:
        lower = name.lower()
        if lower not in CONNECTION_HEADERS and (lower != "te" or value.strip().lower() == "trailers"):
            kept.append((name, value))
    return tuple(kept)


def authority(request: PreparedRequest) -> str:
    """Host and port of a request."""
    host = f"[{request.host}]" if ":" in request.host else request.host
    return f"{host}:{request.port}"


def _address(stream: Any) -> str:
    found = stream.get_extra_info("server_addr")
    if not found:
        return ""
    host, port = found[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _tls_name(stream: Any) -> str:
    secured = stream.get_extra_info("ssl_object")
    return f"{secured.version()} {secured.cipher()[0]}" if secured else ""


def _timed_out(error: httpx.TimeoutException, limits: Limits) -> RequestError:
    return failures.connect_timeout() if isinstance(error, httpx.ConnectTimeout) else limits.timed_out()


def _request_error(error: httpx.HTTPError | httpx.StreamError, request: PreparedRequest) -> RequestError:
    """The error in Node's words, from the system's or OpenSSL's own error behind it."""
    import socket

    cause = _system_error(error)
    if isinstance(cause, ssl.SSLError) and isinstance(error, httpx.ConnectError):
        return failures.handshake_failed(cause, request.host)
    if isinstance(cause, socket.gaierror):
        return failures.resolve_failed(cause, request.host)
    if cause is not None and isinstance(error, httpx.ConnectError):
        return failures.connect_failed(cause, request.host, request.port)
    if cause is not None:
        return failures.socket_failed(cause, "write" if isinstance(error, httpx.WriteError) else "read")
    if isinstance(error, httpx.ProxyError):
        status, _, reason = str(error).partition(" ")
        return failures.tunnel_refused(int(status) if status.isdigit() else 0, reason)
    return RequestError(f"HTTP/2: {error}", code="ERR_HTTP2_ERROR")


def _system_error(error: BaseException) -> OSError | None:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    return cause
