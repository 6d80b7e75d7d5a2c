"""CPU time of one GET on a kept connection, ours against httpx's.

The server is another process, so that its work does not count. The best of several rounds
counts; they take turns.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[level]) for level in (2, 1)]

from benching.budget import Budget, print_result  # noqa: E402

COUNT, ROUNDS = 2000, 5
BODY = b'{"items": [' + b", ".join(b'{"id": %d, "name": "item %d"}' % (n, n) for n in range(32)) + b"]}"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nServer: bench\r\n"
HEADERS = (
    ("User-Agent", "PostmanRuntime/7.56.1"),
    ("Accept", "*/*"),
    ("Cache-Control", "no-cache"),
    ("Postman-Token", "00000000-0000-4000-8000-000000000000"),
    ("Host", "127.0.0.1"),
    ("Accept-Encoding", "gzip, deflate, br"),
    ("Connection", "keep-alive"),
)


def serve() -> None:
    """Answer one connection after the other, until the parent is gone."""
    answer = HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            sock, _ = listener.accept()
            with sock:
                while sock.recv(65536):
                    sock.sendall(answer)


def ours(port: int) -> tuple[Callable[[], bytes], Callable[[], None]]:
    from runner.client.http import Client
    from runner.cookies.jar import CookieJar
    from runner.model.request import PreparedRequest
    from runner.options import RunOptions

    client = Client(RunOptions(), CookieJar(), environ={})
    prepared = PreparedRequest(
        method="GET",
        scheme="http",
        host="127.0.0.1",
        port=port,
        target="/",
        href=f"http://127.0.0.1:{port}/",
        headers=HEADERS,
    )
    return lambda: client.send(prepared).response.body, client.close


def plain_httpx(port: int) -> tuple[Callable[[], bytes], Callable[[], None]]:
    import httpx

    client = httpx.Client(trust_env=False)
    headers = dict(HEADERS)
    return lambda: client.get(f"http://127.0.0.1:{port}/", headers=headers).content, client.close


def cpu_of_each(way: Callable[[int], tuple[Callable[[], bytes], Callable[[], None]]], port: int) -> float:
    """CPU seconds of one request."""
    ask, close = way(port)
    for _ in range(50):
        if ask() != BODY:
            sys.exit("the answer was another one")
    start = time.process_time()
    for _ in range(COUNT):
        ask()
    used = time.process_time() - start
    close()
    return used / COUNT


def measure(budget: Budget) -> None:
    """Print the table."""
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            rounds = [(cpu_of_each(ours, port), cpu_of_each(plain_httpx, port)) for _ in budget.rounds(most=ROUNDS)]
        finally:
            process.kill()
    mine, theirs = (min(column) * 1e6 for column in zip(*rounds, strict=True))
    print_result(f"{'transport':32}{'postrunner':>14}{'httpx.Client':>14}{'ratio':>8}")
    print_result(f"{'CPU us of a GET, 1 KB of JSON':32}{mine:14.2f}{theirs:14.2f}{mine / theirs:8.2f}")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve()
