"""OAuth 2.0: applies the access token of the collection, or one that it fetches as the collection describes.

Postman's runners only apply the token of the collection. Here one is fetched if the collection has none, everything that
the grant needs is filled in, and the request does not have its own `Authorization` (or `access_token` in the query).
"""

from __future__ import annotations

from runner.auth.context import AuthContext
from runner.auth.message import with_header, with_query
from runner.auth.params import Params
from runner.auth.token_store import Token
from runner.deep_json import dumps
from runner.effects import Step, WaitToken
from runner.errors import AuthError
from runner.model.request import Request
from runner.model.response import Exchange

QUERY_NAME = "access_token"

IDENTITY = (
    "grant_type",
    "accessTokenUrl",
    "refreshTokenUrl",
    "authUrl",
    "deviceAuthorizationUrl",
    "clientId",
    "clientSecret",
    "client_authentication",
    "scope",
    "audience",
    "resource",
    "username",
    "password",
    "refreshToken",
    "redirect_uri",
    "assertion",
    "algorithm",
    "header",
    "payload",
    "secret",
    "privateKey",
    "tokenRequestParams",
    "authRequestParams",
    "refreshRequestParams",
)
"""The parameters that a token depends on: auth objects that agree in all of them share one token."""


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send with the token in the header or the query; without a token and a grant the request goes as it is (Postman).

    Raises `AuthError` if a token cannot be fetched: `AuthIncomplete` if the grant is not filled in. If the server refuses
    the token of an earlier run with 401, it is replaced by a new one, once.
    """
    if not _needs_token(params, request):
        return (yield from context.send(_applied(params, request, params.text("accessToken"))))
    token = yield from fetched_token(params, context)
    exchange = yield from context.send(_applied(params, request, token.access_token))
    if exchange.response.code == 401 and token.stored:
        token = yield from fetched_token(params, context, refused=token)
        exchange = yield from context.send(_applied(params, request, token.access_token))
    return exchange


def _needs_token(params: Params, request: Request) -> bool:
    token = params.text("accessToken")
    if (token and "{{" not in token) or not params.text("grant_type"):
        return False
    if params.text("addTokenTo") == "queryParams":
        return not any(q.key == QUERY_NAME and q.value and not q.disabled for q in request.url.query or ())
    return not any(h.key.lower() == "authorization" and h.value and not h.disabled for h in request.headers)


def _applied(params: Params, request: Request, token: str) -> Request:
    if not token:
        return request
    if params.text("tokenType").lower() == "mac":
        raise params.error("tokenType", "is 'mac'", hint="only bearer tokens can be applied")
    target = params.choice("addTokenTo", ("header", "queryParams"), "header")
    if target == "queryParams":
        return with_query(request, (QUERY_NAME, token))
    prefix = params.prefix("headerPrefix")
    return with_header(request, "Authorization", f"{prefix} {token}" if prefix else token)


# -- fetching ---------------------------------------------------------------------------------------------------


def fetched_token(params: Params, context: AuthContext, refused: Token | None = None) -> Step[Token]:
    """The run's token for these parameters: a known one, a refreshed one or a new one; raises `AuthError`.

    A known token is not used again if it is the one that the server `refused`.
    """
    from runner.auth.oauth.grants import GRANTS

    name = params.text("grant_type")
    if name not in GRANTS:
        raise params.incomplete(
            "grant_type", f"is {name!r}, with which no token can be fetched here", hint=f"use {', '.join(GRANTS)}"
        )
    identity = dumps([params.raw(name) for name in IDENTITY], default=str)
    while not context.tokens.claim(identity):
        yield from WaitToken(identity)
    try:
        known = context.tokens.find(identity)
        if known is not None and known != refused and known.usable(context.clock.now()):
            token = known
        else:
            token = yield from _new_token(params, context, known)
            context.tokens.keep(identity, token)
    finally:
        context.tokens.release(identity)
    context.learn(token.access_token)
    context.learn(token.refresh_token)
    return token


def _new_token(params: Params, context: AuthContext, known: Token | None) -> Step[Token]:
    """A token for the known refresh token; without one, or if the server refuses it, a token by the grant itself."""
    from runner.auth.oauth.grants import GRANTS, refresh

    trouble = ""
    if known is not None and known.refresh_token:
        try:
            return (yield from refresh(params, context, known.refresh_token))
        except AuthError as error:
            trouble = f" (before that, refreshing: {error.message})"
    try:
        return (yield from GRANTS[params.text("grant_type")](params, context))
    except AuthError as error:
        if not trouble:
            raise
        raise AuthError(error.message + trouble, hint=error.hint) from None
