"""One connection of a server: reads calls, performs faults, writes answers. Malformed input gets an error answer."""

from __future__ import annotations

import os
import socket
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from runner.rules.status_phrases import status_phrase
from runner.server.backend import Backend
from runner.server.faults import KINDS, Fault, parse_fault
from runner.server.messages import Answer, Call, Refused, error_answer, parse_target

MAX_BODY = 128 * 1024 * 1024
MAX_LINE = 65536
HOLD_SECONDS = 600.0
IDLE_SECONDS = 120.0


class Served(ThreadingHTTPServer):
    """The server as its connections see it."""

    backend: Backend


class BadRequest(Exception):
    """Raised for bytes that are not a valid request; the connection is closed after the error answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class ConnectionHandler(BaseHTTPRequestHandler):
    """One connection: reads calls, performs faults, writes answers."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: Served

    def log_message(self, format: str, *args: object) -> None:
        """The journal is the log."""

    def handle_one_request(self) -> None:
        """Read one request of any method and answer it."""
        try:
            self.raw_requestline = self.rfile.readline(MAX_LINE + 1)
            if len(self.raw_requestline) > MAX_LINE:
                self.requestline, self.request_version, self.command = "", "", ""
                raise BadRequest(414, "The request line is too long")
            if not self.raw_requestline:
                self.close_connection = True
            elif self.parse_request():
                self.converse()
        except BadRequest as error:
            self.close_connection = True
            self.write(error_answer(Refused(error.status, error.message)))
        except (OSError, ValueError):
            # ValueError: the client hung up and the stream is closed already.
            self.close_connection = True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer an invalid request, in the JSON error format: `BaseHTTPRequestHandler` would send HTML."""
        self.close_connection = True
        self.write(error_answer(Refused(int(code), message or status_phrase(int(code)))))

    def converse(self) -> None:
        """Answer the request whose head has been parsed."""
        call, backend = self.read_call(), self.server.backend
        controlled = backend.control(call)
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
            entry["status"] = answer.status
            self.write(answer, cut=fault is not None and fault.kind == "truncate")

    def read_call(self) -> Call:
        """The parsed request with its complete body."""
        headers = tuple((name.lower(), value.strip()) for name, value in self.headers.items())
        path, query = parse_target(self.path)
        return Call(self.command, self.path, path, query, headers, self.read_body())

    def read_body(self) -> bytes:
        """The body, framed by Transfer-Encoding or Content-Length (RFC 9112 section 6.3)."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self.read_chunks()
        text = self.headers.get("Content-Length", "0").strip()
        if not (text.isascii() and text.isdigit()):
            raise BadRequest(400, "Content-Length is not a number")
        return self.read_exactly(text)

    def read_exactly(self, length: str, base: int = 10) -> bytes:
        """Read `length` bytes; a client that hangs up before that gets no answer."""
        try:
            size = int(length, base)
        except ValueError:
            raise BadRequest(400, "A chunk size is not a number") from None
        if not 0 <= size <= MAX_BODY:
            raise BadRequest(413, f"The body is larger than {MAX_BODY} bytes")
        data = self.rfile.read(size)
        if len(data) < size:
            raise ConnectionError("the body ended early")
        return data

    def read_chunks(self) -> bytes:
        """Read a chunked body; trailers are discarded."""
        body = bytearray()
        while True:
            size = self.rfile.readline(MAX_LINE).partition(b";")[0].strip()
            chunk = self.read_exactly(size.decode("latin-1"), 16)
            if not chunk:
                break
            if self.rfile.readline(3) not in (b"\r\n", b"\n"):
                raise BadRequest(400, "A chunk is longer than its size")
            body += chunk
            if len(body) > MAX_BODY:
                raise BadRequest(413, f"The body is larger than {MAX_BODY} bytes")
        while self.rfile.readline(MAX_LINE).strip():
            pass
        return bytes(body)

    def answer_or_fail(self, call: Call, fault: Fault) -> Answer | None:
        """The answer of the API or of the fault; None if nothing may be written."""
        if fault.kind == "reset":
            self.reset_connection()
            return None
        if fault.kind == "timeout":
            self.server.backend.closing.wait(HOLD_SECONDS)
            self.close_connection = True
            return None
        if fault.kind == "slow":
            self.server.backend.closing.wait(fault.milliseconds / 1000)
        return self.server.backend.answer(call, fault)

    def reset_connection(self) -> None:
        """Close with a TCP reset: with a linger time of 0 the kernel sends RST instead of FIN."""
        self.close_connection = True
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.rfile.close()
        self.connection.close()

    def write(self, answer: Answer, cut: bool = False) -> None:
        """Send status line, headers and body in one piece; `cut` announces the whole body and sends half of it."""
        if self.headers_ask_to_close() or answer.last or cut:
            self.close_connection = True
        lines = [f"HTTP/1.1 {answer.status} {status_phrase(answer.status)}".rstrip(), f"Date: {self.date_time_string()}"]
        lines += [
            f"Server: {self.server.backend.names.software}",
            f"Connection: {'close' if self.close_connection else 'keep-alive'}",
        ]
        if answer.content_type:
            lines.append(f"Content-Type: {answer.content_type}")
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines.append(f"Content-Length: {len(answer.body)}")
        body = b"" if self.command == "HEAD" else answer.body
        body = body[: len(body) // 2] if cut else body
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body)

    def headers_ask_to_close(self) -> bool:
        """Whether the client asked to close the connection after this request."""
        headers = getattr(self, "headers", None)  # missing if the request line was invalid
        return headers is not None and headers.get("Connection", "").lower() == "close"
