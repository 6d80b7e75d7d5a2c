"""The only place where the transport waits: sockets never block, and what they cannot do yet is awaited here.

A wait ends if the socket is ready, if its time is over, or if `Limits.cancel` becomes readable.
"""

from __future__ import annotations

import _socket
import _thread
import select
import socket
import sys
from collections.abc import Callable, Mapping
from math import ceil
from time import monotonic
from typing import Protocol, TypeVar

from runner.transport import failures
from runner.transport.limits import Limits, Wakeable

READ, WRITE = 1, 2
SocketAddress = tuple[str, int] | tuple[str, int, int, int]
"""Host and port; IPv6 also has flow information and scope."""
Result = TypeVar("Result")


class Stream(Protocol):
    """What the transport uses of a socket, with or without TLS."""

    def send(self, data: bytes | memoryview, /) -> int:
        """Send a part of `data`; returns how many bytes were accepted."""
        ...

    def recv(self, size: int, /) -> bytes:
        """Up to `size` bytes, b"" at the end."""
        ...

    def fileno(self) -> int:
        """The descriptor of the underlying connection."""
        ...

    def setsockopt(self, level: int, option: int, value: int, /) -> None:
        """Set an option of the underlying connection."""
        ...

    def getpeername(self) -> SocketAddress:
        """The address of the other end."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


def needs(error: OSError, usual: int) -> int:
    """What a call on a socket must wait for: READ or WRITE as TLS says, else `usual`; 0 if it has failed."""
    if isinstance(error, BlockingIOError):
        return usual
    # SSL_ERROR_WANT_READ and SSL_ERROR_WANT_WRITE, without importing ssl.
    return {2: READ, 3: WRITE}.get(error.errno or 0, 0) if type(error).__module__ == "ssl" else 0


def receive_some(stream: Stream, size: int, limits: Limits, end: float | None = None) -> bytes:
    """Up to `size` bytes as soon as there are any, b"" at the end of the stream."""
    if _waiters and not hasattr(stream, "pending"):  # an answer is rarely there already; TLS may hold some of it
        wait(stream, READ, limits, end)
    while True:
        try:
            return stream.recv(size)
        except OSError as error:
            _wait_or_raise(stream, error, READ, limits, end)


def send_all(stream: Stream, data: bytes, limits: Limits, end: float | None = None) -> None:
    """Send all of `data`."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[stream.send(rest) :]
        except OSError as error:
            _wait_or_raise(stream, error, WRITE, limits, end)


def shake_hands(stream: Stream, handshake: Callable[[], None], limits: Limits) -> None:
    """Do a TLS handshake, all of it in the time that one wait may take."""
    end = limits.end()
    while True:
        try:
            return handshake()
        except OSError as error:
            _wait_or_raise(stream, error, READ, limits, end)


def _wait_or_raise(stream: Stream, error: OSError, usual: int, limits: Limits, end: float | None) -> None:
    want = needs(error, usual)
    if not want:
        raise error
    wait(stream, want, limits, end)


def wait(stream: Stream, want: int, limits: Limits, end: float | None = None) -> int:
    """Wait until the socket is ready for one of `want` (READ | WRITE); returns what it is ready for.

    Raises `TimeoutError` after the idle limit or at the `monotonic` time `end`, `RequestError` after the deadline or a
    cancel.
    """
    seconds = limits.patience()
    if end is not None:
        left = max(0.0, end - monotonic())
        seconds = left if seconds is None else min(seconds, left)
    if want == READ:
        acknowledge_at_once(stream)
    descriptor = stream.fileno()
    found = ready({descriptor: want}, seconds, limits.cancel)
    if not found:
        raise TimeoutError
    return found[descriptor]


def acknowledge_at_once(stream: Stream) -> None:
    """Make Linux acknowledge the next bytes at once instead of up to 40 ms later.

    A server that writes head and body separately, with Nagle's algorithm on, sends the body only after that. The kernel
    returns to delayed acknowledgements by itself, so this must be set before each wait.
    """
    if sys.platform == "linux":
        try:
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        except OSError:  # not TCP but a pair of local sockets
            return


Waiter = Callable[[int, int, float | None], bool]
"""Waits until a descriptor is ready for READ or WRITE, at most so many seconds (None: without end); whether it is."""

_waiters: list[Waiter] = []


def wait_with(waiter: Waiter) -> None:
    """Wait for single descriptors with this from now on: in a process whose greenlets share one thread (`runner/load`)."""
    _waiters[:] = [waiter]


def bare(sock: socket.socket) -> Stream:
    """The socket itself where `wait_with` waits: gevent's own class around it does nothing for one that never blocks."""
    if not _waiters:
        return sock
    found = _socket.socket(sock.family, sock.type, sock.proto, fileno=sock.detach())
    found.setblocking(False)
    return found


def ready(wants: Mapping[int, int], seconds: float | None, cancel: Wakeable | None) -> dict[int, int]:
    """Wait for the first of the descriptors; returns those that are ready and for what, {} if the time is over.

    Raises `RequestError` after a cancel. A broken connection is ready for everything: the next call on it raises the error.
    """
    if cancel is not None:
        wants = {**wants, cancel.fileno(): READ}
    elif _waiters and len(wants) == 1:
        for descriptor, want in wants.items():
            if want != READ | WRITE:
                return {descriptor: want} if _waiters[0](descriptor, want, seconds) else {}
    found = _poll(wants, seconds) if hasattr(select, "poll") else _select(wants, seconds)
    if cancel is not None and cancel.fileno() in found:
        raise failures.request_aborted()
    return found


def _poll(wants: Mapping[int, int], seconds: float | None) -> dict[int, int]:
    poll = select.poll()
    for descriptor, want in wants.items():
        poll.register(descriptor, _EVENTS[want])
    return {
        descriptor: (READ if events & ~select.POLLOUT else 0) | (WRITE if events & ~select.POLLIN else 0)
        for descriptor, events in poll.poll(None if seconds is None else ceil(seconds * 1000))
    }


if hasattr(select, "poll"):
    _EVENTS = {READ: select.POLLIN, WRITE: select.POLLOUT, READ | WRITE: select.POLLIN | select.POLLOUT}


def _select(wants: Mapping[int, int], seconds: float | None) -> dict[int, int]:
    reading = [descriptor for descriptor, want in wants.items() if want & READ]
    writing = [descriptor for descriptor, want in wants.items() if want & WRITE]
    # Windows counts a failed connect as exceptional.
    readable, writable, failed = select.select(reading, writing, writing, seconds)
    found = dict.fromkeys(readable, READ)
    for descriptor in {*writable, *failed}:
        found[descriptor] = found.get(descriptor, 0) | WRITE
    return found


def on_thread(
    call: Callable[[], Result],
    limits: Limits,
    end: float | None = None,
    release: Callable[[Result], None] = lambda late: None,
) -> Result:
    """The result of a call that cannot be interrupted: it runs on a thread of its own, which is abandoned if waiting ends.

    Raises like `wait`; then `release` gets the result if it comes later.
    """
    ours, theirs = socket.socketpair()
    results: list[Result] = []
    errors: list[BaseException] = []
    left: list[bool] = []

    def drop() -> None:
        while results:
            release(results.pop())

    def make() -> None:
        try:
            results.append(call())
        except BaseException as error:  # it is raised where the result is awaited
            errors.append(error)
        finally:
            theirs.close()
        if left:
            drop()

    with ours:
        _thread.start_new_thread(make, ())
        try:
            wait(ours, READ, limits, end)
        except BaseException:
            left.append(True)
            drop()
            raise
    for error in errors:
        raise error
    return results[0]
