"""A tiny server, collections made in the test, and the command line called as a user calls it."""

import json
import os
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from runner.cli import main

TEXTS = {"/text": b"no json", "/token": b'{"access_token": "fetched-token", "expires_in": 3600, "token_type": "Bearer"}'}


class Echo(BaseHTTPRequestHandler):
    """Answers every request with JSON that tells what came in; `/status/<code>` answers with that code."""

    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        code = int(self.path.split("/")[2]) if self.path.startswith("/status/") else 200
        text = self.server.texts.get(self.path) or self.told(body)
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        if self.path == "/mark":
            self.server.marked.set()
        if self.path == "/wait":
            self.server.waits.wait(60)
        self.send_response(code)
        self.send_header("Content-Type", "text/plain" if self.path == "/text" else "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def told(self, body):
        seen = {"method": self.command, "path": self.path, "headers": dict(self.headers)}
        return json.dumps({**seen, "body": body.decode("utf-8", "replace"), "id": len(self.server.seen) + 1}).encode()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any

    def log_message(self, *args):
        """Print nothing."""


@pytest.fixture
def server():
    """A server on a free loopback port: `seen` has (method, path, headers, body) of every request.

    /mark sets the event `marked`, /wait waits for the event `waits`; `texts` are answers by path.
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as http:
        http.seen, http.texts = [], dict(TEXTS)
        http.marked = threading.Event()
        http.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http
        http.shutdown()
        thread.join()


@pytest.fixture
def slow_server():
    """The URL of a server that sends a byte every 50 ms and never ends."""
    ended = threading.Event()

    class Drip(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            while not ended.wait(0.05):
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return

        def log_message(self, *args):
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Drip) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}/"
        ended.set()
        http.shutdown()
        thread.join()


@dataclass
class Done:
    """What a call of the command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def postrunner(capfd, monkeypatch, tmp_path):
    """Call the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in [name for name in os.environ if name.startswith("POSTRUNNER_")]:
        monkeypatch.delenv(name)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def call(*args):
        capfd.readouterr()
        code = main([str(arg) for arg in args])
        return Done(code, *capfd.readouterr())

    return call


@pytest.fixture
def collection(tmp_path):
    """Write a collection of these items and return its path."""

    def write(*items, name="c", **more):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({"info": {"name": name}, "item": list(items), **more}))
        return path

    return write


def item(name, url, test="", prerequest="", **request):
    """An item with its scripts."""
    events = [{"listen": k, "script": {"exec": v}} for k, v in (("test", test), ("prerequest", prerequest)) if v]
    return {"name": name, "request": {"method": "GET", "url": url, **request}, "event": events}


def report(path):
    """The run part of a JSON report."""
    return json.loads(path.read_text())["run"]
