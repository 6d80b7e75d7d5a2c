"""A bearer token (RFC 6750) in the `Authorization` header."""

from __future__ import annotations

from runner.auth.context import AuthContext
from runner.auth.message import with_header
from runner.auth.params import Params
from runner.effects import Step
from runner.model.request import Request
from runner.model.response import Exchange


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send with `Authorization: Bearer`; without a token the request goes as it is (Postman).

    The login request of a collection relies on that: it inherits the token that it is about to fetch.
    """
    token = params.text("token")
    return (yield from context.send(with_header(request, "Authorization", f"Bearer {token}") if token else request))
