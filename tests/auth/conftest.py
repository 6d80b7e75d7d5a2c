"""Auth flows without a network: what a flow yields is collected, what it is sent are answers made here."""

import json
from pathlib import Path

import pytest

from runner.auth import AuthContext, authorize
from runner.clock import Clock
from runner.effects import Send
from runner.entropy import Entropy
from runner.events import Warned
from runner.model.request import Auth, Body, FormParam, Header, Request
from runner.model.response import Exchange, Hop, Response
from runner.request.prepare import prepare
from runner.rules.url import parse_url

CASES = {case["name"]: case for case in json.loads((Path(__file__).parent / "vectors" / "auth.json").read_text())}
NOW = 1700000000.0


@pytest.fixture
def context():
    return make_context()


def make_context(now=NOW, **more):
    return AuthContext(clock=Clock(lambda: now), entropy=Entropy(seed=1), **more)


def make_request(method="GET", url="http://api.example/a?x=1", headers=(), body=None):
    return Request(method=method, url=parse_url(url), headers=tuple(headers), body=body)


def run(type, params, request, context, *answers):
    """Drive a flow with answers to its sends; gives the prepared requests and what the flow returned."""
    return drive(authorize(Auth(type, params), request, context), context, *answers)


def drive(flow, context, *answers):
    sent, waiting, effect = [], list(answers), next(flow)
    try:
        while True:
            while isinstance(effect, Warned):
                effect = flow.send(None)
            assert isinstance(effect, Send)
            prepared = prepare(effect.request, effect.behavior, context.entropy)
            sent.append((effect, prepared))
            effect = flow.send(exchange(prepared, waiting.pop(0) if waiting else Response(code=200)))
    except StopIteration as stop:
        return sent, stop.value


def exchange(prepared, response, href=None):
    if isinstance(response, Exchange):
        return response
    hop = Hop(method=prepared.method, href=href or prepared.href, headers=prepared.headers, response=response)
    return Exchange(request=prepared, response=response, hops=(hop,))


def signed(type, params, request=None, context=None):
    """The one request that a signing type sends."""
    sent, _ = run(type, params, request or make_request(), context or make_context())
    assert len(sent) == 1
    return sent[0][1]


def header(prepared, name):
    values = [value for key, value in prepared.headers if key.lower() == name.lower()]
    assert len(values) <= 1
    return values[0] if values else None


def unauthorized(*challenges, code=401):
    return Response(code=code, headers=tuple(("WWW-Authenticate", challenge) for challenge in challenges))


# -- recorded cases ---------------------------------------------------------------------------------------------


def case_params(name):
    auth = CASES[name]["request"]["auth"]
    return {param["key"]: param["value"] for param in auth[auth["type"]]}


def case_request(name):
    request = CASES[name]["request"]
    headers = [Header(h["key"], h["value"]) for h in request["header"]]
    return make_request(request["method"], request["url"], headers, case_body(request.get("body")))


def case_body(body):
    if body is None:
        return None
    form = tuple(FormParam(key=p["key"], value=p["value"]) for p in body.get("urlencoded", ()))
    return Body(mode=body["mode"], raw=body.get("raw"), urlencoded=form, options=body.get("options", {}))


def recorded(name, index=-1):
    """Request line, headers and body that Newman sent, with the constants of this runner."""
    sent = CASES[name]["sent"][index]
    line, *lines = sent["head"].strip().split("\r\n")
    return line, comparable([tuple(text.split(": ", 1)) for text in lines]), sent["body"]


def as_sent(prepared):
    line = f"{prepared.method} {prepared.target} HTTP/1.1"
    return line, comparable(prepared.headers), prepared.body.decode("latin-1")


def comparable(headers):
    return [(name, "" if name in ("User-Agent", "Postman-Token") else value) for name, value in headers]
