"""One connection of a server: reads calls, performs faults, writes answers. Malformed input gets an error answer."""

from __future__ import annotations

import os
import re
import socket
import struct
import time
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer

from runner.rules.status_phrases import status_phrase
from runner.server.backend import Backend
from runner.server.control import control
from runner.server.faults import KINDS, Fault, parse_fault
from runner.server.messages import Answer, Call, Refused, error_answer, parse_target

MAX_BODY = 128 * 1024 * 1024
MAX_LINE = 65536
MAX_HEAD = 4 * MAX_LINE
MAX_HEADERS = 100
PIECE = 65536
HOLD_SECONDS = 600.0
IDLE_SECONDS = 120.0

_HEAD_END = re.compile(rb"\n\r?\n")
_REQUEST_LINE = re.compile(r"([!-~]+) ([!-~\x80-\xff]+) HTTP/([0-9])\.([0-9])")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Served(ThreadingTCPServer):
    """The server as its connections see it."""

    backend: Backend


class BadRequest(Exception):
    """Raised for bytes that are not a valid request; the connection is closed after the error answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class ConnectionHandler(BaseRequestHandler):
    """One connection: reads calls, performs faults, writes answers."""

    server: Served

    def setup(self) -> None:
        """Prepare for the first call."""
        self.connection: socket.socket = self.request
        self.connection.settimeout(IDLE_SECONDS)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.buffer = bytearray()
        self.closes = False
        self.method = ""

    def handle(self) -> None:
        """Answer one call after the other until either side ends the connection."""
        try:
            with suppress(OSError, ValueError):  # the client hung up; ValueError: the socket is closed already
                while not self.closes and (head := self.read_head()) is not None:
                    self.converse(self.read_call(head))
        except BadRequest as error:
            self.closes, self.method = True, ""
            with suppress(OSError):  # the client has hung up
                self.write(error_answer(Refused(error.status, error.message)))

    # -- reading ------------------------------------------------------------------------------------------------

    def more(self) -> bool:
        """Read what has arrived into the buffer; False at the end of the stream."""
        data = self.connection.recv(PIECE)
        self.buffer += data
        return bool(data)

    def read_head(self) -> bytes | None:
        """The next head, up to its empty line; None if the client has hung up."""
        buffer, seen = self.buffer, 0
        while True:
            while buffer[:2] == b"\r\n" or buffer[:1] == b"\n":  # empty lines before a request are ignored (RFC 9112)
                del buffer[: 2 if buffer[:1] == b"\r" else 1]
            found = _HEAD_END.search(buffer, max(0, seen - 2))
            if found is not None:
                head = bytes(buffer[: found.start()])
                del buffer[: found.end()]
                break
            seen = len(buffer)
            self.check_sizes(buffer)
            if not self.more():
                if buffer:
                    raise BadRequest(400, "The head of the request ended early")
                return None
        self.check_sizes(head)
        if head.count(b"\n") > MAX_HEADERS:
            raise BadRequest(431, "There are too many headers")
        return head

    @staticmethod
    def check_sizes(head: bytes | bytearray) -> None:
        """Raise `BadRequest` for a head, or the beginning of one, that is too long."""
        if len(head) > MAX_LINE and head.find(b"\n", 0, MAX_LINE + 1) < 0:
            raise BadRequest(414, "The request line is too long")
        if len(head) > MAX_HEAD:
            raise BadRequest(431, "The headers are too large")

    def read_call(self, head: bytes) -> Call:
        """The call of a head, with its complete body; raises `BadRequest`."""
        first, *lines = head.decode("latin-1").split("\n")
        line = _REQUEST_LINE.fullmatch(first.rstrip("\r"))
        if line is None:
            raise BadRequest(400, "The request line is invalid")
        method, target, major, minor = line.groups()
        if major != "1":
            raise BadRequest(505, "Only HTTP/1.1 is understood")
        self.method = method
        headers = []
        for text in lines:
            name, colon, value = text.partition(":")
            if not colon or not name or name != name.strip():
                raise BadRequest(400, "A header is invalid")
            headers.append((name.lower(), value.strip()))
        found = dict(headers)
        connection = found.get("connection", "").lower()
        self.closes = "close" in connection or (minor == "0" and "keep-alive" not in connection)
        path, query = parse_target(target)
        return Call(method, target, path, query, tuple(headers), self.read_body(found))

    def read_body(self, headers: dict[str, str]) -> bytes:
        """The body, framed by Transfer-Encoding or Content-Length (RFC 9112 section 6.3)."""
        chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        text = headers.get("content-length", "0")
        if not chunked and not (text.isascii() and text.isdigit()):
            raise BadRequest(400, "Content-Length is not a number")
        if headers.get("expect", "").lower() == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self.read_chunks() if chunked else self.read_exactly(text) if text != "0" else b""

    def read_exactly(self, length: str, base: int = 10) -> bytes:
        """Read `length` bytes; a client that hangs up before that gets no answer."""
        try:
            size = int(length, base)
        except ValueError:
            raise BadRequest(400, "A chunk size is not a number") from None
        if not 0 <= size <= MAX_BODY:
            raise BadRequest(413, f"The body is larger than {MAX_BODY} bytes")
        while len(self.buffer) < size:
            if not self.more():
                raise ConnectionError("the body ended early")
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def read_line(self) -> bytes:
        """Read one line, without its end; an endless one is cut off."""
        seen = 0
        while (end := self.buffer.find(b"\n", seen)) < 0 and len(self.buffer) <= MAX_LINE:
            seen = len(self.buffer)
            if not self.more():
                raise ConnectionError("the body ended early")
        line = bytes(self.buffer[: end if end >= 0 else MAX_LINE])
        del self.buffer[: len(line) + 1]
        return line.removesuffix(b"\r")

    def read_chunks(self) -> bytes:
        """Read a chunked body; trailers are discarded."""
        body = bytearray()
        while True:
            size = self.read_line().partition(b";")[0].strip()
            chunk = self.read_exactly(size.decode("latin-1"), 16)
            if not chunk:
                break
            end = self.read_exactly("1")
            if (self.read_exactly("1") if end == b"\r" else end) != b"\n":
                raise BadRequest(400, "A chunk is longer than its size")
            body += chunk
            if len(body) > MAX_BODY:
                raise BadRequest(413, f"The body is larger than {MAX_BODY} bytes")
        while self.read_line():
            pass
        return bytes(body)

    # -- answering ----------------------------------------------------------------------------------------------

    def converse(self, call: Call) -> None:
        """Answer a call, or fail as it asks for."""
        backend = self.server.backend
        controlled = control(backend, call)
        if controlled is not None:
            self.write(controlled)
            return
        entry = backend.note(call)
        header = backend.names.fault_header
        fault = parse_fault(call.header(header.lower()))
        if fault is None:
            answer: Answer | None = error_answer(Refused(400, f"{header} must be one of " + ", ".join(KINDS)))
        else:
            answer = self.answer_or_fail(call, fault)
        if answer is not None:
            if answer.delay:
                backend.closing.wait(answer.delay / 1000)
            backend.answered(entry, answer)
            self.write(answer, cut=fault is not None and fault.kind == "truncate")

    def answer_or_fail(self, call: Call, fault: Fault) -> Answer | None:
        """The answer of the API or of the fault; None if nothing may be written."""
        if fault.kind == "reset":
            self.reset_connection()
            return None
        if fault.kind == "timeout":
            self.server.backend.closing.wait(HOLD_SECONDS)
            self.closes = True
            return None
        if fault.kind == "slow":
            self.server.backend.closing.wait(fault.milliseconds / 1000)
        return self.server.backend.answer(call, fault)

    def reset_connection(self) -> None:
        """Close with a TCP reset: with a linger time of 0 the kernel sends RST instead of FIN."""
        self.closes = True
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def write(self, answer: Answer, cut: bool = False) -> None:
        """Send status line, headers and body in one piece; `cut` announces the whole body and sends half of it."""
        self.closes = self.closes or answer.last or cut
        own = {name.lower() for name, _ in answer.headers}
        lines = [f"HTTP/1.1 {answer.status} {status_phrase(answer.status)}".rstrip()]
        if "date" not in own:
            lines.append(f"Date: {http_date(int(time.time()))}")
        if "server" not in own:
            lines.append(f"Server: {self.server.backend.names.software}")
        lines.append(f"Connection: {'close' if self.closes else 'keep-alive'}")
        if answer.content_type:
            lines.append(f"Content-Type: {answer.content_type}")
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if answer.status != 204:
            lines.append(f"Content-Length: {len(answer.body)}")
        body = b"" if self.method == "HEAD" or answer.status in (204, 304) else answer.body
        body = body[: len(body) // 2] if cut else body
        self.connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body)


_dates: dict[int, str] = {}


def http_date(seconds: int) -> str:
    """The time as HTTP writes it; the latest one is kept."""
    text = _dates.get(seconds)
    if text is None:
        t = time.gmtime(seconds)
        day = f"{_DAYS[t.tm_wday]}, {t.tm_mday:02} {_MONTHS[t.tm_mon - 1]} {t.tm_year:04}"
        text = f"{day} {t.tm_hour:02}:{t.tm_min:02}:{t.tm_sec:02} GMT"
        _dates.clear()
        _dates[seconds] = text
    return text
