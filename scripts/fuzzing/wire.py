"""What servers send: responses of HTTP/1 and HTTP/2, compressed bodies, cookies."""

from __future__ import annotations

import gzip
import zlib
from random import Random

from fuzzing.spoil import by_bytes
from fuzzing.target import Target, kind_of

LIMIT = 200_000
TEXT = b"hello compressed world " * 20
TOKENS = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b"\t",
    b":",
    b";",
    b",",
    b"0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 100 \r\n\r\n",
    b"HTTP/1.1 101 \r\n",
    b"HTTP/1.1 204 \r\n",
    b"HTTP/1.0 ",
    b"Content-Length: 5\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"Connection: close\r\n",
    b"Content-Encoding: gzip, br, zstd, deflate\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Upgrade: x\r\nConnection: upgrade\r\n",
    b"ffffffffffffffff\r\n",
    b"Keep-Alive: timeout=999999\r\n",
    b"\xff\xff",
    b"\x1f\x8b\x08",
    b"Set-Cookie: a=b\r\n",
]
CODINGS = ["gzip", "deflate", "br", "zstd", "x-gzip", "gzip, br", "zstd, deflate", "gzip,,identity", "br, gzip, zstd"]


def one_response(data: bytes) -> str:
    """Read a response whole and in two pieces, which must be the same."""
    choice, data = (data[0], data[1:]) if data else (0, b"")
    cut = len(data) * (choice >> 2) // 64
    whole, parts = (_read(pieces, choice) for pieces in ([data], [data[:cut], data[cut:]]))
    assert whole == parts, f"{whole} {parts}"
    return whole if isinstance(whole, str) else "response"


def _read(pieces: list[bytes], choice: int) -> object:
    """What the client makes of these bytes: status, headers and body, or the error's code."""
    from runner.client.http import response_of
    from runner.errors import RequestError
    from runner.transport.http.reader import Reader
    from runner.transport.limits import Limits
    from runner.transport.raw_response import RawResponse
    from runner.transport.timings import Marks

    reader = Reader(is_head=bool(choice & 1), lenient=bool(choice & 2), max_body=LIMIT)
    try:
        for piece in filter(None, pieces):
            if not reader.complete:
                reader.feed(piece)
        reader.end()
        assert reader.complete
        response = response_of(RawResponse(reader, Marks(), ()), Limits(max_body=LIMIT), ())
    except RequestError as error:
        return error.code
    assert 0 <= response.code < 1000
    assert len(response.body) <= LIMIT
    return response.code, response.status, response.headers, response.body


def one_body(data: bytes) -> str:
    """Decode a body."""
    from runner.errors import RequestError
    from runner.transport.http.decode import decode

    choice, data = (data[0], data[1:]) if data else (0, b"")
    try:
        decoded = decode(data, CODINGS[choice % len(CODINGS)], LIMIT)
    except RequestError as error:
        return error.code
    assert len(decoded) <= LIMIT or decoded == data
    return "decoded"


def _packed() -> list[tuple[bytes, int, bytes]]:
    """Name, length and bytes of compressed bodies."""
    import brotli

    from runner.transport.http.decode import _zstd_module

    found = {
        "gzip": gzip.compress(TEXT, mtime=0) * 2,
        "deflate": zlib.compress(TEXT),
        "br": brotli.compress(TEXT),
        "gzip, br": brotli.compress(gzip.compress(TEXT, mtime=0)),
    }
    if zstd := _zstd_module():
        found |= {"zstd": zstd.compress(TEXT) * 2, "zstd, deflate": zlib.compress(zstd.compress(bytes(LIMIT + 1)))}
    return [(name.encode(), len(body), body) for name, body in found.items()]


def responses() -> list[bytes]:
    """Responses of every framing, and with every coding."""
    from tests.transport.responses import RESPONSES

    heads = [b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n%b" % b for b in _packed()]
    return [b"\x40" + raw for raw, _ in RESPONSES.values()] + [b"\x40" + head for head in heads]


def bodies() -> list[bytes]:
    """A body of each coding."""
    return [bytes([CODINGS.index(name.decode())]) + body for name, _, body in _packed()]


# -- HTTP/2 -------------------------------------------------------------------------------------------------------------


def one_http2(data: bytes) -> str:
    """Read an answer of HTTP/2 from a connection that gives these bytes."""
    from runner.client.http import response_of
    from runner.errors import RequestError
    from runner.model.request import PreparedRequest
    from runner.transport.connections import Connection
    from runner.transport.http.http2 import Http2
    from runner.transport.limits import Limits
    from runner.transport.route import Route

    class Scripted:
        """Both the connections and the socket of the one that they open."""

        def __init__(self) -> None:
            self.pieces = [data[at : at + 400] for at in range(0, len(data), 400)]

        def open(self, *_: object) -> Connection:
            return Connection(self, Route("http", "h.example", 80))

        def drop(self, connection: Connection) -> None:
            connection.close()

        def recv(self, size: int) -> bytes:
            return self.pieces.pop(0) if self.pieces else b""

        def send(self, data: bytes) -> int:
            return len(data)

        def getpeername(self) -> tuple[str, int]:
            return "192.0.2.1", 80

        def close(self) -> None:
            self.pieces = []

    client, limits = Http2(Scripted()), Limits(max_body=LIMIT)
    request = PreparedRequest(method="GET", scheme="http", host="h.example", port=80, target="/", headers=(), href="")
    try:
        response = response_of(client.send(request, Route("http", "h.example", 80), (), limits), limits, ())
    except RequestError as error:
        return kind_of(error)
    finally:
        client.close()
    assert len(response.body) <= LIMIT
    return "response"


def http2_answers() -> list[bytes]:
    """What servers send after a request on the first stream."""
    from h2.config import H2Configuration
    from h2.connection import H2Connection

    answers = []
    for headers, body in (
        ([(":status", "200"), ("content-type", "text/plain")], b"ok" * 100),
        ([(":status", "204")], b""),
        ([(":status", "200"), ("content-encoding", "gzip")], gzip.compress(TEXT, mtime=0)),
        ([(":status", "302"), ("location", "/x"), ("set-cookie", "a=b; Path=/")], b""),
    ):
        client = H2Connection(H2Configuration(client_side=True))
        server = H2Connection(H2Configuration(client_side=False))
        client.initiate_connection()
        client.send_headers(
            1, [(":method", "GET"), (":path", "/"), (":authority", "a"), (":scheme", "http")], end_stream=True
        )
        server.initiate_connection()
        server.receive_data(client.data_to_send())
        server.send_headers(1, headers, end_stream=not body)
        if body:
            server.send_data(1, body, end_stream=True)
        answers.append(server.data_to_send())
    return answers


def by_frames(data: bytes, others: list[bytes], chance: Random) -> bytes:
    """Changes of the frames of HTTP/2: their kind, flags, stream and payload; with the right length most of the time."""
    frames = _frames(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, kind = chance.randrange(len(frames) + 1), chance.randrange(7)
        if kind == 0 or at == len(frames):
            frames[at:at] = [
                [chance.randrange(11), chance.randrange(64), chance.choice((0, 1, 2, 3)), bytes(chance.randrange(12))]
            ]
        elif kind == 1:
            frames[at][chance.randrange(2)] = chance.randrange(256)
        elif kind == 2:
            frames[at][2] = chance.choice((0, 1, 2, 3, 2**31 - 1))
        elif kind == 3:
            frames[at:at] = frames[at : at + 1] * chance.choice((1, 3, 40))
        elif kind == 4:
            del frames[at]
        elif kind == 5:
            frames[at:] = _frames(chance.choice(others))[chance.randrange(3) :]
        else:
            frames[at][3] = in_bytes(frames[at][3], [frames[at][3]], chance)
    made = b"".join(len(p).to_bytes(3, "big") + bytes((k, f)) + s.to_bytes(4, "big") + p for k, f, s, p in frames)
    return in_bytes(made, others, chance) if chance.randrange(8) == 0 else made


in_bytes = by_bytes(
    [b"\0", b"\xff", b"\x88", b"\x00\x07:status\x03abc", b"\x00\x01a\x01\n", b"\x3f\xff\xff\xff\xff\xff", b"\x80"]
)


def _frames(data: bytes) -> list[list[int | bytes]]:
    found: list[list[int | bytes]] = []
    while len(data) >= 9:
        size, stream = int.from_bytes(data[:3], "big"), int.from_bytes(data[5:9], "big")
        found.append([data[3], data[4], stream, data[9 : 9 + size]])
        data = data[9 + size :]
    return found


TARGETS = {
    "response": Target(one_response, responses, by_bytes(TOKENS, kept=1), ("runner.transport",)),
    "body": Target(one_body, bodies, by_bytes(TOKENS, kept=1), ("runner.transport.http.decode",)),
    "http2": Target(one_http2, http2_answers, by_frames, ("runner.transport.http.http2", "httpcore", "h2")),
}
