"""HTTP/2, by `httpcore` and `h2` over our own connections; like HTTP/1.1, it turns a request into a `RawResponse`.

Imported only by requests that ask for HTTP/2 (`protocolVersion`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from time import monotonic, perf_counter
from typing import cast

import httpcore
from h2.exceptions import H2Error
from hpack.exceptions import HPACKError
from hyperframe.exceptions import HyperframeError

from runner.errors import RequestError
from runner.model.payload import BodyBytes
from runner.model.request import PreparedRequest
from runner.transport import failures
from runner.transport.connections import Connection, Connections
from runner.transport.http.reader import Reader
from runner.transport.limits import Limits
from runner.transport.raw_response import IDEMPOTENT, STALE_CODES, Headers, RawResponse
from runner.transport.route import Route
from runner.transport.sockets.tls import TlsStream
from runner.transport.sockets.waiting import receive_some, send_all
from runner.transport.timings import Marks

PROTOCOLS = ("http/1.1", "h2")
PIECE = 65536
HURRY, MOST_IDLE = 0.1, 1000
"""At most `MOST_IDLE` empty pieces, or waits of less than `HURRY` seconds, may pass without a byte of the body."""
# RFC 9113 section 8.2.2: these headers are about an HTTP/1.1 connection.
CONNECTION_HEADERS = frozenset({"connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"})


class NotNegotiated(Exception):
    """Raised before a request is sent if the server chose HTTP/1.1 in the TLS handshake."""


class Shared:
    """A connection that serves many requests at once; `lock` is held while it is opened."""

    __slots__ = ("connection", "http2", "lock")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.connection: Connection | None = None
        self.http2: httpcore.HTTP2Connection | None = None


class Http2:
    """The HTTP/2 connections of one client, one per route; may be used from several threads."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._shared: dict[Route, Shared] = {}

    def send(self, request: PreparedRequest, route: Route, headers: Headers, limits: Limits) -> RawResponse:
        """Send one request and read its response; raises `RequestError`, or `NotNegotiated` before anything is sent.

        If the server has closed the connection in the meantime, the request is sent once more, as over HTTP/1.1.
        """
        headers = sent_headers(headers)
        shared = self._shared.setdefault(route, Shared())
        while True:
            marks = Marks()
            connection, http2, reused = self._connect(shared, route, limits, marks)
            answer = RawResponse(Reader(max_body=limits.max_body), marks, headers)
            answer.reused, answer.address, answer.tls = reused, connection.address, connection.tls
            try:
                exchange(connection, http2, request, answer, limits)
                return answer
            except httpcore.ConnectionNotAvailable:  # it has ended without accepting any part of this request
                self._leave(shared, connection)
                if not reused:
                    raise RequestError("HTTP/2: the server closed the connection", code="ERR_HTTP2_ERROR") from None
            except (RequestError, httpcore.ProtocolError) as error:
                dead = isinstance(error, httpcore.RemoteProtocolError) or getattr(error, "code", "") in STALE_CODES
                if not http2.is_available():
                    self._leave(shared, connection)
                if connection.aborted:
                    raise failures.request_aborted() from None
                if not (dead and reused and not answer.reader.status and request.method in IDEMPOTENT):
                    raise request_error(error) from error
            except (H2Error, HPACKError, HyperframeError, ValueError) as error:  # httpcore does not convert these
                self._leave(shared, connection)
                raise request_error(error) from error

    def _connect(
        self, shared: Shared, route: Route, limits: Limits, marks: Marks
    ) -> tuple[Connection, httpcore.HTTP2Connection, bool]:
        """The connection of a route, and whether it existed before."""
        with shared.lock:
            connection, http2 = shared.connection, shared.http2
            if connection is not None and http2 is not None and http2.is_available():
                return connection, http2, True
            offered = route if route.tls is None else replace(route, tls=replace(route.tls, protocols=PROTOCOLS))
            connection = self._connections.open(offered, limits, marks)
            if route.tls is not None and cast(TlsStream, connection.sock).selected_alpn_protocol() != "h2":
                self._connections.drop(connection)
                raise NotNegotiated
            origin = httpcore.Origin(route.scheme.encode("ascii"), route.host.encode("latin-1"), route.port)
            http2 = httpcore.HTTP2Connection(origin, Wire(connection))
            shared.connection, shared.http2 = connection, http2
            return connection, http2, False

    def close(self) -> None:
        """Close the connections without requests; the others are closed after their last one."""
        for shared in list(self._shared.values()):
            if shared.connection is not None and shared.http2 is not None and shared.http2.is_idle():
                self._leave(shared, shared.connection)

    def _leave(self, shared: Shared, connection: Connection) -> None:
        with shared.lock:
            self._connections.drop(connection)
            if shared.connection is connection:
                shared.connection = shared.http2 = None


class Wire(httpcore.NetworkStream):
    """A connection as httpcore uses it.

    What httpcore passes as `timeout` is the `Limits` of the request that waits: it gets them from `_Patience`.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, max_bytes: int, timeout: object = None) -> bytes:
        """Up to `max_bytes`, b"" at the end; raises `RequestError`."""
        limits = cast(Limits, timeout)
        try:
            return receive_some(self._connection.sock, max_bytes, limits)
        except TimeoutError:
            raise limits.timed_out() from None
        except OSError as error:
            raise failures.socket_failed(error, "read") from None

    def write(self, buffer: bytes, timeout: object = None) -> None:
        """Send all of `buffer`; raises `RequestError`."""
        limits = cast(Limits, timeout)
        try:
            send_all(self._connection.sock, buffer, limits)
        except TimeoutError:
            raise limits.timed_out() from None
        except OSError as error:
            raise failures.socket_failed(error, "write") from None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def exchange(
    connection: Connection, http2: httpcore.HTTP2Connection, request: PreparedRequest, answer: RawResponse, limits: Limits
) -> None:
    """Send a request and read its response; raises `RequestError` and what httpcore raises."""
    patience = _Patience(limits)
    response = http2.handle_request(_httpcore_request(request, answer.headers, patience))
    answer.marks.first_byte = perf_counter()
    reader = answer.reader
    reader.status, reader.version = response.status, "2"
    try:
        if not 0 <= reader.status <= 999:
            raise RequestError("HTTP/2: the status has more than three digits", code="ERR_HTTP2_ERROR")
        reader.headers = list(response.headers)
        size = 0
        for piece in cast(Iterable[bytes], response.stream):
            size += len(piece)
            if size > limits.max_body:
                raise failures.too_large(limits.max_body)
            limits.patience()
            patience.progress(len(piece))
            reader.on_body(piece)
    except BaseException:
        # Nobody would read the rest of this response, and the other requests of the connection would starve.
        http2.close()
        raise
    finally:
        response.close()
    reader.complete = True
    answer.marks.ended = perf_counter()


def _httpcore_request(request: PreparedRequest, headers: Headers, patience: _Patience) -> httpcore.Request:
    lines = [(name.encode("latin-1"), value.strip(" \t").encode("latin-1")) for name, value in headers]
    if not any(name.lower() == "host" for name, _ in headers):
        host = f"[{request.host}]" if ":" in request.host else request.host
        lines.append((b"Host", f"{host}:{request.port}".encode("latin-1")))
    if request.body and not any(name.lower() == "content-length" for name, _ in headers):
        lines.append((b"Transfer-Encoding", b"chunked"))  # announces the body to h2; never sent over HTTP/2
    url = httpcore.URL(
        scheme=request.scheme.encode("ascii"),
        host=request.host.encode("latin-1"),
        port=request.port,
        target=request.target.encode("latin-1"),
    )
    extensions = {"timeout": patience}
    return httpcore.Request(request.method, url, headers=lines, content=_pieces(request.body), extensions=extensions)


def _pieces(body: BodyBytes) -> Iterator[bytes]:
    """A body in small pieces: for each frame, httpcore copies the rest of a piece."""
    for at in range(0, len(body), PIECE):
        yield body[at : at + PIECE]


class _Patience(dict[str, Limits]):
    """The timeouts of a request, which httpcore looks up before each wait.

    Counting these look-ups reveals what httpcore does not report: waits that bring nothing.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._last = 0.0
        self._hurried = 0

    def get(self, key: str, default: object = None) -> Limits:
        now = monotonic()
        if now - self._last < HURRY:
            self._idle()
        self._last = now
        self._limits.patience()
        return self._limits

    def progress(self, size: int) -> None:
        """Note the size of a received piece of the body."""
        if size:
            self._hurried = 0
        else:
            self._idle()

    def _idle(self) -> None:
        self._hurried += 1
        if self._hurried > MOST_IDLE:
            raise failures.frame_flood()


def sent_headers(headers: Headers) -> Headers:
    """The headers without those of an HTTP/1.1 connection, and with `TE` only if it is `trailers`."""
    kept = []
    for name, value in headers:
        lower = name.lower()
        if lower not in CONNECTION_HEADERS and (lower != "te" or value.strip().lower() == "trailers"):
            kept.append((name, value))
    return tuple(kept)


def request_error(error: Exception) -> RequestError:
    """The error of one request. It is a copy: httpcore raises the same one in all requests of a failed connection."""
    if isinstance(error, RequestError):
        return RequestError(error.message, code=error.code, hint=error.hint)
    return RequestError(f"HTTP/2: {error}", code="ERR_HTTP2_ERROR")
