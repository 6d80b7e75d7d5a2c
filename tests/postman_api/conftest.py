"""A server that answers as it is told, in order."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Told(BaseHTTPRequestHandler):
    """Answers with the next of `server.answers`: (status, headers, body)."""

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        status, headers, text = self.server.answers.pop(0)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = handle_any

    def log_message(self, *args):
        """Print nothing."""


@pytest.fixture
def told():
    """A server with `answers` to give and the requests that it has `seen`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Told) as http:
        http.answers, http.seen = [], []
        http.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http
        http.shutdown()
        thread.join()
