"""Runs that are judged by a document of the test, against a transport that answers as the test says."""

import json

import httpx
import pytest

import runner

URL = "http://api.example"


def document(paths, version="3.1.0", **more):
    return {"openapi": version, "info": {"title": "T", "version": "1"}, "servers": [{"url": URL}], "paths": paths, **more}


def responding(schema, **more):
    """A GET whose 200 has this schema."""
    return {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}, **more}}}}


def request(path="/a", method="GET", header=(), **more):
    url = path if "://" in path else URL + path
    return {"name": path, "request": {"method": method, "url": url, "header": [*header], **more}}


class Judged:
    """A run with its findings."""

    def __init__(self, result):
        self.result = result

    @property
    def names(self):
        """The names of the assertions that failed, without what they are about."""
        return [one.name.split()[1] for one in self.assertions if one.failed]

    @property
    def assertions(self):
        return [one.assertion for execution in self.result.executions for one in execution.assertions]

    @property
    def messages(self):
        return [line for one in self.assertions if one.error for line in one.error.message.splitlines()]


@pytest.fixture
def judged(tmp_path):
    def run(spec, *requests, body="{}", status=200, headers=None, redirects=(), **options):
        path = tmp_path / "api.json"
        path.write_text(spec if isinstance(spec, str) else json.dumps(spec))
        content = body if isinstance(body, (bytes, str)) else json.dumps(body)
        answer = httpx.Response(status, content=content, headers=headers or {"Content-Type": "application/json"})
        schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
        items = [one if isinstance(one, dict) else request(one) for one in requests or ("/a",)]
        collection = {"info": {"name": "C", "schema": schema}, "item": items}
        first = [httpx.Response(code, headers={"Location": f"{URL}/b"}) for code in redirects]
        transport = httpx.MockTransport(lambda asked: first.pop(0) if first else answer)
        return Judged(runner.run(collection, transport=transport, **{"contract": (str(path),), **options}))

    return run
