"""The command line and servers of `tests/cli`, and one that takes down what it gets, for the formats next door."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.cli.conftest import postrunner, server

__all__ = ["postrunner", "recorder", "server"]

NOT_COMPARED = {"host", "content-length", "postman-token"}
"""Headers whose place or value is a program's own: `Host` comes first, the length with the body, the token is random."""


class Recorder(BaseHTTPRequestHandler):
    """Takes down what it gets; `/jump` leads to `/landed`."""

    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = [(name, value) for name, value in self.headers.items() if name.lower() not in NOT_COMPARED]
        lengths = self.headers.get_all("Content-Length")
        self.server.seen.append((self.command, self.path, self.headers["Host"], lengths, headers, body))
        self.send_response(302 if self.path == "/jump" else 200)
        self.send_header("Location", "/landed")
        self.send_header("Set-Cookie", "a=b")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_OWN = handle_any

    def log_message(self, *args):
        """Print nothing."""


@pytest.fixture
def recorder():
    """A server on a free loopback port: `seen` has method, path, host, lengths, headers and body of every request."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as http:
        http.seen = []
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http
        http.shutdown()
        thread.join()
