"""Collections for mock servers, written in a few words, and a server for them."""

from __future__ import annotations

import http.client
import json
import re
from typing import NamedTuple

import pytest

from runner.mock.serving import MockServer
from runner.options import RunOptions

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_PART = re.compile(r"\[([^:\]]+): ([^\]]*)\]|<(.*)>|-> (\d+)|\(([^)=]+)=([^)]*)\)")


class Reply(NamedTuple):
    """An answer as a client reads it; header names in lower case."""

    status: int
    headers: dict
    text: str

    @property
    def json(self):
        return json.loads(self.text)


def request_of(text):
    """The method, target, headers, body, status and path variables of `METHOD target [h: v] <body> -> 404 (id=5)`."""
    start = _PART.search(text)
    first = text if start is None else text[: start.start()]
    method, _, target = first.strip().partition(" ")
    found = [match.groups() for match in _PART.finditer(text)]
    headers = {name: value for name, value, *_ in found if name}
    body = next((one[2] for one in found if one[2] is not None), "")
    status = next((int(one[3]) for one in found if one[3]), 200)
    return method, target.strip(), headers, body, status, {one[4]: one[5] for one in found if one[4]}


def example(text, **more):
    """A saved example of v2.1 in one line of text; `more` goes into it."""
    method, target, headers, body, status, variables = request_of(text)
    path, mark, query = target.partition("?")
    url: dict = {"raw": target}
    before, slash, path = path.partition("/") if "://" not in path else _split(path)
    url |= {"host": [before]} if before else {}
    url |= {"path": path.split("/")} if slash else {}
    if mark:
        rows = [part.partition("=") for part in query.split("&")]
        url["query"] = [
            {"key": key.removeprefix("!"), "value": value if equals else None, "disabled": key.startswith("!")}
            for key, equals, value in rows
        ]
    url["variable"] = [{"key": key, "value": value} for key, value in variables.items()]
    request: dict = {"method": method, "url": url, "header": [{"key": k, "value": v} for k, v in headers.items()]}
    if body:
        request["body"] = {"mode": "raw", "raw": body}
    return {"name": "OK", "originalRequest": request, "code": status, "header": [], "body": "", **more}


def _split(path):
    scheme, _, rest = path.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}", slash, path


def collection(*examples, variables=(), name="Mocked"):
    """A collection with these examples, each at a request of its own."""
    items = [
        {
            "name": f"Request {number}",
            "request": one.get("originalRequest") if isinstance(one, dict) else "",
            "response": [one],
        }
        for number, one in enumerate(examples, 1)
    ]
    values = [{"key": key, "value": value} for key, value in dict(variables).items()]
    return {"info": {"name": name, "schema": SCHEMA}, "variable": values, "item": items}


def ask(url, text, **more):
    """Send what a line of text says; `more` are headers."""
    method, target, headers, body, *_ = request_of(text)
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
    try:
        connection.request(method, target, body.encode() or None, {**headers, **more})
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, names, answer.read().decode())
    finally:
        connection.close()


@pytest.fixture
def mocked(tmp_path):
    """Starts a mock server: `mocked(example(…), …)("GET /users")`; it is the `.server` of what it gives."""
    servers = []

    def start(*examples, variables=(), settings=None, options=None, **more):
        path = tmp_path / f"{len(servers)}.json"
        path.write_text(json.dumps(collection(*examples, variables=variables)))
        server = MockServer([str(path)], options or RunOptions(), settings, **more)
        servers.append(server)

        def send(text, **headers):
            return ask(server.url, text, **headers)

        send.server, send.path = server, path
        return send

    yield start
    for server in servers:
        server.close()
