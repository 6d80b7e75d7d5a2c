"""A tiny server, collections made in the test, and the command line called as a user calls it."""

import io
import json
import os
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import pytest

from runner.cli import main
from runner.standins import start

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


class Cloud:
    """A stand-in of the Postman API, asked by its paths."""

    def __init__(self, standin):
        self.standin = standin
        self.url = standin.url

    def ask(self, method, path, document=None):
        data = None if document is None else json.dumps(document).encode()
        headers = {"X-API-Key": "PMAK-stand-in-key", "Content-Type": "application/json"}
        with urlopen(Request(self.url + path, data, headers, method=method)) as answer:
            return json.load(answer)

    def collections(self):
        """The documents of all collections by name."""
        uids = [one["uid"] for one in self.ask("GET", "/collections")["collections"]]
        documents = [self.ask("GET", f"/collections/{uid}")["collection"] for uid in uids]
        return {one["info"]["name"]: one for one in documents}

    def environments(self):
        """The documents of all environments by name."""
        ids = [one["id"] for one in self.ask("GET", "/environments")["environments"]]
        documents = [self.ask("GET", f"/environments/{one}")["environment"] for one in ids]
        return {one["name"]: one for one in documents}

    def change(self, name, change):
        """Change a collection as somebody else would; `change` gets its document."""
        document = self.collections()[name]
        change(document)
        self.ask("PUT", f"/collections/{document['info']['uid']}", {"collection": document})

    def sent(self):
        """Method and path of all calls that change something, and their bodies."""
        calls = self.ask("GET", "/__standin/requests")["requests"]
        return [call for call in calls if call["method"] in ("PUT", "POST", "PATCH", "DELETE")]


@pytest.fixture
def make_cloud(postrunner, monkeypatch):
    """Start a stand-in of the Postman API with these settings, to which the command line talks."""
    with ExitStack() as stack:

        def make(**settings):
            cloud = Cloud(stack.enter_context(start("postman", rate=0, **settings)))
            monkeypatch.setenv("POSTRUNNER_POSTMAN_API_URL", cloud.url)
            monkeypatch.setenv("POSTMAN_API_KEY", "PMAK-stand-in-key")
            return cloud

        yield make


@pytest.fixture
def cloud(make_cloud):
    """A stand-in of the Postman API with its usual settings."""
    return make_cloud()


@pytest.fixture
def terminal(monkeypatch):
    """Make standard input a terminal at which somebody types this; `before` is done first."""

    class Terminal(io.StringIO):
        before = staticmethod(lambda: None)

        def isatty(self):
            return True

        def readline(self, *args):
            self.before()
            return super().readline(*args)

    def make(text, before=lambda: None):
        typed = Terminal(text)
        typed.before = before
        monkeypatch.setattr("sys.stdin", typed)

    return make
