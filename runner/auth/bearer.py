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

    That is what the log-in request of a collection with an inherited, still empty token counts on.
    """
    token = params.text("token")
    return (yield from context.send(with_header(request, "Authorization", f"Bearer {token}") if token else request))
