"""One generator for each auth type, in one table. They have no network and no clock: they yield effects."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType

from runner.auth.context import AuthContext
from runner.auth.params import Params
from runner.auth.token_store import TokenStore, parse_tokens
from runner.effects import Step
from runner.errors import AuthError, AuthIncomplete
from runner.events import Warned
from runner.model.request import Auth, Request
from runner.model.response import Exchange

__all__ = ["AUTHS", "AuthContext", "TokenStore", "authorize", "parse_tokens"]

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
"""Auth type → module of this package, imported when the type is first used."""

OPTIONAL = frozenset({"edgegrid", "hawk", "oauth1", "oauth2"})
"""Types that Postman leaves out while their parameters are not filled in; with any other type such a request fails."""


@cache
def _module_of(type: str) -> ModuleType:
    return import_module(f"runner.auth.{AUTHS[type]}")


def authorize(auth: Auth | None, request: Request, context: AuthContext) -> Step[Exchange]:
    """Sign and send a request whose variables are resolved and whose files are loaded.

    Yields `Send` as often as the auth type needs; the last one has the answer. An `OPTIONAL` type that is not filled in
    leaves the request as it is (Postman), with a warning. Raises `AuthError` for an unknown auth type and for unusable
    parameters: such a request is never sent unsigned.
    """
    type = auth.type if auth else "noauth"
    if type not in AUTHS:
        raise AuthError(f"there is no auth type {type!r}", hint=f"the auth types are {', '.join(AUTHS)}")
    module = _module_of(type)
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
