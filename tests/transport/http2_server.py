"""A small HTTP/2 server on loopback, made of `h2`; one thread for each connection, one answer for each path."""

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded, WindowUpdated


@dataclass(frozen=True)
class Asked:
    """One request as it came in: `connection` counts from 1."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int

    def __getitem__(self, name: str) -> str:
        return dict(self.headers)[name]


@dataclass
class Said:
    """An answer; `cut` ends the connection after so many bytes of the body.

    `flood` is written after the head again and again, for as long as the other side takes it.
    """

    body: bytes = b"ok"
    status: str = "200"
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    flood: Callable[[int], bytes] | None = None


@dataclass
class Http2Server:
    """Answers each path with what it is told; unknown paths get 200 `ok`. Without `tls` it takes HTTP/2 at once."""

    answers: dict[str, Said | Callable[[Asked], Said]] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        if self.tls:
            self.tls.set_alpn_protocols(["h2"])
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
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._listener.close()
        self.drop()

    def drop(self) -> None:
        """Close every connection that is open."""
        for sock in self._open:
            sock.close()

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self._closing:
                sock.close()
                return
            self.connections += 1
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True).start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        try:
            if self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
            self._open.append(sock)
            Talk(self, sock, number).run()
        except (OSError, ValueError):
            return
        finally:
            sock.close()


class Talk:
    """One connection."""

    def __init__(self, server: Http2Server, sock: socket.socket, number: int) -> None:
        self.server, self.sock, self.number = server, sock, number
        self.state = H2Connection(H2Configuration(client_side=False, header_encoding="latin-1"))
        self.heads: dict[int, tuple] = {}
        self.bodies: dict[int, bytes] = {}
        self.rest: dict[int, memoryview] = {}

    def run(self) -> None:
        self.state.initiate_connection()
        self.flush()
        while data := self.sock.recv(65536):
            for event in self.state.receive_data(data):
                self.on(event)
            self.flush()

    def flush(self) -> None:
        if data := self.state.data_to_send():
            self.sock.sendall(data)

    def on(self, event) -> None:
        if isinstance(event, RequestReceived):
            self.heads[event.stream_id], self.bodies[event.stream_id] = tuple(event.headers), b""
        elif isinstance(event, DataReceived):
            self.bodies[event.stream_id] += event.data
            self.state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, StreamEnded):
            self.answer(event.stream_id)
        elif isinstance(event, WindowUpdated):
            for stream in list(self.rest):
                self.pump(stream)

    def answer(self, stream: int) -> None:
        asked = Asked(self.heads[stream], self.bodies[stream], self.number)
        self.server.asked.append(asked)
        found = self.server.answers.get(asked[":path"], Said())
        said = found(asked) if callable(found) else found
        self.state.send_headers(stream, [(":status", said.status), *said.headers])
        while said.flood is not None:
            self.flush()
            self.sock.sendall(said.flood(stream))
        self.rest[stream] = memoryview(said.body if said.cut is None else said.body[: said.cut])
        self.pump(stream, ends=said.cut is None)
        if said.cut is not None:
            self.flush()
            raise OSError("cut off")

    def pump(self, stream: int, ends: bool = True) -> None:
        rest = self.rest[stream]
        while rest:
            size = min(len(rest), self.state.local_flow_control_window(stream), self.state.max_outbound_frame_size)
            if not size:
                break
            self.state.send_data(stream, bytes(rest[:size]))
            rest = rest[size:]
            self.flush()
        self.rest[stream] = rest
        if not rest and ends:
            del self.rest[stream]
            self.state.end_stream(stream)
