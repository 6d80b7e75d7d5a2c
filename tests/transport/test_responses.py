"""Odd responses: the same verdict, code and words as Newman's, but for the differences that are on purpose."""

import pytest

from runner.errors import RequestError
from tests.transport.conftest import Reply, ok, request
from tests.transport.responses import LENIENT, RESPONSES


def outcome(client, url, method="GET", **behavior):
    """(code, reason, body) of the response, or (code, text) of the error."""
    try:
        response = client.send(request(url, method, **behavior)).response
    except RequestError as error:
        return error.code, error.message
    return response.code, response.status, response.body


@pytest.mark.parametrize("name", RESPONSES)
def test_newman_and_this_read_the_same(serve, clients, name):
    raw, expected = RESPONSES[name]
    server = serve({"/": Reply(raw, close=True)})
    assert outcome(clients(), server.url(), insecure_http_parser=name.startswith(LENIENT)) == expected


@pytest.mark.parametrize(
    ("method", "raw"),
    [
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello"),
        ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokEXTRA"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\nbody"),
        ("HEAD", b"HTTP/1.1 200 OK\r\n\r\nuntil close\r\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ],
)
def test_bytes_that_are_none_of_the_response_are_an_error(serve, clients, method, raw):
    server = serve({"/": Reply(raw, close=True)})
    expected = ("HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/, RTSP/ or ICE/")
    assert outcome(clients(), server.url(), method) == expected


def test_a_reason_that_is_no_utf8_is_latin1(serve, clients):
    server = serve({"/": Reply(b"HTTP/1.1 200 Tr\xe8s\r\nContent-Length: 0\r\n\r\n")})
    assert outcome(clients(), server.url()) == (200, "Tr\xe8s", b"")


def test_a_reset_before_the_response_is_named(serve, clients):
    server = serve({"/": Reply(b"", reset=True)})
    assert outcome(clients(), server.url()) == ("ECONNRESET", "read ECONNRESET")


def test_a_closed_connection_in_a_chunk_is_named(serve, clients):
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n wo"
    server = serve({"/": Reply(raw, close=True)})
    assert outcome(clients(), server.url()) == ("ECONNRESET", "aborted")


def test_trailers_are_no_headers(serve, clients):
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;foo=bar\r\nhello\r\n0\r\nX-T: v\r\n\r\n"
    server, client = serve({"/": Reply(raw)}), clients()
    for _ in range(2):
        response = client.send(request(server.url())).response
        assert (response.body, response.headers) == (b"hello", (("Transfer-Encoding", "chunked"),))
    assert server.connections == 1


def test_headers_keep_case_order_and_repetition(serve, clients):
    server = serve({"/": ok(b"ok", "X-D: 1", "x-d: 2", "X-N: caf\xe9 \t", "X-E:")})
    response = clients().send(request(server.url())).response
    assert response.headers == (("X-D", "1"), ("x-d", "2"), ("X-N", "caf\xe9"), ("X-E", ""), ("Content-Length", "2"))


@pytest.mark.parametrize("size", [20_000, 200_000])
def test_long_headers_are_read(serve, clients, size):
    server = serve({"/": ok(b"ok", "X-Big: " + "a" * size)})
    assert len(clients().send(request(server.url())).response.header("x-big")) == size


@pytest.mark.parametrize("raw", [b"X-Big: " + b"a" * 400_000, b"X-Big: a\r\n" * 40_000])
def test_endless_headers_are_refused(serve, clients, raw):
    server = serve({"/": Reply(b"HTTP/1.1 200 OK\r\n" + raw, close=True)})
    assert outcome(clients(), server.url()) == ("HPE_HEADER_OVERFLOW", "Parse Error: Header overflow")


def test_endless_interim_responses_are_refused(serve, clients):
    server = serve({"/": Reply(b"HTTP/1.1 102 Processing\r\n\r\n" * 20_000, close=True)})
    assert outcome(clients(), server.url())[0] == "HPE_HEADER_OVERFLOW"


@pytest.mark.parametrize("head", [b"Content-Length: 11", b"X-No: length"])
def test_a_body_over_the_limit_is_refused(serve, clients, head):
    server = serve({"/": Reply(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\nhello world", close=True)})
    assert clients(max_body=11).send(request(server.url())).response.body == b"hello world"
    with pytest.raises(RequestError, match="more than 10 bytes"):
        clients(max_body=10).send(request(server.url()))


def test_a_compressed_body_that_breaks_off_is_marked(serve, clients):
    import gzip

    packed = gzip.compress(b"hello " * 100)
    server = serve({"/whole": ok(packed, "Content-Encoding: gzip"), "/cut": ok(packed[:-9], "Content-Encoding: gzip")})
    assert [clients().send(request(server.url(path))).response.cut_off for path in ("/whole", "/cut")] == [False, True]


def test_sizes_count_the_wire_and_the_decoded_body(serve, clients):
    import zlib

    packed = zlib.compress(b"a" * 1000)
    server = serve({"/": ok(packed, "Content-Encoding: deflate")})
    sizes = clients().send(request(server.url())).response.sizes
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: {len(packed)}\r\n\r\n"
    assert (sizes.body, sizes.decoded, sizes.header) == (len(packed), 1000, len(head))


def test_timings_tell_what_a_kept_connection_saves(serve, clients):
    server, client = serve(), clients()
    first, second = (client.send(request(server.url())).response for _ in range(2))
    assert (first.timings.tls, second.timings.dns, second.timings.tcp) == (None, None, None)
    assert first.timings.dns >= 0
    assert first.timings.tcp > 0
    assert min(first.timings.first_byte, first.timings.download) > 0
    assert first.time >= first.timings.tcp
    assert first.remote_address == f"127.0.0.1:{server.port}"


def test_the_time_to_prepare_is_the_first_hops(serve, clients):
    server = serve({"/": ok(b"", "Location: /b", status="302 Found")})
    hops = clients().send(request(server.url()), preparing=1.5).hops
    assert [hop.response.timings.prepare for hop in hops] == [1.5, None]


def test_the_response_time_is_rounded_up():
    from runner.transport.timings import Marks

    marks = Marks()
    marks.ended = marks.started + 0.0021
    assert marks.response_time() == 3
