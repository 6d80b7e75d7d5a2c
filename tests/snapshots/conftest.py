"""Runs of a collection file beside which snapshots lie, against a transport that answers as the test says."""

import json

import httpx
import pytest

import runner

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def item(name, path="", script="", before=""):
    """A request to `http://api/NAME`."""
    events = [(("test"), script), ("prerequest", before)]
    return {
        "name": name,
        "request": {"method": "GET", "url": f"http://api{path or '/' + name.replace(' ', '')}"},
        "event": [{"listen": listen, "script": {"exec": [text]}} for listen, text in events if text],
    }


def folder(name, *items):
    return {"name": name, "item": [*items]}


def response(body=None, status=200, headers=None):
    if isinstance(body, httpx.Response):
        return body
    if isinstance(body, bytes):
        return httpx.Response(status, content=body, headers=headers or {"Content-Type": "application/octet-stream"})
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/plain" if isinstance(body, str) else "application/json"
    return httpx.Response(status, content=text.encode(), headers={"Content-Type": kind, **(headers or {})})


class Api:
    """A collection file and what the server answers: the bodies of a path one after the other, the last one for ever."""

    def __init__(self, folder):
        self.file = folder / "shop.json"
        self.snapshots = folder / "shop.snapshots"
        self.answers = {}
        self.collect(item("a"))

    def collect(self, *items, **more):
        self.file.write_text(json.dumps({"info": {"name": "Shop", "schema": SCHEMA}, "item": [*items], **more}))

    def answer(self, *bodies, path="/a", **more):
        self.answers[path] = [
            one if callable(one) or isinstance(one, Exception) else response(one, **more) for one in bodies
        ]

    def _respond(self, request):
        left = self.answers[request.url.path]
        found = left.pop(0) if len(left) > 1 else left[0]
        found = found(request) if callable(found) else found
        if isinstance(found, httpx.Response) and not hasattr(found, "_content"):
            return found
        if isinstance(found, Exception):
            raise found
        return httpx.Response(found.status_code, content=found.content, headers=found.headers)

    def run(self, snapshot="check", *, collection=None, **options):
        transport = httpx.MockTransport(self._respond)
        return runner.run(collection or str(self.file), transport=transport, snapshot=snapshot, **options)

    def record(self, *bodies, **options):
        """Write the snapshot of these answers."""
        if bodies:
            self.answer(*bodies)
        return self.run("update", **options)

    @property
    def files(self):
        """The paths of the files in the folder of snapshots."""
        found = (path for path in self.snapshots.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.snapshots).as_posix() for path in found)

    def read(self, name="a.json"):
        return json.loads((self.snapshots / name).read_text())


def assertions(result):
    return [one.assertion for execution in result.executions for one in execution.assertions]


def lines(result):
    """The lines of all messages of differences."""
    found = (one.error.message for one in assertions(result) if one.error)
    return [line for message in found for line in message.splitlines()]


@pytest.fixture
def api(tmp_path, monkeypatch):
    for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    return Api(tmp_path)
