"""One generator per auth type, in one table. No network, no clock of its own: it yields effects."""

from __future__ import annotations

from importlib import import_module

from runner.auth.context import AuthContext
from runner.auth.params import Params
from runner.auth.token_store import TokenStore, parse_tokens
from runner.effects import Step
from runner.errors import AuthError, AuthIncomplete
from runner.events import Warned
from runner.model.request import Auth, Request
from runner.model.response import Exchange

__all__ = ["AUTHS", "AuthContext", "TokenStore", "authorize", "parse_tokens"]

# auth type → module of this package; it is imported when the type is used
AUTHS = {
    "apikey": "apikey",
    "asap": "jwt.asap",
    "awsv4": "awsv4",
    "basic": "basic",
    "bearer": "bearer",
    "digest": "challenge.digest",
    "edgegrid": "edgegrid",
    "hawk": "hawk",
    "jwt": "jwt.jwt",
    "noauth": "noauth",
    "ntlm": "challenge.ntlm",
    "oauth1": "oauth.oauth1",
    "oauth2": "oauth.oauth2",
}


# what Postman sends without auth as long as its parameters are not filled in; the other types cannot be signed then
OPTIONAL = frozenset({"edgegrid", "hawk", "oauth1", "oauth2"})


def authorize(auth: Auth | None, request: Request, context: AuthContext) -> Step[Exchange]:
    """Sign and send a request whose variables are resolved and whose files are loaded.

    Yields `Send` as often as the auth type needs it; the last one has the answer. An `OPTIONAL` type that is not filled in
    leaves the request as it is (Postman), with a warning. Raises `AuthError` for an auth type that does not exist and for
    parameters that cannot be used: such a request is never sent unsigned.
    """
    type = auth.type if auth else "noauth"
    if type not in AUTHS:
        raise AuthError(f"there is no auth type {type!r}", hint=f"the auth types are {', '.join(AUTHS)}")
    module = import_module(f"runner.auth.{AUTHS[type]}")
    params = Params(type, auth.params if auth else {})
    exchange: Exchange
    try:
        exchange = yield from module.authorize(params, request, context)
    except AuthIncomplete as error:
        if type not in OPTIONAL:
            raise
        yield Warned(code="auth-incomplete", message=f"{error.message}: sent without it", where=request.name)
        exchange = yield from context.send(request)
    return exchange
