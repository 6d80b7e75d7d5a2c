"""The HTTP/1.1 server under every stand-in: loopback only, keep-alive, odd input is answered and never kills it."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socketserver import TCPServer
from typing import Any, Protocol

from runner.errors import UsageError
from runner.server.faults import HEADER, KINDS, Fault, parse_fault
from runner.server.journal import Journal
from runner.server.messages import Answer, Call, Refused, error_answer, json_answer, parse_target, phrase

MAX_BODY = 64 * 1024 * 1024
MAX_LINE = 65536
HOLD_SECONDS = 600.0
IDLE_SECONDS = 120.0


class Api(Protocol):
    """What stands behind the server: one object that answers calls one after the other."""

    def answer(self, call: Call) -> Answer:
        """Answer one call; may raise Refused."""
        ...

    def refuse(self, call: Call, refused: Refused) -> Answer:
        """Write an error the way this API does at that place."""
        ...

    def key_name(self, call: Call) -> str:
        """Which known key the call carries: a name for the journal, never the key."""
        ...

    def reset(self) -> None:
        """Return to the state of the start."""
        ...


class BadRequest(Exception):
    """The bytes on the wire are no request; the connection is closed after the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def loopback_address(host: str) -> str:
    """The address to bind for `host`; anything that is not this machine alone is refused with UsageError."""
    address = "127.0.0.1" if host == "localhost" else host
    with contextlib.suppress(ValueError):
        if ip_address(address).is_loopback:
            return address
    raise UsageError(f"a stand-in binds loopback addresses only, not {host!r}", hint="use 127.0.0.1, ::1 or localhost")


class Server(ThreadingHTTPServer):
    """One thread for each connection; every open connection is known so that closing ends all of them."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    # On Windows the option would let two servers share one port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, host: str, port: int, api: Api) -> None:
        self.api = api
        self.record = Journal()
        self.turn = threading.Lock()
        self.closing = threading.Event()
        self.connections: set[socket.socket] = set()
        self.quiet = threading.Condition()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), Handler)

    def server_bind(self) -> None:
        """Bind without the reverse name lookup that the base class would make."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A broken connection is the client's affair: nothing is printed."""

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, then serve it on its own thread."""
        with self.quiet:
            self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection and forget it."""
        super().shutdown_request(request)
        with self.quiet:
            self.connections.discard(request)
            self.quiet.notify_all()

    def hang_up(self) -> None:
        """End every connection and wait until their threads are done (at most two seconds)."""
        self.closing.set()
        with self.quiet:
            for connection in tuple(self.connections):
                end_connection(connection)
            self.quiet.wait_for(lambda: not self.connections, timeout=2)


def end_connection(connection: socket.socket) -> None:
    """Wake the thread that reads from the connection; one that is closed already is fine."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection: reads calls, performs faults, writes answers."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
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
        """Answer what is no HTTP request in the JSON error format."""
        self.close_connection = True
        self.write(error_answer(Refused(int(code), message or phrase(int(code)))))

    def converse(self) -> None:
        """Answer one parsed request."""
        call = self.read_call()
        if call.path.startswith("/__standin/"):
            self.write(control(self.server, call))
            return
        fault = parse_fault(call.header(HEADER))
        with self.server.turn:
            entry = self.server.record.add(call, key=self.server.api.key_name(call), fault=call.header(HEADER))
        if fault is None:
            answer: Answer | None = error_answer(Refused(400, "X-Standin-Fault is none of " + ", ".join(KINDS)))
        else:
            answer = self.answer_or_fail(call, fault)
        if answer is not None:
            entry["status"] = answer.status
            self.write(answer, cut=fault is not None and fault.kind == "truncate")

    def read_call(self) -> Call:
        """The parsed request with its whole body."""
        headers = tuple((name.lower(), value.strip()) for name, value in self.headers.items())
        path, query = parse_target(self.path)
        return Call(self.command, self.path, path, query, headers, self.read_body())

    def read_body(self) -> bytes:
        """The body by Transfer-Encoding or Content-Length (RFC 9112 section 6.3)."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self.read_chunks()
        text = self.headers.get("Content-Length", "0").strip()
        if not (text.isascii() and text.isdigit()):
            raise BadRequest(400, "Content-Length is no number")
        return self.read_exactly(text)

    def read_exactly(self, length: str, base: int = 10) -> bytes:
        """That many bytes; a client that sends fewer and hangs up gets no answer."""
        try:
            size = int(length, base)
        except ValueError:
            raise BadRequest(400, "A chunk size is no number") from None
        if not 0 <= size <= MAX_BODY:
            raise BadRequest(413, f"The body is larger than {MAX_BODY} bytes")
        data = self.rfile.read(size)
        if len(data) < size:
            raise ConnectionError("the body ended early")
        return data

    def read_chunks(self) -> bytes:
        """A chunked body; trailers are read and dropped."""
        body = bytearray()
        while chunk := self.read_chunk():
            body += chunk
            if len(body) > MAX_BODY:
                raise BadRequest(413, f"The body is larger than {MAX_BODY} bytes")
        while self.rfile.readline(MAX_LINE).strip():
            pass
        return bytes(body)

    def read_chunk(self) -> bytes:
        """One chunk without its line end; b"" is the last one."""
        size = self.rfile.readline(MAX_LINE).partition(b";")[0].strip()
        data = self.read_exactly(size.decode("latin-1"), 16)
        if data and self.rfile.readline(3) not in (b"\r\n", b"\n"):
            raise BadRequest(400, "A chunk is longer than its size")
        return data

    def answer_or_fail(self, call: Call, fault: Fault) -> Answer | None:
        """The API's answer, or what the fault makes of it; None when nothing may be written."""
        if fault.kind == "reset":
            self.reset_connection()
            return None
        if fault.kind == "timeout":
            self.server.closing.wait(HOLD_SECONDS)
            self.close_connection = True
            return None
        if fault.kind == "slow":
            self.server.closing.wait(fault.milliseconds / 1000)
        with self.server.turn:
            return answer_call(self.server.api, call, fault.status)

    def reset_connection(self) -> None:
        """Close so that the peer sees a reset: no lingering, hence no orderly end of the stream."""
        self.close_connection = True
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.rfile.close()
        self.connection.close()

    def write(self, answer: Answer, cut: bool = False) -> None:
        """Send status line, headers and body in one piece; `cut` promises the whole body and sends half of it."""
        if self.headers_ask_to_close() or answer.last or cut:
            self.close_connection = True
        lines = [f"HTTP/1.1 {answer.status} {phrase(answer.status)}".rstrip(), f"Date: {self.date_time_string()}"]
        lines += ["Server: postrunner-stand-in", f"Connection: {'close' if self.close_connection else 'keep-alive'}"]
        if answer.content_type:
            lines.append(f"Content-Type: {answer.content_type}")
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines.append(f"Content-Length: {len(answer.body)}")
        body = b"" if self.command == "HEAD" else answer.body
        body = body[: len(body) // 2] if cut else body
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body)

    def headers_ask_to_close(self) -> bool:
        """Whether the client wants no further request on this connection."""
        headers = getattr(self, "headers", None)
        return headers is not None and headers.get("Connection", "").lower() == "close"


def answer_call(api: Api, call: Call, status: int) -> Answer:
    """The API's answer, its error for a refused call, or an error that a fault asked for."""
    try:
        if status:
            headers = (("Retry-After", "1"),) if status == 429 else ()
            raise Refused(status, f"X-Standin-Fault asked for {status}", headers=headers)
        return api.answer(call)
    except Refused as refused:
        return api.refuse(call, refused)
    except Exception as error:
        # A defect of the stand-in: the client has to see it, and the next call has to work.
        return api.refuse(call, Refused(500, f"The stand-in failed: {error!r}"))


def control(server: Server, call: Call) -> Answer:
    """The stand-in's own routes: the journal and the reset."""
    if (call.method, call.path) == ("GET", "/__standin/requests"):
        with server.turn:
            return json_answer({"requests": list(server.record.entries)})
    if (call.method, call.path) == ("POST", "/__standin/reset"):
        reset(server)
        return json_answer({"success": True})
    return error_answer(Refused(404, "Not Found"))


def reset(server: Server) -> None:
    """Return the API to its first state and empty the journal."""
    with server.turn:
        server.api.reset()
        server.record = Journal()


class StandIn:
    """A running stand-in; a context manager that stops it at the end."""

    def __init__(self, name: str, api: Api, host: str = "127.0.0.1", port: int = 0) -> None:
        self.name = name
        self.api = api
        try:
            self.server = Server(loopback_address(host), port, api)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UsageError(f"the stand-in cannot listen on port {port}: {reason}", hint="use another --port") from None
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), name=f"stand-in {name}", daemon=True)
        self.thread.start()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self.server.server_port

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        host = self.server.server_name
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def journal(self) -> list[dict[str, Any]]:
        """All calls since the start or the last reset, credentials masked."""
        with self.server.turn:
            return [dict(entry) for entry in self.server.record.entries]

    def reset(self) -> None:
        """Return to the state of the start, with an empty journal."""
        reset(self.server)

    def wait(self) -> None:
        """Block until it is closed; Ctrl-C gets through on every system."""
        while self.thread.is_alive():
            self.thread.join(0.5)

    def close(self) -> None:
        """Stop listening and end every connection."""
        self.server.shutdown()
        self.thread.join()
        self.server.hang_up()
        self.server.server_close()

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
