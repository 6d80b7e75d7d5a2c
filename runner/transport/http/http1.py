"""One HTTP/1.1 exchange over a connected socket: sends the head byte for byte as given and feeds a `Reader`."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from runner.errors import RequestError
from runner.model.payload import BodyBytes, joined, pieces_of
from runner.transport import failures
from runner.transport.http.reader import Reader
from runner.transport.limits import Limits
from runner.transport.sockets.waiting import READ, WRITE, Stream, needs, receive_some, wait
from runner.transport.timings import Marks

RECEIVE_SIZE = 65536
RECEIVE_SIZE_BODY = 262144
SEND_SIZE = 262144
SMALL_BODY = 65536


class Outgoing:
    """The bytes of one request and what they mean for the connection.

    `closes` is True if no other request may follow on this connection: the user's framing headers do not match the body, so
    the server may take the beginning of the next request for body of this one, or the reverse. `touched` becomes True once
    the system has accepted the first byte: the server may have seen the request. `bound` is True for NTLM and Negotiate,
    which authenticate the connection instead of the request.
    """

    __slots__ = ("body", "bound", "closes", "head", "touched")

    def __init__(self, head: bytes, body: BodyBytes, closes: bool, bound: bool = False) -> None:
        self.head = head
        self.body = body
        self.closes = closes
        self.bound = bound
        self.touched = False


def outgoing(
    method: str, target: str, headers: Sequence[tuple[str, str]], body: BodyBytes, encoding: str = "latin-1"
) -> Outgoing:
    """The exact bytes of a request; if the user set `Transfer-Encoding: chunked`, the body is one chunk as in Postman."""
    length: str | None = None
    coding: str | None = None
    closes = bound = False
    lines = [f"{method} {target} HTTP/1.1\r\n"]
    for name, value in headers:
        lines.append(f"{name}: {value}\r\n")
        if len(name) in _TELLING_LENGTHS:
            lower = name.lower()
            if lower == "content-length":
                closes = closes or length is not None
                length = value
            elif lower == "transfer-encoding":
                coding = value
            elif lower == "connection":
                closes = closes or value.strip().lower() == "close"
            elif lower == "authorization":
                bound = value.lower().startswith(("ntlm ", "negotiate "))
    lines.append("\r\n")
    head = "".join(lines).encode(encoding)
    if coding is not None:
        if coding.strip().lower() == "chunked":
            chunks = joined([b"%x\r\n" % len(body), body, b"\r\n0\r\n\r\n"]) if body else b"0\r\n\r\n"
            return Outgoing(head, chunks, closes or length is not None, bound)
        closes = True
    if length is None:
        closes = closes or bool(body)
    elif length != str(len(body)):
        closes = True
    return Outgoing(head, body, closes, bound)


_TELLING_LENGTHS = frozenset(map(len, ("connection", "content-length", "transfer-encoding", "authorization")))
"""Lengths of the header names that matter here: comparing these first spares lower-casing the others."""


def exchange(stream: Stream, request: Outgoing, reader: Reader, limits: Limits, marks: Marks) -> None:
    """Send `request` and read until `reader` is complete; raises `RequestError`."""
    broken: OSError | None = None
    try:
        limits.patience()
        transmit(stream, request, reader, limits, marks)
    except TimeoutError:
        raise limits.timed_out() from None
    except OSError as error:
        # A server may answer and close before it has read everything: then its answer is what counts.
        broken = error
    try:
        receive(stream, reader, limits, marks)
    except (RequestError, OSError) as error:
        # A TLS alert that was received says more than the failed write.
        if broken is not None and not reader.started and not getattr(error, "reason", None):
            raise failures.socket_failed(broken, "write") from None
        if isinstance(error, RequestError):
            raise
        raise failures.socket_failed(error, "read") from None
    if reader.garbage:
        raise failures.surplus()
    if broken is not None or request.closes:
        reader.keep_alive = False


def transmit(stream: Stream, request: Outgoing, reader: Reader, limits: Limits, marks: Marks) -> None:
    """Send the request, a small one in one piece."""
    body = request.body
    small = isinstance(body, bytes) and len(body) <= SMALL_BODY
    data = request.head + body if small and isinstance(body, bytes) else request.head
    if limits.turn:
        limits.turn.before_write()
    try:
        sent = stream.send(data)
    except OSError as error:
        if not needs(error, WRITE):
            raise
        sent = 0
    if limits.turn:
        limits.turn.end()
    request.touched = True
    taken = sent == len(data) or upload(stream, memoryview(data)[sent:], reader, limits, marks)
    for piece in () if small else pieces_of(body):
        if not taken:
            break
        taken = upload(stream, memoryview(piece), reader, limits, marks)
    reader.keep_alive = reader.keep_alive and taken


def upload(stream: Stream, rest: memoryview, reader: Reader, limits: Limits, marks: Marks) -> bool:
    """Send `rest` and read meanwhile, because a server may answer (413) and read no further; returns whether all was sent.

    The idle limit counts from one accepted piece to the next.
    """
    while rest and not reader.complete:
        try:
            if not wait(stream, READ | WRITE, limits) & READ:
                rest = rest[stream.send(rest[:SEND_SIZE]) :]
                continue
            data = stream.recv(RECEIVE_SIZE)
        except OSError as error:
            if needs(error, WRITE):
                continue
            raise
        if not data:
            break
        marks.first_byte = marks.first_byte or perf_counter()
        reader.feed(data)
    return not rest


def receive(stream: Stream, reader: Reader, limits: Limits, marks: Marks, end: float | None = None) -> None:
    """Read until the response is complete, at most until the `monotonic` time `end`."""
    size = RECEIVE_SIZE
    while not reader.complete:
        limits.patience()
        try:
            data = receive_some(stream, size, limits, end)
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
