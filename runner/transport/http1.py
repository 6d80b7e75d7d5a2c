"""One HTTP/1.1 exchange over a connected socket: the head goes out byte for byte as given, llhttp reads the answer.

llhttp is the parser of Node, so that what Postman refuses is refused here, with the same words. Differences, on purpose:
a head may have 256 KiB (Node: 16), a 101 is a response, and bytes after the end of a response are no error: the response
stands and the connection is closed, so that they can never answer the next request.
"""

from __future__ import annotations

import io
import select
import socket
from collections.abc import Sequence
from time import monotonic, perf_counter

import httptools

from runner.errors import RequestError
from runner.transport import failures
from runner.transport.timings import Marks

RECEIVE_SIZE = 65536
RECEIVE_SIZE_BODY = 262144
SEND_SIZE = 262144
MAX_HEAD = 262144
MAX_BODY = 50 * 1024 * 1024
SMALL_BODY = 65536

WireHeaders = Sequence[tuple[bytes, bytes]]


class Limits:
    """What one exchange may take: `idle` seconds without a byte, `deadline` as a `monotonic` moment, body bytes."""

    __slots__ = ("deadline", "idle", "max_body")

    def __init__(self, idle: float | None = None, deadline: float | None = None, max_body: int = MAX_BODY) -> None:
        self.idle = idle
        self.deadline = deadline
        self.max_body = max_body

    def apply(self, sock: socket.socket) -> None:
        """Set the socket's time limit for the next call; raises `RequestError` when the deadline has passed."""
        timeout = self.idle
        if self.deadline is not None:
            left = self.deadline - monotonic()
            if left <= 0:
                raise failures.deadline_passed()
            timeout = left if timeout is None else min(left, timeout)
        sock.settimeout(timeout)

    def timed_out(self) -> RequestError:
        """The error for a call that took too long: the deadline's or the idle one's."""
        if self.deadline is not None and monotonic() >= self.deadline:
            return failures.deadline_passed()
        return failures.idle_timeout()


class Reader:
    """Collects one response from what the parser calls back.

    `complete` is True once the whole response is there, `surplus` when bytes came after it, `reusable` when the connection
    may serve another request.
    """

    __slots__ = (
        "_body",
        "_chunked",
        "_chunks",
        "_fed",
        "_head_done",
        "_is_head",
        "_length_known",
        "_max_body",
        "_parser",
        "_size",
        "complete",
        "headers",
        "keep_alive",
        "reason",
        "status",
        "surplus",
        "trailers",
        "version",
    )

    def __init__(self, *, is_head: bool = False, lenient: bool = False, max_body: int = MAX_BODY) -> None:
        self.status = 0
        self.reason = b""
        self.version = "1.1"
        self.headers: list[tuple[bytes, bytes]] = []
        self.trailers: list[tuple[bytes, bytes]] = []
        self.complete = self.surplus = self.keep_alive = False
        self._is_head = is_head
        self._max_body = max_body
        self._body = b""
        self._chunks: io.BytesIO | None = None
        self._size = self._fed = 0
        self._head_done = self._chunked = self._length_known = False
        self._parser = httptools.HttpResponseParser(self)
        if lenient:
            self._parser.set_dangerous_leniencies(*[True] * 10)

    @property
    def reusable(self) -> bool:
        """Whether the connection is at the clean end of this response."""
        return self.complete and self.keep_alive and not self.surplus

    @property
    def started(self) -> bool:
        """Whether any byte of the response has come."""
        return self._fed > 0

    @property
    def in_body(self) -> bool:
        """Whether the head is complete."""
        return self._head_done

    def body(self) -> bytes:
        """The body as it came over the wire, without chunk framing."""
        return self._body if self._chunks is None else self._chunks.getvalue()

    def feed(self, data: bytes) -> None:
        """Take bytes from the connection; raises `RequestError` when they are no HTTP or too many."""
        self._fed += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.complete = True
            self.keep_alive = False
        except httptools.HttpParserError as error:
            if not self.complete:
                raise failures.parse_error(str(error)) from None
            self.surplus = True
        if self._is_head and self.complete and not data.endswith((b"\r\n", b"\n")):
            self.surplus = True
        if not self._head_done and self._fed > MAX_HEAD:
            raise failures.header_overflow(MAX_HEAD)
        if self._size > self._max_body:
            raise failures.too_large(self._max_body)

    def end(self) -> None:
        """The peer closed; raises `RequestError` unless that is the proper end of the response."""
        if self.complete:
            return
        if not self._fed or not self._head_done:
            raise failures.hang_up()
        if self._length_known or self._chunked:
            raise failures.aborted()
        self.complete = True
        self.keep_alive = False

    def on_message_begin(self) -> None:
        """A message begins: the first one, the one after an interim 1xx, or one that nobody asked for."""
        if self.complete:
            self.surplus = True
        elif self.status:
            self.headers = []
            self.reason = b""
            self._head_done = self._length_known = self._chunked = False

    def on_status(self, reason: bytes) -> None:
        """A part of the reason phrase."""
        if not self.complete:
            self.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header line, or a trailer when the body has begun."""
        if self.complete:
            return
        value = value.rstrip(b" \t")
        if self._head_done:
            self.trailers.append((name, value))
            return
        self.headers.append((name, value))
        if len(name) == 14 and name.lower() == b"content-length":
            self._length_known = True
        elif len(name) == 17 and name.lower() == b"transfer-encoding":
            self._chunked = value.lower().endswith(b"chunked")

    def on_headers_complete(self) -> None:
        """The head is complete; for HEAD that is all."""
        if self.complete:
            return
        self.status = self._parser.get_status_code()
        if self._interim():
            return
        self._head_done = True
        self.version = self._parser.get_http_version()
        self.keep_alive = self._stays_open() and self.status != 101
        self.complete = self._is_head or self.status == 101

    def on_chunk_header(self) -> None:
        """A chunk begins; after a response to HEAD nothing may."""
        if self.complete:
            self.surplus = True

    def on_body(self, data: bytes) -> None:
        """A piece of the body. One piece is kept as it is, more are joined in one growing buffer."""
        if self.complete:
            self.surplus = True
            return
        self._size += len(data)
        if self._chunks is not None:
            self._chunks.write(data)
        elif not self._body:
            self._body = data
        else:
            self._chunks = io.BytesIO()
            self._chunks.write(self._body)
            self._chunks.write(data)
            self._body = b""

    def on_message_complete(self) -> None:
        """The message is complete."""
        if not self._interim():
            self.complete = True

    def _stays_open(self) -> bool:
        if not self._is_head or self._length_known or self._chunked:
            return bool(self._parser.should_keep_alive())
        # llhttp does not know of HEAD: it would wait for a body until the connection closes.
        said = b",".join([value for name, value in self.headers if name.lower() == b"connection"]).lower()
        return self.version == "1.1" and b"close" not in said

    def _interim(self) -> bool:
        return 100 <= self.status < 200 and self.status != 101


class Outgoing:
    """The bytes of one request and what they mean for the connection.

    `closes` is True when nothing may follow on this connection: the user's framing headers do not fit the body, so the
    server may count bytes of the next request as body of this one (or the other way round). `touched` becomes True when
    the system has taken the first byte: from then on the server may have seen the request.
    """

    __slots__ = ("body", "closes", "head", "touched")

    def __init__(self, head: bytes, body: bytes, closes: bool) -> None:
        self.head = head
        self.body = body
        self.closes = closes
        self.touched = False


def outgoing(method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes) -> Outgoing:
    """The exact bytes of a request; a user's `Transfer-Encoding: chunked` puts the body into one chunk, as Postman does."""
    length: str | None = None
    coding: str | None = None
    closes = False
    lines = [f"{method} {target} HTTP/1.1\r\n"]
    for name, value in headers:
        lines.append(f"{name}: {value}\r\n")
        if len(name) in _FRAMING_LENGTHS:
            lower = name.lower()
            if lower == "content-length":
                closes = closes or length is not None
                length = value
            elif lower == "transfer-encoding":
                coding = value
            elif lower == "connection":
                closes = closes or value.strip().lower() == "close"
    lines.append("\r\n")
    head = "".join(lines).encode("latin-1")
    if coding is not None:
        if coding.strip().lower() == "chunked":
            return Outgoing(head, _one_chunk(body), closes or length is not None)
        closes = True
    if length is None:
        closes = closes or bool(body)
    elif length != str(len(body)):
        closes = True
    return Outgoing(head, body, closes)


_FRAMING_LENGTHS = frozenset(map(len, ("connection", "content-length", "transfer-encoding")))


def _one_chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"


def exchange(sock: socket.socket, request: Outgoing, reader: Reader, limits: Limits, marks: Marks) -> None:
    """Send `request` and read until `reader` is complete; raises `RequestError`."""
    broken: OSError | None = None
    try:
        limits.apply(sock)
        transmit(sock, request, reader, limits, marks)
        limits.apply(sock)
    except TimeoutError:
        raise limits.timed_out() from None
    except OSError as error:
        # A server may answer and close before it has read everything: what it said counts more.
        broken = error
    try:
        receive(sock, reader, limits, marks)
    except (RequestError, OSError) as error:
        # A TLS alert that can be read says more than that writing failed.
        if broken is not None and not reader.started and not getattr(error, "reason", None):
            raise failures.socket_failed(broken, "write") from None
        if isinstance(error, RequestError):
            raise
        raise failures.socket_failed(error, "read") from None
    if broken is not None or request.closes:
        reader.keep_alive = False


def transmit(sock: socket.socket, request: Outgoing, reader: Reader, limits: Limits, marks: Marks) -> None:
    """Write the request; a small one leaves in one piece."""
    if len(request.body) <= SMALL_BODY:
        data = request.head + request.body
        sent = sock.send(data)
        request.touched = True
        if sent < len(data):
            upload(sock, memoryview(data)[sent:], reader, limits, marks)
        return
    sock.sendall(request.head)
    request.touched = True
    upload(sock, memoryview(request.body), reader, limits, marks)


def upload(sock: socket.socket, rest: memoryview, reader: Reader, limits: Limits, marks: Marks) -> None:
    """Send `rest` and listen meanwhile, because a server may answer (413) and read no further.

    The idle limit counts from one accepted piece to the next.
    """
    while rest and not reader.complete:
        readable = wait(sock, limits)
        sock.settimeout(0)
        try:
            if not readable:
                rest = rest[sock.send(rest[:SEND_SIZE]) :]
                continue
            data = sock.recv(RECEIVE_SIZE)
        except OSError as error:
            if would_block(error):
                continue
            raise
        if not data:
            break
        marks.first_byte = marks.first_byte or perf_counter()
        reader.feed(data)
    reader.keep_alive = reader.keep_alive and not rest


def would_block(error: OSError) -> bool:
    """Whether a call on a socket without waiting found nothing to do (plain or TLS, where errno is WANT_READ or _WRITE)."""
    return isinstance(error, BlockingIOError) or (type(error).__module__ == "ssl" and error.errno in (2, 3))


def wait(sock: socket.socket, limits: Limits) -> bool:
    """Wait until the socket takes or has bytes; True when it has some. Raises `TimeoutError` after the idle limit."""
    limits.apply(sock)
    timeout = sock.gettimeout()
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLIN | select.POLLOUT)
        events = poll.poll(None if timeout is None else timeout * 1000)
        if not events:
            raise TimeoutError
        return bool(events[0][1] & ~select.POLLOUT)
    readable, writable, _ = select.select([sock], [sock], [], timeout)
    if not readable and not writable:
        raise TimeoutError
    return bool(readable)


def receive(sock: socket.socket, reader: Reader, limits: Limits, marks: Marks) -> None:
    """Read until the response is complete."""
    size = RECEIVE_SIZE
    timed = limits.deadline is not None
    while not reader.complete:
        if timed:
            limits.apply(sock)
        try:
            data = sock.recv(size)
        except TimeoutError:
            raise limits.timed_out() from None
        if not marks.first_byte:
            marks.first_byte = perf_counter()
        if not data:
            reader.end()
            break
        reader.feed(data)
        if reader.in_body:
            size = RECEIVE_SIZE_BODY
    marks.ended = perf_counter()
