"""TLS inside TLS: https through an https:// proxy. Python wraps only plain sockets; this does the rest."""

from __future__ import annotations

import socket
import ssl
from typing import Any

from runner.transport import failures


class NestedTls:
    """The part of a socket's interface that the transport uses, over another TLS connection.

    Sending always waits, also with a time limit of 0: what was encrypted must go out whole, or the stream is broken.
    """

    session = None

    def __init__(self, outer: socket.socket, context: ssl.SSLContext, host: str) -> None:
        self._outer = outer
        self._timeout = self._patience = outer.gettimeout()
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=host.encode("ascii"))
        try:
            self._run(self._tls.do_handshake)
        except TimeoutError:
            raise failures.connect_timeout() from None
        except OSError as error:
            raise failures.handshake_failed(error, host) from None

    def _run(self, operation: Any, *arguments: Any) -> Any:
        while True:
            try:
                result = operation(*arguments)
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
            else:
                self._flush()
                return result

    def _flush(self) -> None:
        if data := self._out.read():
            self._outer.sendall(data)

    def _fill(self) -> None:
        if data := self._outer.recv(65536):
            self._in.write(data)
        else:
            self._in.write_eof()

    def send(self, data: Any) -> int:
        """Send all of `data`."""
        self._outer.settimeout(self._patience)
        return int(self._run(self._tls.write, data)) if data else 0

    def sendall(self, data: Any) -> None:
        """Send all of `data`."""
        rest = memoryview(data)
        while rest:
            rest = rest[self.send(rest) :]

    def recv(self, size: int) -> bytes:
        """Up to `size` bytes, b"" at the end."""
        self._outer.settimeout(self._timeout)
        try:
            return bytes(self._run(self._tls.read, size))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def settimeout(self, timeout: float | None) -> None:
        """The time limit of each read and write."""
        self._timeout = timeout
        if timeout != 0:
            self._patience = timeout

    def gettimeout(self) -> float | None:
        """The time limit of each read and write."""
        return self._timeout

    def fileno(self) -> int:
        """The descriptor of the connection underneath."""
        return self._outer.fileno()

    def getpeername(self) -> Any:
        """The proxy's address."""
        return self._outer.getpeername()

    def cipher(self) -> Any:
        """The cipher of the inner connection."""
        return self._tls.cipher()

    def version(self) -> str | None:
        """The protocol of the inner connection."""
        return self._tls.version()

    def close(self) -> None:
        """Close both."""
        self._outer.close()
