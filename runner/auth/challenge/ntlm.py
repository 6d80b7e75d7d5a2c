"""NTLM over HTTP (MS-NTHT): three requests on one connection; pyspnego makes the messages."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING

from runner.auth.challenge.www_authenticate import same_origin
from runner.auth.context import AuthContext
from runner.auth.message import replayed, with_header, without_headers
from runner.auth.params import Params
from runner.effects import Lease, Step
from runner.errors import AuthError
from runner.model.request import Request
from runner.model.response import Exchange, Response

if TYPE_CHECKING:
    from spnego import ContextProxy

SCHEMES = ("NTLM", "Negotiate")
HINT = "install it with: pip install 'postrunner[ntlm]'"

_workstation: ContextVar[str] = ContextVar("workstation")


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send; if the server asks for NTLM, negotiate and send again on the same connection.

    Raises `AuthError` if pyspnego is missing or cannot use the server's message.
    """
    plain = without_headers(request, "Authorization")
    exchange = yield from context.send(plain)
    scheme = _offered(exchange)
    if not scheme or params.flag("disableRetryRequest"):
        return exchange
    client, again, lease = make_client(params), replayed(plain, exchange), Lease()
    negotiate = _step(client, params, None)
    challenged = yield from context.send_helper(with_header(again, "Authorization", f"{scheme} {negotiate}"), lease)
    token = _token(challenged.response, scheme) if same_origin(challenged) else None
    if token is None:
        raise AuthError("auth type ntlm: the server answered the negotiation without a challenge")
    return (yield from context.send(with_header(again, "Authorization", f"{scheme} {_step(client, params, token)}"), lease))


def _offered(exchange: Exchange) -> str:
    """The scheme to answer with; empty if the server offers none of `SCHEMES`, or another origin than the request's did."""
    if exchange.response.code not in (401, 403) or not same_origin(exchange):
        return ""
    names = {value.split(" ")[0].strip(",").lower() for value in _fields(exchange.response)}
    return next((scheme for scheme in SCHEMES if scheme.lower() in names), "")


def _fields(response: Response) -> list[str]:
    """The challenges of a response: most servers write one into each header, some several, with commas between."""
    lines = [value for name, value in response.headers if name.lower() == "www-authenticate"]
    return [part.strip() for line in lines for part in line.split(",") if part.strip()]


def _token(response: Response, scheme: str) -> bytes | None:
    for field in _fields(response):
        name, _, text = field.partition(" ")
        if name.lower() == scheme.lower() and text.strip():
            try:
                return b64decode(text.strip(), validate=True)
            except Base64Error:
                return None
    return None


def make_client(params: Params) -> ContextProxy:
    """The security context of pyspnego for these parameters."""
    try:
        import spnego
    except ImportError:
        raise AuthError("auth type ntlm needs the package pyspnego", hint=HINT) from None
    _let_workstation_be_given()
    user, domain = split_user(params.text("username"), params.text("domain"))
    name = f"{domain}\\{user}" if domain else user
    options = spnego.NegotiateOptions.use_ntlm
    try:
        return spnego.client(name, params.text("password"), protocol="ntlm", service="http", options=options)
    except Exception as error:
        raise AuthError(f"auth type ntlm: {error}") from None


def split_user(username: str, domain: str) -> tuple[str, str]:
    r"""User and domain; without a domain, `DOMAIN\user` and `user@domain` are taken apart (Postman)."""
    if domain or ("\\" in username and "@" in username):
        return username, domain
    for separator, user_first in (("\\", False), ("@", True)):
        first, found, second = username.partition(separator)
        if found and first and second and separator not in second:
            return (first, second) if user_first else (second, first)
    return username, ""


def _step(client: ContextProxy, params: Params, token: bytes | None) -> str:
    """The client's next message in base64; `token` is the server's."""
    mark = _workstation.set(params.text("workstation"))
    try:
        message = client.step(token)
    except Exception as error:
        raise AuthError(f"auth type ntlm: the server's message cannot be used: {error}") from None
    finally:
        _workstation.reset(mark)
    return b64encode(message or b"").decode()


def _let_workstation_be_given() -> None:
    """Make pyspnego take the workstation from `_workstation`; once in a process.

    It has no parameter for that: it sends the name of this machine, unless an environment variable, which would count for
    all threads, says otherwise.
    """
    from spnego import _ntlm

    own = _ntlm._get_workstation
    if not hasattr(own, "__wrapped__"):

        @wraps(own)
        def given() -> str | None:
            workstation = _workstation.get(None)
            return own() if workstation is None else workstation or None

        _ntlm._get_workstation = given
