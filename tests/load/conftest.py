"""A server that writes down what it gets, and load tests against it as a user starts them."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from runner.server.certificates import self_signed


class Counting(BaseHTTPRequestHandler):
    """Answers with 200, or with the status in /status/<code>; /login sets the cookie that its query names."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_GET(self):
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        seen = SimpleNamespace(path=path, query=query, headers=dict(self.headers), body=self.rfile.read(length))
        seen.peer = self.client_address
        self.server.seen.append(seen)
        if path == "/wait":
            self.server.waiting.set()
            self.server.go_on.wait(30)
        body = json.dumps({"count": len(self.server.seen)}).encode()
        self.send_response(int(path.split("/")[2]) if path.startswith("/status/") else 200)
        if path == "/login":
            self.send_header("Set-Cookie", f"{query}; Path=/")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *args):
        """Print nothing."""


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client may leave in the middle."""


@pytest.fixture
def server():
    """`seen` has each request; /wait sets `waiting` and answers once `go_on` is set."""
    with Server(("127.0.0.1", 0), Counting) as http:
        http.seen = []
        http.waiting, http.go_on = threading.Event(), threading.Event()
        http.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http
        http.go_on.set()
        http.shutdown()
        thread.join()


def item(name, url, test="", before=""):
    """A request with its scripts."""
    scripts = [("test", test), ("prerequest", before)]
    events = [{"listen": listen, "script": {"exec": [text]}} for listen, text in scripts if text]
    return {"name": name, "request": {"method": "GET", "url": url}, "event": events}


@pytest.fixture
def write(tmp_path):
    """Write a collection with these items, or any other file; gives its path."""

    def written(items, name="c.json"):
        text = items if isinstance(items, str) else json.dumps({"info": {"name": "c"}, "item": items})
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return written


def command(*words):
    """The command line of a load test."""
    return [sys.executable, "-m", "runner", "load", *map(str, words)]


@pytest.fixture
def load(tmp_path):
    """Run a load test to its end: its exit code and what it printed."""

    def run(*words):
        done = subprocess.run(command(*words), capture_output=True, text=True, check=False, cwd=tmp_path, env=environment())
        return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr)

    return run


def environment():
    """That of the tests, in which the package is found whatever the folder."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return {**os.environ, "PYTHONPATH": root}


@pytest.fixture
def tls_server():
    """The same server with TLS; `certificate` is what to trust."""
    context, certificate = self_signed("127.0.0.1")
    with Server(("127.0.0.1", 0), Counting) as http:
        http.seen, http.certificate = [], certificate
        http.socket = context.wrap_socket(http.socket, server_side=True)
        http.url = f"https://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http
        http.shutdown()
        thread.join()
