"""Opens a socket: looks up the addresses of a host and connects to the first that answers."""

from __future__ import annotations

import errno
import re
import socket
from collections.abc import Sequence
from time import monotonic, perf_counter
from typing import cast

from runner.errors import RequestError
from runner.rules.loopback import is_localhost, is_loopback
from runner.transport import failures
from runner.transport.limits import Limits
from runner.transport.sockets.waiting import WRITE, SocketAddress, on_thread, ready
from runner.transport.timings import Marks

# Seconds without an answer after which the next address is tried as well; the same as in Node.
STAGGER = 0.25
CONNECTING = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, getattr(errno, "WSAEWOULDBLOCK", 0)})
_NUMERIC = re.compile(r"[\d.]+\Z|.*:", re.S)
LOCALHOST = ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1"))


def open_socket(host: str, port: int, limits: Limits, marks: Marks) -> socket.socket:
    """Connect to the first address of `host` that answers; raises the `RequestError` of the last address."""
    marks.socket = perf_counter()
    addresses = resolve(host, port, limits)
    marks.resolved = perf_counter()
    sock = race(addresses, limits)
    marks.connected = perf_counter()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def race(addresses: Sequence[tuple[int, SocketAddress]], limits: Limits) -> socket.socket:
    """Try the addresses in turn, each once the previous one has failed or has not answered for `STAGGER` (RFC 8305)."""
    waiting, failure = list(addresses), failures.connect_timeout()
    end = limits.end()
    trying: dict[int, tuple[socket.socket, SocketAddress]] = {}
    try:
        while waiting or trying:
            if waiting:
                family, address = waiting.pop(0)
                try:
                    sock = _begin(family, address)
                except RequestError as error:
                    failure = error
                    continue
                trying[sock.fileno()] = sock, address
                if limits.turn:
                    limits.turn.begin()
            for descriptor in ready(dict.fromkeys(trying, WRITE), _pause(end, more=bool(waiting)), limits.cancel):
                sock, address = trying.pop(descriptor)
                code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not code:
                    return sock
                sock.close()
                failure = failures.connect_failed(OSError(code, ""), address[0], address[1])
        raise failure
    finally:
        for sock, _ in trying.values():
            sock.close()


def _begin(family: int, address: SocketAddress) -> socket.socket:
    """A socket that is connecting; raises `RequestError` if that fails at once."""
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


def _pause(end: float | None, *, more: bool) -> float | None:
    """How long to wait for the attempts; raises `RequestError` if the time is over."""
    left = None if end is None else end - monotonic()
    if left is not None and left <= 0:
        raise failures.connect_timeout()
    return left if not more else STAGGER if left is None else min(left, STAGGER)


def resolve(host: str, port: int, limits: Limits) -> list[tuple[int, SocketAddress]]:
    """The addresses of a host, in the order to try them; raises `RequestError`.

    `localhost` is not looked up. Its sub-domains are, since a network of containers may know them; they are this machine if
    they are not found, or are found to be loopback addresses.
    """
    name = host.lower().rstrip(".")
    local = is_localhost(name)
    if name == "localhost":
        return _here(port)
    try:
        if _NUMERIC.match(host):
            # As bytes: for text, Python would import its tables of IDNA.
            found = socket.getaddrinfo(host.encode(), port, 0, socket.SOCK_STREAM)
        else:
            # The name server may take its time, and nothing can interrupt this call.
            found = on_thread(lambda: socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM), limits, limits.end())
        if local and all(is_loopback(str(address[0])) for *_, address in found):
            return _here(port)
    except TimeoutError:
        raise failures.connect_timeout() from None
    except OSError as error:
        if local:
            return _here(port)
        raise failures.resolve_failed(error, host) from None
    except UnicodeError:
        raise failures.resolve_failed(OSError(), host) from None
    # Typeshed has a third form, of a Python that was built without IPv6.
    return [(int(family), cast(SocketAddress, address)) for family, _, _, _, address in found]


def _here(port: int) -> list[tuple[int, SocketAddress]]:
    return [(family, (address, port)) for family, address in LOCALHOST if family != socket.AF_INET6 or socket.has_ipv6]
