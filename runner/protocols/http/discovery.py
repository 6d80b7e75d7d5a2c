"""Which secrets requests and responses carry, learned before any event can show them."""

from __future__ import annotations

from collections.abc import Callable

from runner.model.payload import BodyBytes
from runner.model.request import PreparedRequest, Request
from runner.model.response import Exchange
from runner.rules.url import url_text
from runner.secrets import Secrets

LARGEST = 100_000
"""Bytes of the largest body in which tokens are looked for."""


def learn_request(secrets: Secrets, request: Request) -> None:
    """Learn what a resolved request carries in its auth, and what its URL makes of the secrets in it."""
    if request.auth:
        secrets.add_auth(request.auth.type, request.auth.params)
    secrets.learn_url(url_text(request.url))


def learn_prepared(secrets: Secrets, prepared: PreparedRequest) -> None:
    """Learn what a request carries, before it is sent."""
    for name, value in prepared.headers:
        secrets.learn_header(name, value)
    secrets.learn_text(prepared.href)
    _learn_body(secrets, prepared.body)


def learn_exchange(secrets: Secrets, exchange: Exchange, more: Callable[[Exchange], None] | None = None) -> None:
    """Learn what servers gave: cookies, tokens in bodies and in the addresses of redirects, and what the sender knows."""
    if more is not None:
        more(exchange)
    for hop in exchange.hops:
        secrets.learn_text(hop.href)
        for name, value in (*hop.headers, *hop.response.headers):
            secrets.learn_header(name, value)
    for name, value in exchange.response.headers:
        secrets.learn_header(name, value)
        if name.lower() == "location":
            secrets.learn_text(value)
    _learn_body(secrets, exchange.response.body)


def _learn_body(secrets: Secrets, body: BodyBytes) -> None:
    if body and len(body) <= LARGEST:
        body = bytes(body)
        try:
            secrets.learn_text(body.decode())
        except UnicodeDecodeError:
            secrets.learn_text(body.decode("latin-1"))
