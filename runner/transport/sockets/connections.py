"""Connections: opening them (name lookup, proxy tunnel, TLS) and keeping idle ones for the next request."""

from __future__ import annotations

import errno
import socket
import threading
from dataclasses import dataclass
from time import monotonic, perf_counter
from typing import Any, cast

from runner.errors import RequestError
from runner.interruption import beside
from runner.transport import failures
from runner.transport.http.http1 import Limits, receive, would_block
from runner.transport.http.reader import Reader
from runner.transport.sockets.loopback import is_loopback
from runner.transport.sockets.proxy import Proxy, connect_head
from runner.transport.sockets.tls import TlsContexts, TlsSettings
from runner.transport.timings import Marks

MAX_IDLE_PER_ROUTE = 64
# Seconds that one address may be silent before the next one is tried beside it; Node has the same.
STAGGER = 0.25
CONNECTING = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, getattr(errno, "WSAEWOULDBLOCK", 0)})
LOCALHOST = ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1"))


@dataclass(frozen=True, slots=True)
class Route:
    """Where a connection leads: connections of equal routes are interchangeable.

    `tls` is None for plain http, `proxy_tls` is None unless the proxy itself speaks TLS.
    """

    scheme: str
    host: str
    port: int
    tls: TlsSettings | None = None
    proxy: Proxy | None = None
    proxy_tls: TlsSettings | None = None


class Connection:
    """An open connection of one route.

    `used` counts the requests it has served; `expires` is the `monotonic` moment from which the server may close it;
    `aborted` is True after `abort`.
    """

    __slots__ = ("aborted", "address", "expires", "route", "sock", "tls", "used")

    def __init__(self, sock: socket.socket, route: Route) -> None:
        self.sock = sock
        self.route = route
        self.used = 0
        self.aborted = False
        self.expires: float | None = None
        self.address = _peer(sock)
        self.tls = _tls_name(sock) if route.tls is not None else ""

    def quiet(self) -> bool:
        """Whether the idle connection is open and has nothing to read; anything there would answer the wrong request."""
        if self.expires is not None and monotonic() >= self.expires:
            return False
        self.sock.settimeout(0)
        try:
            self.sock.recv(1)
        except OSError as error:
            return would_block(error)
        return False

    def abort(self) -> None:
        """Wake the thread that waits for this connection; it finds the end of the stream."""
        self.aborted = True
        try:
            # The system's own socket: TLS keeps a state that belongs to the other thread.
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


def _peer(sock: socket.socket) -> str:
    try:
        host, port = sock.getpeername()[:2]
    except (OSError, ValueError):
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _tls_name(sock: Any) -> str:
    cipher = sock.cipher()
    return f"{sock.version()} {cipher[0]}" if cipher else str(sock.version())


class Connections:
    """The idle connections of a client and the way to new ones; may be used from several threads."""

    def __init__(self, contexts: TlsContexts, max_idle: int = MAX_IDLE_PER_ROUTE) -> None:
        self._contexts = contexts
        self._max_idle = max_idle
        self._idle: dict[Route, list[Connection]] = {}
        self._bound: dict[tuple[Route, int], Connection] = {}
        self._active: set[Connection] = set()
        self._lock = threading.Lock()

    def take(self, route: Route, *, bound: bool = False) -> Connection | None:
        """The idle connection of `route` that was used last and is still good, if any.

        `bound` asks for the one on which this thread has begun a handshake (NTLM), before any other.
        """
        while True:
            with self._lock:
                connection = self._bound.pop((route, threading.get_ident()), None) if bound else None
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
        """Close a connection that was taken or opened."""
        self._active.discard(connection)
        connection.close()

    def give_back(self, connection: Connection, idle_seconds: int | None = None, *, bound: bool = False) -> None:
        """Keep a connection that is at the clean end of a response, for as long as the server said it would.

        A `bound` one is in the middle of a handshake: only this thread's next step may use it.
        """
        route = connection.route
        if idle_seconds is not None:
            # A request that crosses the server's closing cannot always be repeated, so leave in time.
            connection.expires = monotonic() + idle_seconds - 1
        if route.tls is not None and not connection.used:
            self._contexts.remember(connection.sock, route.tls, route.host, route.port)  # type: ignore[arg-type]
        connection.used += 1
        self._active.discard(connection)
        with self._lock:
            replaced: Connection | None = connection
            if bound:
                key = (route, threading.get_ident())
                replaced, self._bound[key] = self._bound.get(key), connection
            elif len(idle := self._idle.setdefault(route, [])) < self._max_idle:
                idle.append(connection)
                replaced = None
        if replaced is not None:
            replaced.close()

    def open(self, route: Route, limits: Limits, marks: Marks) -> Connection:
        """A new connection, through the proxy's tunnel for https; raises `RequestError`."""
        proxy = route.proxy
        host, port = (proxy.host, proxy.port) if proxy else (route.host, route.port)
        if proxy and proxy.is_socks:
            from runner.transport.sockets.socks import open_through_socks

            sock = open_through_socks(proxy, route.host, route.port, limits, marks)
        else:
            sock = self._open_socket(host, port, route, limits, marks)
        try:
            if route.tls is not None:
                if proxy and not proxy.is_socks:
                    open_tunnel(sock, route, proxy, limits)
                sock = self._secure(sock, route, route.tls)
                marks.secured = perf_counter()
            connection = Connection(sock, route)
            self._active.add(connection)
            return connection
        except BaseException:
            sock.close()
            raise

    def _open_socket(self, host: str, port: int, route: Route, limits: Limits, marks: Marks) -> socket.socket:
        """A socket to the server or to its proxy, whose errors say so."""
        if route.proxy is None:
            return open_socket(host, port, limits, marks)
        sock = None
        try:
            sock = open_socket(host, port, limits, marks)
            return sock if route.proxy_tls is None else self._contexts.wrap(sock, route.proxy_tls, host, port)
        except RequestError as error:
            if sock is not None:
                sock.close()
            raise failures.of_proxy(error, host, port) from None

    def _secure(self, sock: socket.socket, route: Route, tls: TlsSettings) -> socket.socket:
        if route.proxy_tls is None:
            return self._contexts.wrap(sock, tls, route.host, route.port)
        from runner.transport.sockets.tls_in_tls import NestedTls

        return NestedTls(sock, self._contexts.context(tls), route.host)  # type: ignore[return-value]

    def close(self) -> None:
        """Close all idle connections and break off what the others are doing."""
        with self._lock:
            kept = [*self._bound.values(), *(connection for idle in self._idle.values() for connection in idle)]
            self._idle, self._bound = {}, {}
        for connection in kept:
            connection.close()
        for connection in list(self._active):
            connection.abort()


def open_socket(host: str, port: int, limits: Limits, marks: Marks) -> socket.socket:
    """Connect to the first address of `host` that answers; raises `RequestError` with the last address's error."""
    marks.socket = perf_counter()
    addresses = resolve(host, port)
    marks.resolved = perf_counter()
    alone = len(addresses) == 1 and limits.turn is None
    sock = _connect(*addresses[0], limits) if alone else race(addresses, limits)
    marks.connected = perf_counter()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _connect(family: int, address: Any, limits: Limits) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        limits.apply(sock)
        sock.connect(address)
        return sock
    except BaseException as error:
        sock.close()
        if isinstance(error, TimeoutError) and error.errno is None:
            raise failures.connect_timeout() from None
        if isinstance(error, OSError):
            raise failures.connect_failed(error, address[0], address[1]) from None
        raise


def race(addresses: list[tuple[int, Any]], limits: Limits) -> socket.socket:
    """Try the addresses in turn, the next one when the last one failed or was silent for a moment (RFC 8305)."""
    import selectors

    waiting, failure = list(addresses), failures.connect_timeout()
    patience = limits.patience()
    end = None if patience is None else monotonic() + patience
    with selectors.DefaultSelector() as selector:
        try:
            while waiting or selector.get_map():
                try:
                    if waiting:
                        family, address = waiting.pop(0)
                        selector.register(_begin(family, address), selectors.EVENT_WRITE, address)
                        if limits.turn:
                            limits.turn.begin()
                    for key, _ in selector.select(_pause(end, more=bool(waiting))):
                        sock = cast(socket.socket, key.fileobj)
                        selector.unregister(sock)
                        _finish(sock, key.data)
                        limits.apply(sock)
                        return sock
                except RequestError as error:
                    failure = error
                    if end is not None and monotonic() >= end:
                        raise
            raise failure
        finally:
            for key in list(selector.get_map().values()):
                cast(socket.socket, key.fileobj).close()


def _begin(family: int, address: Any) -> socket.socket:
    """A socket that is connecting; raises `RequestError` when that fails at once."""
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise failures.connect_failed(error, address[0], address[1]) from None
    sock.setblocking(False)
    code = sock.connect_ex(address)
    if code not in CONNECTING:
        sock.close()
        raise failures.connect_failed(OSError(code, ""), address[0], address[1])
    return sock


def _finish(sock: socket.socket, address: Any) -> None:
    """Raise `RequestError` unless the socket has come to be connected."""
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        sock.close()
        raise failures.connect_failed(OSError(code, ""), address[0], address[1])


def _pause(end: float | None, *, more: bool) -> float | None:
    """How long to wait for an attempt; raises `RequestError` when the time is over."""
    left = None if end is None else end - monotonic()
    if left is not None and left <= 0:
        raise failures.connect_timeout()
    return left if not more else STAGGER if left is None else min(left, STAGGER)


def resolve(host: str, port: int) -> list[tuple[int, Any]]:
    """The addresses of a host in the order to try them.

    `localhost` needs no name server; its sub-domains are looked up first (a network of containers may know them) and are
    this machine when they are not found, or found here.
    """
    name = host.lower().rstrip(".")
    local = name == "localhost" or name.endswith(".localhost")
    if name == "localhost":
        return _here(port)
    try:
        found = beside(lambda: socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
        if local and all(is_loopback(str(address[0])) for *_, address in found):
            return _here(port)
    except OSError as error:
        if local:
            return _here(port)
        raise failures.resolve_failed(error, host) from None
    except UnicodeError:
        raise failures.resolve_failed(OSError(), host) from None
    return [(int(family), address) for family, _, _, _, address in found]


def _here(port: int) -> list[tuple[int, Any]]:
    return [(family, (address, port)) for family, address in LOCALHOST if family != socket.AF_INET6 or socket.has_ipv6]


def open_tunnel(sock: socket.socket, route: Route, proxy: Proxy, limits: Limits) -> None:
    """Ask the proxy for a tunnel to the route's host; raises `RequestError` unless it says 2xx."""
    reader = Reader(is_head=True)
    limits.apply(sock)
    try:
        sock.sendall(connect_head(route.host, route.port, proxy.authorization))
        receive(sock, reader, limits, Marks())
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
