"""Basic authentication (RFC 7617): user name and password in UTF-8; one that is missing counts as empty."""

from __future__ import annotations

from base64 import b64encode

from runner.auth.context import AuthContext
from runner.auth.message import with_header
from runner.auth.params import Params
from runner.effects import Step
from runner.model.request import Request
from runner.model.response import Exchange
from runner.rules.percent import utf8


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send with `Authorization: Basic`."""
    credentials = utf8(f"{params.text('username')}:{params.text('password')}")
    exchange = yield from context.send(with_header(request, "Authorization", f"Basic {b64encode(credentials).decode()}"))
    return exchange
