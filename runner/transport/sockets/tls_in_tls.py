"""TLS inside TLS, for https through an https:// proxy: Python's `ssl` can wrap plain sockets only."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from runner.transport import failures
from runner.transport.limits import Limits
from runner.transport.sockets.waiting import READ, WRITE, SocketAddress, needs, shake_hands

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


class NestedTls:
    """What the transport uses of a socket, over another TLS connection, which never blocks."""

    session = None

    def __init__(self, outer: socket.socket, context: ssl.SSLContext, host: str, limits: Limits) -> None:
        self._outer = outer
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._unsent = b""
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=host.encode("ascii"))
        try:
            shake_hands(self, lambda: self._run(self._tls.do_handshake), limits)
        except TimeoutError:
            raise failures.connect_timeout() from None
        except OSError as error:
            raise failures.handshake_failed(error, host) from None

    def _run(self, operation: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """Do one operation of the inner TLS; raises like a socket that would block if the outer one would."""
        while True:
            try:
                result = operation(*args, **kwargs)
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
            else:
                # What cannot be sent now is sent by the next call: the operation is done and must not be repeated.
                self._flush()
                return result

    def _flush(self) -> None:
        """Send encrypted bytes, as many as the outer connection accepts."""
        self._unsent += self._out.read()
        try:
            while self._unsent:
                self._unsent = self._unsent[self._outer.send(self._unsent) :]
        except OSError as error:
            if not needs(error, WRITE):
                raise

    def _fill(self) -> None:
        try:
            data = self._outer.recv(65536)
        except OSError as error:
            if needs(error, READ) and self._unsent:
                raise ssl.SSLWantWriteError(ssl.SSL_ERROR_WANT_WRITE, "something is still to be sent") from None
            raise
        if data:
            self._in.write(data)
        else:
            self._in.write_eof()

    def send(self, data: bytes | memoryview, /) -> int:
        """Encrypt all of `data`; raises as long as bytes encrypted earlier are still to be sent."""
        self._flush()
        if self._unsent:
            raise ssl.SSLWantWriteError(ssl.SSL_ERROR_WANT_WRITE, "something is still to be sent")
        return self._run(self._tls.write, data) if data else 0

    def recv(self, size: int, /) -> bytes:
        """Up to `size` bytes, b"" at the end."""
        try:
            return self._run(self._tls.read, size)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def setsockopt(self, level: int, option: int, value: int, /) -> None:
        """Set an option of the outer connection."""
        self._outer.setsockopt(level, option, value)

    def fileno(self) -> int:
        """The descriptor of the outer connection."""
        return self._outer.fileno()

    def getpeername(self) -> SocketAddress:
        """The address of the proxy."""
        address: SocketAddress = self._outer.getpeername()
        return address

    def cipher(self) -> tuple[str, str, int] | None:
        """The cipher of the inner connection."""
        return self._tls.cipher()

    def version(self) -> str | None:
        """The version of TLS of the inner connection."""
        return self._tls.version()

    def selected_alpn_protocol(self) -> str | None:
        """The protocol that the server chose from those offered."""
        return self._tls.selected_alpn_protocol()

    def close(self) -> None:
        """Close both connections."""
        self._outer.close()
