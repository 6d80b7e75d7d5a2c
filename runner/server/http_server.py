"""A small HTTP/1.1 server for one API: keep-alive, one thread per connection, loopback only unless that is lifted."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from runner.errors import UsageError
from runner.rules.loopback import is_loopback
from runner.server.backend import Api, Backend, Log, ServerNames
from runner.server.connection import ConnectionHandler, Served
from runner.server.journal import JournalEntry

if TYPE_CHECKING:
    from ssl import SSLContext


def loopback_address(host: str, noun: str) -> str:
    """The address to bind for `host`; raises UsageError for anything but a loopback address or `localhost`."""
    address = "127.0.0.1" if host == "localhost" else host
    with contextlib.suppress(ValueError):
        if is_loopback(str(ip_address(address))):
            return address
    raise UsageError(f"a {noun} binds loopback addresses only, not {host!r}", hint="use 127.0.0.1, ::1 or localhost")


class Listener(Served):
    """Accepts connections, one thread each, and keeps track of them so that `hang_up` can end them all."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    # On Windows this option would let two servers share one port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, host: str, port: int, backend: Backend, tls: SSLContext | None) -> None:
        self.backend = backend
        self.tls = tls
        self.connections: set[socket.socket] = set()
        self.quiet = threading.Condition()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), ConnectionHandler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: a broken connection is the client's problem."""

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection and keep track of it."""
        connection, address = super().get_request()
        if self.tls is not None:  # its own thread shakes hands, when it reads
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self.quiet:
            self.connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Close a connection and forget it."""
        super().shutdown_request(request)
        with self.quiet:
            self.connections.discard(request)
            self.quiet.notify_all()

    def hang_up(self) -> None:
        """End every connection and wait at most two seconds for their threads."""
        self.backend.closing.set()
        with self.quiet:
            for connection in tuple(self.connections):
                with contextlib.suppress(OSError):  # closed already
                    connection.shutdown(socket.SHUT_RDWR)
            self.quiet.wait_for(lambda: not self.connections, timeout=2)


class HttpServer:
    """A server on a thread of its own; a context manager that stops it on exit."""

    def __init__(
        self,
        name: str,
        api: Api,
        names: ServerNames,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        anywhere: bool = False,
        tls: SSLContext | None = None,
        log: Log | None = None,
    ) -> None:
        """Listen on a port (0: a free one); raises `UsageError`, also for a host beyond loopback, unless `anywhere`."""
        self.name = name
        self.api = api
        self._scheme = "http" if tls is None else "https"
        self._backend = Backend(api, names, log)
        address = host if anywhere else loopback_address(host, names.noun)
        try:
            self._listener = Listener(address, port, self._backend, tls)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            text = f"the {names.noun} cannot listen on port {port}: {reason}"
            raise UsageError(text, hint="use another --port") from None
        serve = self._listener.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.05,), name=f"{names.noun} {name}", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.server_address[1])

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash."""
        host = str(self._listener.server_address[0])
        return f"{self._scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    def journal(self) -> list[JournalEntry]:
        """All calls since the start or the last reset, with credentials masked."""
        return self._backend.entries()

    def reset(self) -> None:
        """Return to the initial state, with an empty journal."""
        self._backend.reset()

    def wait(self) -> None:
        """Block until it is closed; joining in short turns lets Ctrl-C through on Windows."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def close(self) -> None:
        """Stop listening and end every connection."""
        self._listener.shutdown()
        self._thread.join()
        self._listener.hang_up()
        self._listener.server_close()

    def __enter__(self) -> HttpServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
