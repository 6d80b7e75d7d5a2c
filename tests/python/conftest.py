"""Collections made in the test, and an application in the same process that answers them."""

import json

import httpx
import pytest


def document(*items, **more):
    return {"info": {"name": "C"}, "item": list(items), **more}


def item(name, test="", path="/", prerequest="", **request):
    events = [{"listen": k, "script": {"exec": v}} for k, v in (("test", test), ("prerequest", prerequest)) if v]
    return {"name": name, "request": {"method": "GET", "url": f"http://app.example{path}", **request}, "event": events}


@pytest.fixture
def app():
    """An httpx transport whose application tells path and body back as JSON, with two cookies; `seen` has the paths."""

    def application(environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        transport.seen.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [json.dumps({"path": environ["PATH_INFO"], "body": body, "token": "real-token-123"}).encode()]

    transport = httpx.WSGITransport(app=application)
    transport.seen = []
    return transport
