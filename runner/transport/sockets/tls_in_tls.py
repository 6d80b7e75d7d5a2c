"""TLS inside TLS: https through an https:// proxy. Python wraps only plain sockets; this does the rest."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import Any, TypeVar

from runner.transport import failures
from runner.transport.limits import Limits
from runner.transport.sockets.waiting import needs, shake_hands

Result = TypeVar("Result")


class NestedTls:
    """The part of a socket's interface that the transport uses, over another TLS connection that never blocks."""

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

    def _run(self, operation: Callable[..., Result], *arguments: Any) -> Result:
        """One operation of the inner TLS; raises like a socket that would block when the outer one would."""
        while True:
            try:
                result = operation(*arguments)
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
            else:
                # What could not leave now leaves with the next call: the operation is done and must not be repeated.
                self._flush()
                return result

    def _flush(self) -> None:
        """Send what was encrypted, as much as the outer connection takes."""
        self._unsent += self._out.read()
        try:
            while self._unsent:
                self._unsent = self._unsent[self._outer.send(self._unsent) :]
        except OSError as error:
            if not needs(error, 1):
                raise

    def _fill(self) -> None:
        try:
            data = self._outer.recv(65536)
        except OSError as error:
            if needs(error, 1) and self._unsent:
                raise ssl.SSLWantWriteError(ssl.SSL_ERROR_WANT_WRITE, "something is still to be sent") from None
            raise
        if data:
            self._in.write(data)
        else:
            self._in.write_eof()

    def send(self, data: Any, /) -> int:
        """Encrypt all of `data`; raises while what was encrypted before has not left."""
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
        """Set an option of the connection underneath."""
        self._outer.setsockopt(level, option, value)

    def fileno(self) -> int:
        """The descriptor of the connection underneath."""
        return self._outer.fileno()

    def getpeername(self) -> Any:
        """The proxy's address."""
        return self._outer.getpeername()

    def cipher(self) -> tuple[str, str, int] | None:
        """The cipher of the inner connection."""
        return self._tls.cipher()

    def version(self) -> str | None:
        """The protocol of the inner connection."""
        return self._tls.version()

    def selected_alpn_protocol(self) -> str | None:
        """What the server chose of the protocols that were offered."""
        return self._tls.selected_alpn_protocol()

    def close(self) -> None:
        """Close both."""
        self._outer.close()
