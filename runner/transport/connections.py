"""Opens connections (name lookup, proxy tunnel, TLS) and keeps idle ones for later requests."""

from __future__ import annotations

import socket
import threading
from time import monotonic, perf_counter
from typing import cast

from runner.errors import RequestError
from runner.transport import failures
from runner.transport.http.http1 import receive
from runner.transport.http.reader import Reader
from runner.transport.limits import Limits
from runner.transport.route import Route
from runner.transport.sockets.dial import open_socket
from runner.transport.sockets.proxy import Proxy, connect_head
from runner.transport.sockets.tls import TlsContexts, TlsSettings, TlsStream
from runner.transport.sockets.waiting import READ, Stream, bare, needs, send_all
from runner.transport.timings import Marks

MAX_IDLE_PER_ROUTE = 64


class Connection:
    """An open connection of one route.

    `used` counts the requests it has served; `expires` is the `monotonic` time from which the server may close it;
    `address` is that of the peer, `tls` its protocol and cipher; `aborted` is True after `abort`.
    """

    __slots__ = ("aborted", "address", "expires", "route", "sock", "tls", "used")

    def __init__(self, sock: Stream, route: Route) -> None:
        self.sock = sock
        self.route = route
        self.used = 0
        self.aborted = False
        self.expires: float | None = None
        try:
            host, port = sock.getpeername()[:2]
        except (OSError, ValueError):
            self.address = ""
        else:
            self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.tls = ""
        if route.tls is not None:
            secured = cast(TlsStream, sock)
            cipher = secured.cipher()
            self.tls = f"{secured.version()} {cipher[0]}" if cipher else str(secured.version())

    def quiet(self) -> bool:
        """Whether the idle connection is open and has nothing to read: any data would be taken for the next response."""
        if self.expires is not None and monotonic() >= self.expires:
            return False
        try:
            self.sock.recv(1)
        except OSError as error:
            return needs(error, READ) > 0
        return False

    def abort(self) -> None:
        """Wake the thread that waits for this connection, which then reads the end of the stream."""
        self.aborted = True
        try:
            # The plain socket below TLS, whose state belongs to the other thread.
            with socket.socket(fileno=socket.dup(self.sock.fileno())) as same:
                same.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def close(self) -> None:
        """Close the connection; never fails."""
        try:
            self.sock.close()
        except OSError:
            return


class Connections:
    """Keeps the idle connections of a client and opens new ones; may be used from several threads."""

    def __init__(self, contexts: TlsContexts, max_idle: int = MAX_IDLE_PER_ROUTE) -> None:
        self._contexts = contexts
        self._max_idle = max_idle
        self._idle: dict[Route, list[Connection]] = {}
        self._bound: dict[tuple[Route, object], Connection] = {}
        self._active: set[Connection] = set()
        self._lock = threading.Lock()

    def take(self, route: Route, *, bound: bool = False, lease: object = None) -> Connection | None:
        """The most recently used idle connection of `route` that is still usable, None if there is none.

        With `bound`, the one on which this lease has begun a handshake (NTLM) comes first.
        """
        while True:
            with self._lock:
                connection = self._bound.pop((route, lease), None) if bound else None
                idle = self._idle.get(route)
                if connection is None and idle:
                    connection = idle.pop()
            if connection is None:
                return None
            if connection.quiet():
                self._active.add(connection)
                return connection
            connection.close()

    def drop(self, connection: Connection) -> None:
        """Close a connection obtained from `take` or `open`."""
        self._active.discard(connection)
        connection.close()

    def give_back(
        self, connection: Connection, idle_seconds: int | None = None, *, bound: bool = False, lease: object = None
    ) -> None:
        """Keep a connection whose response has ended cleanly, for as long as the server said it keeps it.

        A `bound` one is in the middle of a handshake, which only the next request of its lease can continue.
        """
        route = connection.route
        if idle_seconds is not None:
            # A request that is sent while the server closes cannot always be repeated, so expire one second earlier.
            connection.expires = monotonic() + idle_seconds - 1
        if route.tls is not None and not connection.used:
            self._contexts.remember(cast(TlsStream, connection.sock), route.tls, route.host, route.port)
        connection.used += 1
        self._active.discard(connection)
        with self._lock:
            replaced: Connection | None = connection
            if bound:
                key = (route, lease)
                replaced, self._bound[key] = self._bound.get(key), connection
            elif len(idle := self._idle.setdefault(route, [])) < self._max_idle:
                idle.append(connection)
                replaced = None
        if replaced is not None:
            replaced.close()

    def open(self, route: Route, limits: Limits, marks: Marks) -> Connection:
        """Open a connection, for https through a tunnel of the proxy; raises `RequestError`."""
        proxy = route.proxy
        stream: Stream
        if proxy is None and route.tls is None:
            return self._opened(bare(open_socket(route.host, route.port, limits, marks)), route)
        if proxy is None:
            stream = sock = open_socket(route.host, route.port, limits, marks)
        elif proxy.is_socks:
            from runner.transport.sockets.socks import open_through_socks

            stream = sock = open_through_socks(proxy, route.host, route.port, limits, marks)
        else:
            stream = sock = self._open_to_proxy(route, proxy, limits, marks)
        try:
            if route.tls is not None:
                if proxy and not proxy.is_socks:
                    open_tunnel(sock, route, proxy, limits)
                stream = self._secure(sock, route, route.tls, limits)
                marks.secured = perf_counter()
            return self._opened(stream, route)
        except BaseException:
            stream.close()
            raise

    def _opened(self, stream: Stream, route: Route) -> Connection:
        connection = Connection(stream, route)
        self._active.add(connection)
        return connection

    def _open_to_proxy(self, route: Route, proxy: Proxy, limits: Limits, marks: Marks) -> socket.socket:
        """A socket connected to the proxy; its errors name the proxy."""
        try:
            sock = open_socket(proxy.host, proxy.port, limits, marks)
            if route.proxy_tls is None:
                return sock
            return self._contexts.wrap(sock, route.proxy_tls, proxy.host, proxy.port, limits)
        except RequestError as error:
            raise failures.of_proxy(error, proxy.host, proxy.port) from None

    def _secure(self, sock: socket.socket, route: Route, tls: TlsSettings, limits: Limits) -> TlsStream:
        if route.proxy_tls is None:
            return self._contexts.wrap(sock, tls, route.host, route.port, limits)
        from runner.transport.sockets.tls_in_tls import NestedTls

        return NestedTls(sock, self._contexts.context(tls), route.host, limits)

    def close(self) -> None:
        """Close all idle connections and abort the others."""
        with self._lock:
            kept = [*self._bound.values(), *(connection for idle in self._idle.values() for connection in idle)]
            self._idle, self._bound = {}, {}
        for connection in kept:
            connection.close()
        for connection in list(self._active):
            connection.abort()


def open_tunnel(sock: socket.socket, route: Route, proxy: Proxy, limits: Limits) -> None:
    """Ask the proxy for a tunnel to the host of the route; raises `RequestError` unless the answer is 2xx."""
    reader, end = Reader(is_head=True), limits.end()
    try:
        send_all(sock, connect_head(route.host, route.port, proxy.authorization), limits, end)
        receive(sock, reader, limits, Marks(), end)
    except TimeoutError:
        raise failures.of_proxy(failures.connect_timeout(), proxy.host, proxy.port) from None
    except OSError as error:
        raise failures.of_proxy(failures.socket_failed(error, "read"), proxy.host, proxy.port) from None
    except RequestError as error:
        raise failures.of_proxy(error, proxy.host, proxy.port) from None
    if not 200 <= reader.status < 300:
        raise failures.tunnel_refused(reader.status, reader.reason.decode("latin-1"))
    if reader.surplus:
        raise RequestError("the proxy sent data before the tunnel was used", code="ECONNRESET")
