"""A SOCKS proxy on loopback: versions 4, 4a and 5, with or without a password (RFC 1928, RFC 1929)."""

import socket
import threading
from dataclasses import dataclass, field

from tests.transport.conftest import Server
from tests.transport.test_proxy import pump


@dataclass
class SocksServer(Server):
    """Leads to the address that it is asked for, or `always` to one port; `wanted` keeps what was asked."""

    password: tuple[bytes, bytes] | None = None
    refuse: bool = False
    always: int = 0
    wanted: list[tuple[str, int]] = field(default_factory=list)

    def _talk(self, sock: socket.socket, number: int) -> None:
        version = sock.recv(1)[0]
        host, port = self._version4(sock) if version == 4 else self._version5(sock)
        self.wanted.append((host, port))
        failed = self.refuse
        sock.sendall(b"\0" + (b"\x5b" if failed else b"\x5a") + bytes(6) if version == 4 else _reply5(5 if failed else 0))
        if failed:
            return
        with socket.create_connection(("127.0.0.1", self.always or port)) as upstream:
            back = threading.Thread(target=pump, args=(upstream, sock), daemon=True)
            back.start()
            pump(sock, upstream)
            back.join()

    def _version4(self, sock: socket.socket) -> tuple[str, int]:
        head = read(sock, 7)
        text(sock)
        address = head[3:7]
        named = address[:3] == b"\0\0\0" and address[3]
        return (text(sock) if named else socket.inet_ntoa(address)), int.from_bytes(head[1:3])

    def _version5(self, sock: socket.socket) -> tuple[str, int]:
        read(sock, read(sock, 1)[0])
        sock.sendall(b"\x05\x02" if self.password else b"\x05\x00")
        if self.password:
            read(sock, 1)
            user, password = (read(sock, read(sock, 1)[0]) for _ in range(2))
            sock.sendall(b"\x01\x00" if (user, password) == self.password else b"\x01\x01")
        kind = read(sock, 4)[3]
        host = read(sock, read(sock, 1)[0]).decode() if kind == 3 else socket.inet_ntoa(read(sock, 4))
        return host, int.from_bytes(read(sock, 2))


def _reply5(code: int) -> bytes:
    return bytes([5, code, 0, 1]) + bytes(6)


def read(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += sock.recv(size - len(data)) or b"\0"
    return data


def text(sock: socket.socket) -> str:
    data = b""
    while (char := sock.recv(1)) != b"\0":
        data += char
    return data.decode()
