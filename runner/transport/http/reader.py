"""Reads one response: llhttp, the parser of Node, calls back, and `Reader` collects.

What Postman rejects is rejected here, with the same messages. There are two deliberate differences: a head may have 256 KiB
(Node: 16), and a 101 is a response. Bytes after the end of a response can never answer the next request: they are an error
if they come together with the end, and the connection is dropped if they come later.
"""

from __future__ import annotations

import io
import re

import httptools

from runner.transport import failures
from runner.transport.limits import MAX_BODY

MAX_HEAD = 262144
MAX_TRAILERS = MAX_HEAD
FRAMING, FRAMING_OF_A_CHUNK = 65536, 64
"""Bytes allowed around the chunks of a body: this many, so many more per chunk, and twice the size of the chunks.
Node rejects more than 16 KiB of extensions; here a server may sign each chunk, but not send extensions endlessly."""
SWITCHING_PROTOCOLS = 101
_IDLE = re.compile(rb"timeout=(\d{1,6})\b")


class Reader:
    """Collects one response from the callbacks of the parser.

    `complete` is True once the whole response has been read, `surplus` if more bytes followed, `garbage` if these are not a
    response, `reusable` if the connection may serve another request.
    """

    __slots__ = (
        "_body",
        "_chunk_count",
        "_chunked",
        "_chunks",
        "_fed",
        "_fed_in_head",
        "_head_done",
        "_is_head",
        "_length_known",
        "_max_body",
        "_parser",
        "_size",
        "_trailer_size",
        "complete",
        "garbage",
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
        self.complete = self.surplus = self.garbage = self.keep_alive = False
        self._is_head = is_head
        self._max_body = max_body
        self._body = b""
        self._chunks: io.BytesIO | None = None
        self._size = self._fed = self._fed_in_head = self._chunk_count = self._trailer_size = 0
        self._head_done = self._chunked = self._length_known = False
        self._parser = httptools.HttpResponseParser(self)
        if lenient:
            self._parser.set_dangerous_leniencies(*[True] * 10)

    @property
    def reusable(self) -> bool:
        """Whether this response has ended cleanly and the connection stays open."""
        return self.complete and self.keep_alive and not self.surplus

    @property
    def started(self) -> bool:
        """Whether any byte of the response has been received."""
        return self._fed > 0

    @property
    def in_body(self) -> bool:
        """Whether the head is complete."""
        return self._head_done

    def idle_seconds(self) -> int | None:
        """How many seconds the server keeps an idle connection, if it says so (`Keep-Alive: timeout=5`)."""
        said = next((value for name, value in self.headers if len(name) == 10 and name.lower() == b"keep-alive"), None)
        found = _IDLE.search(said) if said else None
        return int(found[1]) if found else None

    def is_event_stream(self) -> bool:
        """Whether the body is `text/event-stream`, which usually never ends."""
        types = [value for name, value in self.headers if len(name) == 12 and name.lower() == b"content-type"]
        return bool(types) and types[-1].lower().startswith(b"text/event-stream")

    def body(self) -> bytes:
        """The body as received, without chunk framing."""
        return self._body if self._chunks is None else self._chunks.getvalue()

    def feed(self, data: bytes) -> None:
        """Parse received bytes; raises `RequestError` if they are not valid HTTP, or too many."""
        self._fed += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if self.status == SWITCHING_PROTOCOLS:
                return  # what follows is another protocol, with or without an `Upgrade` header
            if not self.complete:
                raise failures.parse_error(str(error), tls=data.startswith(failures.TLS_RECORD)) from None
            self.surplus = self.garbage = True
        if self._is_head and self.complete and (self.surplus or not data.endswith(b"\n")):
            # llhttp does not know that this is the response to HEAD: what it takes for a body is not part of it.
            self.surplus = self.garbage = True
        if not self._head_done and self._fed > MAX_HEAD:
            raise failures.header_overflow(MAX_HEAD)
        if self._chunked and self._head_done:
            self._check_framing()
        if self._size > self._max_body:
            raise failures.too_large(self._max_body)

    def _check_framing(self) -> None:
        """Reject excessive trailers and chunk extensions, which the limit for the body does not cover."""
        self._fed_in_head = self._fed_in_head or self._fed
        framing = self._fed - self._fed_in_head - self._size
        if self._trailer_size > MAX_TRAILERS:
            raise failures.trailer_overflow(MAX_TRAILERS)
        if framing > FRAMING + MAX_TRAILERS + FRAMING_OF_A_CHUNK * self._chunk_count + 2 * self._size:
            raise failures.framing_overflow()

    def end(self) -> None:
        """The peer closed the connection; raises `RequestError` unless that ends the response properly."""
        if self.complete:
            return
        if not self._fed or not self._head_done:
            raise failures.hang_up()
        if self._length_known or self._chunked:
            raise failures.aborted()
        self.complete = True
        self.keep_alive = False

    def on_message_begin(self) -> None:
        """A message begins: the first one, the one after an interim 1xx, or one that was not asked for."""
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
        """One header line, or a trailer if the body has begun."""
        if self.complete:
            return
        value = value.rstrip(b" \t")
        if self._head_done:
            self._trailer_size += len(name) + len(value) + 4
            if self._trailer_size <= MAX_TRAILERS:
                self.trailers.append((name, value))
            return
        self.headers.append((name, value))
        if len(name) == 14 and name.lower() == b"content-length":
            self._length_known = True
        elif len(name) == 17 and name.lower() == b"transfer-encoding":
            self._chunked = value.lower().endswith(b"chunked")

    def on_headers_complete(self) -> None:
        """The head is complete, and for HEAD the whole response."""
        if self.complete:
            return
        self.status = self._parser.get_status_code()
        if self._interim():
            return
        self._head_done = True
        self.version = self._parser.get_http_version()
        self.keep_alive = self._stays_open() and self.status != SWITCHING_PROTOCOLS
        self.complete = self._is_head or self.status == SWITCHING_PROTOCOLS

    def on_chunk_header(self) -> None:
        """A chunk begins, which the response to HEAD must not have."""
        self._chunk_count += 1
        if self.complete:
            self.surplus = True

    def on_body(self, data: bytes) -> None:
        """A piece of the body; a single piece is not copied, several are joined in one growing buffer."""
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
        # llhttp does not know that this is the response to HEAD and would wait for a body until the connection closes.
        said = b",".join([value for name, value in self.headers if name.lower() == b"connection"]).lower()
        return self.version == "1.1" and b"close" not in said

    def _interim(self) -> bool:
        return 100 <= self.status < 200 and self.status != SWITCHING_PROTOCOLS
