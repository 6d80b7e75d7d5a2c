"""OAuth 2.0: applies an access token that is there; it never fetches or refreshes one (Postman)."""

from __future__ import annotations

from runner.auth.context import AuthContext
from runner.auth.message import with_header, with_query
from runner.auth.params import Params
from runner.effects import Step
from runner.model.request import Request
from runner.model.response import Exchange


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send with the token in the header or the query; without a token the request goes as it is (Postman)."""
    exchange: Exchange = yield context.send(_signed(params, request))
    return exchange


def _signed(params: Params, request: Request) -> Request:
    token = params.text("accessToken")
    if not token:
        return request
    if params.text("tokenType").lower() == "mac":
        raise params.error("tokenType", "is 'mac'", hint="only bearer tokens can be applied")
    target = params.choice("addTokenTo", ("header", "queryParams"), "header")
    if target == "queryParams":
        return with_query(request, ("access_token", token))
    prefix = params.prefix("headerPrefix")
    return with_header(request, "Authorization", f"{prefix} {token}" if prefix else token)
