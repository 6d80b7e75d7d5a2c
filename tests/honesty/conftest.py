"""A server that misbehaves, and the command line as a user calls it."""

import socket

import pytest

from tests.cli.conftest import collection, postrunner, server, slow_server
from tests.transport.hostile import Hostile

__all__ = ["collection", "misbehaving", "postrunner", "server", "silent_server", "slow_server"]

ANSWERS = {
    "truncated": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
    "truncated-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nonly this",
    "no-http": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "empty": b"",
    "half-a-head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "bad-gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
    "bad-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "redirect-loop": b"HTTP/1.1 302 Found\r\nLocation: /redirect-loop\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}


@pytest.fixture
def misbehaving():
    """The URL of a server that gives each path of `ANSWERS` its broken answer and closes the connection."""
    server = Hostile(ANSWERS)
    yield server.url + "/"
    server.close()


@pytest.fixture
def silent_server():
    """The URL of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
