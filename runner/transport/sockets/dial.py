"""Opening a socket: the addresses of a name, and the first of them that answers."""

from __future__ import annotations

import errno
import socket
from time import monotonic, perf_counter
from typing import Any, cast

from runner.errors import RequestError
from runner.interruption import beside
from runner.transport import failures
from runner.transport.limits import Limits
from runner.transport.sockets.loopback import is_loopback
from runner.transport.timings import Marks

# Seconds that one address may be silent before the next one is tried beside it; Node has the same.
STAGGER = 0.25
CONNECTING = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, getattr(errno, "WSAEWOULDBLOCK", 0)})
LOCALHOST = ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1"))


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
