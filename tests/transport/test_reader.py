"""Whatever a server sends ends in a response or in a `RequestError`, within limits."""

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.errors import RequestError
from runner.transport.http.http1 import exchange, outgoing
from runner.transport.http.reader import Reader
from runner.transport.limits import Limits
from runner.transport.timings import Marks

PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 101 Up\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.0 404\r\n",
        b"Content-Length: 5\r\n",
        b"Content-Length: 0\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Connection: close\r\n",
        b"X: y\r\n",
        b"\r\n",
        b"\n",
        b"hello",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        b"ffffffffffffffffff\r\n",
        b"\x00",
    ]
)
STREAMS = st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=12).map(b"".join))
REQUEST = outgoing("GET", "/", (), b"")


def read(data, method="GET", lenient=False, max_body=64):
    """What the exchange makes of a server that sends `data` and closes."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        reader = Reader(is_head=method == "HEAD", lenient=lenient, max_body=max_body)
        exchange(ours, outgoing(method, "/", (), b""), reader, Limits(idle=5, max_body=max_body), Marks())
    return reader


@settings(max_examples=400, deadline=None)
@given(STREAMS, st.sampled_from(["GET", "HEAD"]), st.booleans())
def test_any_bytes_are_a_response_or_a_request_error(data, method, lenient):
    try:
        reader = read(data, method, lenient)
    except RequestError as error:
        reader = None
        code = error.code
    assert code if reader is None else reader.complete and len(reader.body()) <= 64


@settings(max_examples=200, deadline=None)
@given(STREAMS, st.integers(1, 7))
def test_how_the_bytes_are_cut_makes_no_difference(data, size):
    def outcome(pieces):
        reader = Reader()
        try:
            for piece in pieces:
                if not reader.complete:
                    reader.feed(piece)
            reader.end()
        except RequestError as error:
            return error.code, error.message
        return reader.status, reader.headers, reader.body()

    assert outcome([data]) == outcome([data[at : at + size] for at in range(0, len(data), size)])


@settings(max_examples=200, deadline=None)
@given(
    st.binary(min_size=1, max_size=50).filter(lambda data: data.strip(b"\r\n")),
    st.sampled_from(
        [
            ("GET", b"Content-Length: 2\r\n\r\nok"),
            ("GET", b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            ("HEAD", b"Content-Length: 2\r\n\r\n"),
            ("HEAD", b"Content-Length: 0\r\n\r\n"),
            ("HEAD", b"Transfer-Encoding: chunked\r\n\r\n"),
            ("HEAD", b"X: y\r\n\r\n"),
        ]
    ),
)
def test_a_connection_with_surplus_bytes_is_never_kept(surplus, response):
    method, tail = response
    clean, reader = Reader(is_head=method == "HEAD"), Reader(is_head=method == "HEAD")
    clean.feed(b"HTTP/1.1 200 OK\r\n" + tail)
    assert clean.reusable
    reader.feed(b"HTTP/1.1 200 OK\r\n" + tail + surplus)
    assert reader.complete
    assert not reader.reusable


@given(st.binary(max_size=60), st.lists(st.integers(1, 20), max_size=5))
def test_chunks_are_joined(body, sizes):
    data, rest = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body
    for size in sizes:
        if rest:
            data += b"%x\r\n%b\r\n" % (len(rest[:size]), rest[:size])
            rest = rest[size:]
    data += (b"%x\r\n%b\r\n" % (len(rest), rest) if rest else b"") + b"0\r\n\r\n"
    reader = read(data)
    assert (reader.body(), reader.reusable) == (body, True)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def fed(*pieces, most=400):
    """The error of a reader that gets the last piece again and again, and how many of them it took."""
    reader = Reader()
    for piece in pieces[:-1]:
        reader.feed(piece)
    for count in range(most):
        try:
            reader.feed(pieces[-1])
        except RequestError as error:
            return error.code, count
    return "", most


@pytest.mark.parametrize(
    ("pieces", "code"),
    [
        ((CHUNKED + b"0\r\n", b"X-T: " + b"y" * 1000 + b"\r\n"), "HPE_HEADER_OVERFLOW"),
        ((CHUNKED + b"0\r\nX-T: ", b"y" * 10_000), "HPE_CHUNK_EXTENSIONS_OVERFLOW"),
        ((CHUNKED + b"1;", b"y" * 10_000), "HPE_CHUNK_EXTENSIONS_OVERFLOW"),
        ((CHUNKED, b"1;" + b"y" * 10_000 + b"\r\nx\r\n"), "HPE_CHUNK_EXTENSIONS_OVERFLOW"),
        ((b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,), "HPE_HEADER_OVERFLOW"),
        ((b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" * 1000,), "HPE_HEADER_OVERFLOW"),
        ((b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 1000 + b"\r\n"), "HPE_HEADER_OVERFLOW"),
        ((b"HTTP/1.1 200 OK\r\nX: ", b"y" * 1000), "HPE_HEADER_OVERFLOW"),
        ((b"HTTP/1.1 200 ", b"y" * 1000), "HPE_HEADER_OVERFLOW"),
    ],
)
def test_what_has_no_end_around_a_body_is_refused(pieces, code):
    found, count = fed(*pieces)
    assert found == code
    assert count < 400


def test_chunks_of_one_byte_and_signed_chunks_are_no_flood():
    for chunk in (b"1\r\nx\r\n" * 10_000, b"1000;chunk-signature=" + b"f" * 64 + b"\r\n" + b"x" * 4096 + b"\r\n"):
        assert fed(CHUNKED, chunk, most=40) == ("", 40)
