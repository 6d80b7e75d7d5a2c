"""A tiny server on loopback that answers with canned bytes, and a client to ask it."""

import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from runner.client.http import Client
from runner.cookies.jar import CookieJar
from runner.model.request import PreparedRequest, ProtocolProfileBehavior
from runner.options import RunOptions

RESET = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


@dataclass(frozen=True)
class Received:
    """One request as it came in: `connection` counts from 1."""

    head: str
    body: bytes
    connection: int

    @property
    def line(self) -> str:
        return self.head.split("\r\n")[0]

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]

    def header(self, name: str) -> str | None:
        wanted = name.lower() + ":"
        return next(
            (line[len(wanted) :].strip() for line in self.head.split("\r\n") if line.lower().startswith(wanted)), None
        )


@dataclass
class Reply:
    """What the server says: some bytes, and whether it closes (or resets) the connection after them."""

    data: bytes
    close: bool = False
    reset: bool = False


def ok(body: bytes = b"ok", *headers: str, status: str = "200 OK") -> Reply:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return Reply("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


Answerer = Callable[[Received], Reply]


@dataclass
class Server:
    """Answers each path with its reply; unknown paths get 200 `ok`."""

    answers: dict[str, Reply | Answerer] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._closing = False
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}{path}"

    def close(self) -> None:
        self._closing = True
        # A blocked accept is woken by a last connection; closing its socket is not enough everywhere.
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._listener.close()
        for sock in self._open:
            sock.close()

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self._closing:
                sock.close()
                return
            self.connections += 1
            self._open.append(sock)
            threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True).start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        try:
            if self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            self._talk(sock, number)
        except OSError:
            return
        finally:
            sock.close()

    def _talk(self, sock: socket.socket, number: int) -> None:
        stream = sock.makefile("rb")
        while head := read_head(stream):
            received = Received(head, read_body(stream, head), number)
            self.received.append(received)
            answer = self.answers.get(received.path, ok())
            reply = answer(received) if callable(answer) else answer
            sock.sendall(reply.data)
            if reply.reset:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            if reply.close or reply.reset:
                stream.close()
                return


def free_port() -> int:
    """A port on loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


def read_head(stream) -> str:
    """A whole head without its blank line, "" when the connection ends before."""
    lines = []
    while (line := stream.readline()) != b"\r\n":
        if not line:
            return ""
        lines.append(line)
    return b"".join(lines).decode("latin-1")


def read_body(stream, head: str) -> bytes:
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])}
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(stream.readline(), 16):
            body += stream.read(size)
            stream.readline()
        stream.readline()
        return body
    length = headers.get("content-length", "0")
    return stream.read(int(length)) if length.isdigit() else b""


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """A function that starts a server; all are closed at the end."""
    servers: list[Server] = []

    def start(answers: dict[str, Reply | Answerer] | None = None, tls: ssl.SSLContext | None = None) -> Server:
        servers.append(Server(answers or {}, tls))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def clients() -> Iterator[Callable[..., Client]]:
    """A function that makes a client from options and keyword arguments; all are closed at the end."""
    made: list[Client] = []

    def make(jar: CookieJar | None = None, environ: dict[str, str] | None = None, **more) -> Client:
        known = {name: more.pop(name) for name in ("transport", "max_body", "cancel") if name in more}
        made.append(Client(RunOptions(**more), CookieJar() if jar is None else jar, environ=environ or {}, **known))
        return made[-1]

    yield make
    for client in made:
        client.close()


def request(
    url: str,
    method: str = "GET",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    *,
    length: bool = True,
    cookie_before_length: bool = False,
    **behavior,
) -> PreparedRequest:
    """A prepared request for a plain URL, with only the headers that are asked for beside Host and Content-Length."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    host, _, port = authority.rpartition("@")[2].rpartition(":")
    tail = (("Content-Length", str(len(body))),) if body and length else ()
    return PreparedRequest(
        method=method,
        scheme=scheme,
        host=host.strip("[]"),
        port=int(port),
        target=slash + path.partition("#")[0],
        href=url,
        headers=(*headers, ("Host", f"{host}:{port}"), *tail),
        body=body,
        has_body=bool(body),
        cookie_before_length=cookie_before_length,
        behavior=ProtocolProfileBehavior(**behavior),
    )
