"""Hostile responses of every kind by name: bytes, or what writes to the connection until the other side has had enough."""

import gzip
import os
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def said(body: bytes = b"", *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = [b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def encoded(body: bytes, *codings: str) -> bytes:
    return said(body, b"Content-Encoding: " + ", ".join(codings).encode())


def times(count: int, body: bytes = b"hello") -> bytes:
    for _ in range(count):
        body = gzip.compress(body)
    return body


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabytes)), packer.flush()])


def endless(start: bytes, piece: bytes) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        yield start
        while True:
            yield piece * max(1, 20_000 // len(piece))

    return pieces


BOMB = bomb(60)
SKIP = struct.pack("<II", 0x184D2A50, 0)
FRAME = bytes.fromhex("28b52ffd2000010000")
HUGE_WINDOW = bytes.fromhex("28b52ffd00f8010000")
LAUGH = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)

ANSWERS: dict[str, bytes | Callable[[], Iterator[bytes]]] = {
    # codings
    "gzip-bomb": encoded(BOMB, "gzip"),
    "gzip-bomb-in-gzip": encoded(gzip.compress(BOMB), "gzip", "gzip"),
    "gzip-empty-members": encoded(gzip.compress(b"") * 20_000, "gzip"),
    "gzip-tiny-members": encoded(gzip.compress(b"x") * 20_000, "gzip"),
    "gzip-garbage-behind": encoded(gzip.compress(b"x") + b"garbage" * 1000, "gzip"),
    "gzip-padding": encoded(gzip.compress(b"x") + bytes(100_000), "gzip"),
    "gzip-breaks-off": encoded(gzip.compress(os.urandom(1000))[:500], "gzip"),
    "gzip-wrong-sum": encoded(gzip.compress(b"x")[:-8] + bytes(8), "gzip"),
    "gzip-long-name": encoded(b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * 100_000, "gzip"),
    "gzip-extra-field": encoded(b"\x1f\x8b\x08\x04" + bytes(6) + b"\xff\xff" + b"e" * 65535, "gzip"),
    "gzip-10-times": encoded(times(10), *["gzip"] * 10),
    "gzip-1000-times": encoded(times(100), *["gzip"] * 1000),
    "identity-20000-times": encoded(b"x", *["identity"] * 20_000),
    "deflate-rubbish": encoded(os.urandom(1000), "deflate"),
    "deflate-empty": encoded(b"", "deflate"),
    "deflate-one-byte": encoded(b"x", "deflate"),
    "br-rubbish": encoded(b"\x1b" + os.urandom(1000), "br"),
    "br-empty": encoded(b"", "br"),
    "zstd-skippable": encoded(SKIP * 20_000, "zstd"),
    "zstd-skippable-beyond-the-end": encoded(struct.pack("<II", 0x184D2A50, 0xFFFFFFFF), "zstd"),
    "zstd-frames": encoded(FRAME * 2000, "zstd"),
    "zstd-huge-window": encoded(HUGE_WINDOW, "zstd"),
    "zstd-rubbish": encoded(FRAME + b"rubbish", "zstd"),
    "coding-unknown": encoded(b"x", "x" * 100_000),
    # heads
    "header-flood": OK + b"a:\r\n" * 3000 + b"Content-Length: 0\r\n\r\n",
    "header-endless": endless(OK, b"X-Y: " + b"y" * 100 + b"\r\n"),
    "header-line-endless": endless(OK + b"X: ", b"z"),
    "header-name-endless": endless(OK, b"n"),
    "status-line-endless": endless(b"HTTP/1.1 200 ", b"r"),
    "no-http-endless": endless(b"", b"x"),
    "line-ends-endless": endless(b"", b"\r\n"),
    "1xx-endless": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "103-endless": endless(b"", b"HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n"),
    "1xx-then-ok": b"HTTP/1.1 103 Early\r\n\r\n" * 500 + said(b"x"),
    "folded": OK + b"X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
    "nul-in-header": OK + b"X: a\0b\r\nContent-Length: 0\r\n\r\n",
    "space-before-colon": OK + b"Content-Length : 2\r\n\r\nhi",
    "bare-line-feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
    "http-0.9": b"<html>hello</html>",
    "http-2.0": b"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "status-99": b"HTTP/1.1 99 Odd\r\nContent-Length: 0\r\n\r\n",
    "status-000": b"HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n",
    "status-1000": b"HTTP/1.1 1000 Odd\r\nContent-Length: 0\r\n\r\n",
    "status-999": b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
    "reason-of-controls": b"HTTP/1.1 200 \x1b[31mR\x07 ::error::x " + b"A" * 9999 + b"\r\nContent-Length: 0\r\n\r\n",
    "101-and-garbage": b"HTTP/1.1 101 Up\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\ngarbage",
    "tls-alert": b"\x15\x03\x01\x00\x02\x02\x46",
    # bodies
    "body-endless": endless(OK + b"\r\n", b"x" * 65536),
    "body-too-large": OK + b"Content-Length: 99999999999\r\n\r\n" + b"x" * 1000,
    "length-overflows": OK + b"Content-Length: 99999999999999999999\r\n\r\nx",
    "length-negative": OK + b"Content-Length: -1\r\n\r\nx",
    "length-twice": OK + b"Content-Length: 1\r\nContent-Length: 5\r\n\r\nhello",
    "length-too-long": OK + b"Content-Length: 100\r\n\r\nabc",
    "length-too-short": OK + b"Content-Length: 1\r\n\r\nhello",
    "length-and-chunks": OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "transfer-unknown": OK + b"Transfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "second-response": said(b"first") + said(b"POISON"),
    "chunk-extension-endless": endless(CHUNKED + b"1;", b"y"),
    "chunk-extensions-endless": endless(CHUNKED, b"1;" + b"y" * 10_000 + b"\r\nx\r\n"),
    "chunk-size-endless": endless(CHUNKED, b"0"),
    "chunks-of-one-byte": CHUNKED + b"1\r\nx\r\n" * 20_000 + b"0\r\n\r\n",
    "chunks-endless": endless(CHUNKED, b"ffff\r\n" + b"x" * 65535 + b"\r\n"),
    "chunk-negative": CHUNKED + b"-1\r\nx\r\n0\r\n\r\n",
    "chunk-overflows": CHUNKED + b"ffffffffffffffff\r\nx\r\n0\r\n\r\n",
    "chunk-with-0x": CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n",
    "chunk-breaks-off": CHUNKED + b"5\r\nab",
    "trailers": CHUNKED + b"0\r\n" + b"X-T: y\r\n" * 500 + b"\r\n",
    "trailers-endless": endless(CHUNKED + b"0\r\n", b"X-T: " + b"y" * 100 + b"\r\n"),
    "trailer-line-endless": endless(CHUNKED + b"0\r\nX-T: ", b"y"),
    # what is in them
    "cookies": said(b"", *(b"Set-Cookie: c%d=v" % n for n in range(300))),
    "cookies-odd": said(
        b"", b"Set-Cookie: a=1; Domain=com", b"Set-Cookie: =x", b"Set-Cookie: b=1; Max-Age=" + b"9" * 50_000
    ),
    "cookie-dates": said(b"", b"Set-Cookie: a=b; Expires=" + b"1 Jan " * 10_000),
    "redirect-loop": said(b"", b"Location: /redirect-loop", status=b"302 Found"),
    "redirect-to-rubbish": said(b"", b"Location: http://[::1:bad/" + b"x" * 50_000, status=b"302 Found"),
    "redirect-long": said(b"", b"Location: /ok?" + b"x" * 100_000, status=b"302 Found"),
    "redirect-empty-scheme": said(b"", b"Location: ://", status=b"302 Found"),
    "redirect-to-a-file": said(b"", b"Location: file:///etc/hostname", status=b"302 Found"),
    "challenge-commas": said(b"", b"WWW-Authenticate: " + b"," * 100_000 + b'"', status=b"401 U"),
    "challenge-open-quote": said(b"", b'WWW-Authenticate: Digest realm="' + b"\\x" * 50_000, status=b"401 U"),
    "challenge-long": said(b"", b'WWW-Authenticate: Digest realm="' + b"r" * 90_000 + b'", nonce="n"', status=b"401 U"),
    "ntlm-rubbish": said(b"", b"WWW-Authenticate: NTLM " + b"A" * 100_000, status=b"401 U"),
    "json-deep": said(b"[" * 100_000 + b"]" * 100_000, b"Content-Type: application/json"),
    "json-digits": said(b"9" * 200_000, b"Content-Type: application/json"),
    "json-surrogates": said(b'"\\ud800"', b"Content-Type: application/json"),
    "xml-deep": said(b"<a>" * 50_000, b"Content-Type: application/xml"),
    "xml-entities": said(LAUGH + b"]><l>&j;</l>", b"Content-Type: application/xml"),
    "html-that-closes-scripts": said(b"</script><!--<script>\0\xff ]]> \xed\xa0\x80", b"Content-Type: text/html"),
    "charset-unknown": said(b"x" * 1000, b"Content-Type: text/plain; charset=" + b"c" * 50_000),
    "charset-punycode": said(b"a-" + b"b" * 100_000, b"Content-Type: text/plain; charset=punycode"),
    "charset-of-no-text": said(b"78" * 1000, b"Content-Type: text/plain; charset=hex"),
    "charset-utf-7": said(b"+AAA" * 10_000, b"Content-Type: text/plain; charset=utf-7"),
    "type-of-blanks": said(b"x", b"Content-Type: a" + b" " * 100_000 + b"; charset" + b" " * 50_000),
    "names-of-secrets": said(b'{"token":"' + b"\\" * 50_000 + b"<token><![CDATA[" * 5000),
    "closes-at-once": b"",
}

SLOW: dict[str, bytes] = {
    "silent": b"",
    "silent-in-head": OK + b"X-Y: ",
    "silent-in-body": OK + b"Content-Length: 10\r\n\r\nabc",
    "silent-in-chunk": CHUNKED + b"5\r\nab",
    "silent-in-trailers": CHUNKED + b"0\r\nX: y\r\n",
    "silent-stream": OK + b"Content-Type: text/event-stream\r\n\r\ndata: x\n\n",
}
"""What a server says before it says nothing more."""


class Hostile:
    """A server that answers each path with what has its name, and closes; every other path gets `ok`."""

    def __init__(self, answers: dict[str, bytes | Callable[[], Iterator[bytes]]] = ANSWERS) -> None:
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            sock, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with sock:
            try:
                self._answer(sock)
            except OSError:
                return

    def _answer(self, sock: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            data = sock.recv(65536)
            if not data:
                return
            head += data
        name = head.split(b" ")[1].decode("latin-1")[1:].partition("?")[0]
        if name in SLOW:
            sock.sendall(SLOW[name])
            self._over.wait(20)
            return
        answer = self._answers.get(name, said(b"ok"))
        for piece in (answer,) if isinstance(answer, bytes) else answer():
            sock.sendall(piece)
