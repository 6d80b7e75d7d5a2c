"""Two servers on loopback whose answers a test sets path by path, and the command called as a user calls it."""

import json
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from runner.cli import main

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


class Answers(BaseHTTPRequestHandler):
    """Answers with what the test has put there for the path: a status, headers and a body; else 200 and its path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.partition("?")[0]
        self.server.seen.append(path)
        status, headers, body = self.server.answers.get(path, (200, {}, {"path": path}))
        if isinstance(body, list) and body and callable(body[0]):
            body = body.pop(0)() if len(body) > 1 else body[0]()
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_POST = do_HEAD = do_GET

    def log_message(self, *args):
        """Print nothing."""


class Pair:
    """Both servers: `left` and `right`."""

    def __init__(self, stack):
        self.left, self.right = (self._start(stack) for _ in range(2))

    def _start(self, stack):
        server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Answers))
        server.answers, server.seen = {}, []
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.shutdown)
        return server

    def both(self, path, left, right, status=200, headers=()):
        """Set the bodies of a path on both sides."""
        self.left.answers[path] = (status, dict(headers), left)
        self.right.answers[path] = (status, dict(headers), right)


@pytest.fixture
def servers():
    with ExitStack() as stack:
        yield Pair(stack)


def item(name, path=None, test="", method="GET", **more):
    """A request of a collection; its test may be a script."""
    event = [{"listen": "test", "script": {"exec": test.split("\n")}}] if test else []
    return {"name": name, "request": {"method": method, "url": f"{{{{base}}}}{path or '/' + name}"}, "event": event, **more}


def folder(name, *items):
    return {"name": name, "item": list(items)}


@pytest.fixture
def collection(tmp_path):
    """Write a collection of these items; gives its path."""

    def write(*items, name="API", file="api.json", **more):
        document = {"info": {"name": name, "schema": SCHEMA}, "item": list(items), **more}
        path = tmp_path / file
        path.write_text(json.dumps(document))
        return str(path)

    return write


@pytest.fixture
def environment(tmp_path):
    """Write an environment of these values; gives its path."""

    def write(name, **values):
        rows = [
            {"key": key, "value": value, **({"type": "secret"} if key.startswith("secret") else {})}
            for key, value in values.items()
        ]
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({"name": name, "values": rows}))
        return str(path)

    return write


@pytest.fixture
def diff(capsys, monkeypatch, tmp_path):
    """Call `postrunner diff`; gives the exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*words):
        capsys.readouterr()
        code = main(["diff", *map(str, words)])
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def in_step(diff, servers, environment):
    """Run a collection against both servers; gives the exit code and the outcome as JSON."""

    def call(path, *words):
        left, right = environment("left", base=servers.left.url), environment("right", base=servers.right.url)
        code, out, err = diff(path, "-e", left, "--against-environment", right, "-r", "json", *words)
        return code, json.loads(out) if out else err

    return call


@pytest.fixture
def report(capsys, tmp_path, servers):
    """Run a collection against one of the servers; gives the path of its JSON report."""

    def write(path, side="left", name=None, *words):
        file = tmp_path / f"{name or side}-report.json"
        base = getattr(servers, side).url
        main(["run", path, "--env-var", f"base={base}", "-r", "json", "--reporter-json-export", str(file), *words])
        capsys.readouterr()
        return str(file)

    return write


def told(outcome):
    """Each entry as its name, its outcome, and its changes as (area, kind, path)."""
    return [
        ("/".join(one["path"]), one["outcome"], [(c["area"], c["kind"], c["path"]) for c in one["changes"]])
        for one in outcome["entries"]
    ]
