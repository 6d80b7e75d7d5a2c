"""The server that both runners send their requests to, in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

COUNT_PATH, APART_PATH = b"GET /count ", b"GET /apart/"


class Answers(asyncio.Protocol):
    """Answers each request with the same small JSON, and counts them; GET /count tells and resets the number."""

    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.pending = transport, b""

    def data_received(self, data: bytes) -> None:
        *heads, self.pending = (self.pending + data).split(b"\r\n\r\n")
        for head in heads:
            answer = response(self.count_body(head))
            if head.startswith(APART_PATH):
                self.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
                end = answer.index(b"\r\n\r\n") + 4
                self.transport.write(answer[:end])
                answer = answer[end:]
            self.transport.write(answer)

    def count_body(self, head: bytes) -> bytes:
        if not head.startswith(COUNT_PATH):
            Answers.count += 1
            return b'{"ok": true, "name": "answer"}'
        body = b"%d" % Answers.count
        Answers.count = 0
        return body


def response(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    return head + body


async def serve() -> None:
    """Serves until stdin is closed, after one line with the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answers, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


@contextlib.contextmanager
def server() -> Iterator[int]:
    command = [sys.executable, __file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


def requests_seen(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/count")
    number = int(connection.getresponse().read())
    connection.close()
    return number


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with its parent
    asyncio.run(serve())
