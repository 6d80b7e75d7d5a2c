"""OAuth 1.0a (RFC 5849): oauthlib makes the signature, which goes where and how Postman sends it."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote_plus, urlencode

from runner.auth.context import AuthContext
from runner.auth.keys import pem_text
from runner.auth.message import Message, read_message, with_header, with_query, without_headers
from runner.auth.params import Params
from runner.effects import Step
from runner.errors import AuthError
from runner.model.payload import hashed
from runner.model.request import FormParam, QueryParam, Request
from runner.model.response import Exchange
from runner.rules.percent import utf8

METHODS = (
    "HMAC-SHA1",
    "HMAC-SHA256",
    "HMAC-SHA512",
    "RSA-SHA1",
    "RSA-SHA256",
    "RSA-SHA512",
    "PLAINTEXT",
)
OAUTH_NAMES = frozenset(
    f"oauth_{name}"
    for name in (
        "consumer_key",
        "token",
        "signature_method",
        "timestamp",
        "nonce",
        "version",
        "callback",
        "verifier",
        "body_hash",
        "signature",
    )
)
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send signed: in the header if asked for, else in the urlencoded body of a POST or PUT, else in the query.

    Raises `AuthError` without a consumer key, without the secret or key that the method needs, and for an unknown method.
    """
    message = yield from read_message(_cleaned(request), context)
    fields = signed_fields(params, message, context)
    return (yield from context.send(_placed(params, message, fields, context)))


def _cleaned(request: Request) -> Request:
    """The request without an earlier signature."""
    request = without_headers(request, "Authorization")
    query = request.url.query
    if query is not None and any(param.key in OAUTH_NAMES for param in query):
        kept = tuple(param for param in query if param.key not in OAUTH_NAMES)
        request = replace(request, url=replace(request.url, query=kept or None))
    if request.body is not None and request.body.mode == "urlencoded":
        form = tuple(param for param in request.body.urlencoded if param.key not in OAUTH_NAMES)
        request = replace(request, body=replace(request.body, urlencoded=form))
    return request


def signed_fields(params: Params, message: Message, context: AuthContext) -> list[tuple[str, str]]:
    """The oauth_… fields in Postman's order, the signature last."""
    method = params.choice("signatureMethod", METHODS, "HMAC-SHA1")
    made = {
        "oauth_consumer_key": params.required("consumerKey"),
        "oauth_token": params.text("token"),
        "oauth_signature_method": method,
        "oauth_timestamp": params.text("timestamp") or str(int(context.clock.now())),
        "oauth_nonce": params.text("nonce") or context.entropy.text(_LETTERS, 11),
        "oauth_version": params.text("version"),
        "oauth_body_hash": _body_hash(params, message, method),
        "oauth_callback": params.text("callback"),
        "oauth_verifier": params.text("verifier"),
    }
    optional = {"oauth_callback", "oauth_verifier", "oauth_body_hash"}
    keeps_empty = params.flag("addEmptyParamsToSign")
    fields = [(name, value) for name, value in made.items() if value.strip() or (keeps_empty and name not in optional)]
    return [*fields, ("oauth_signature", _signature(params, message, method, fields))]


def _body_hash(params: Params, message: Message, method: str) -> str:
    """The hash of a body that is not a form (OAuth Request Body Hash extension), if asked for; else empty."""
    mode = message.request.body.mode if message.request.body else None
    is_form = mode == "urlencoded" or (mode == "formdata" and message.has_body)
    if not params.flag("includeBodyHash") or is_form or method == "PLAINTEXT":
        return ""
    name = method.rpartition("-")[2].lower()
    return b64encode(hashed(hashlib.new(name, usedforsecurity=False), message.body).digest()).decode()


def _signature(params: Params, message: Message, method: str, fields: list[tuple[str, str]]) -> str:
    rsa = method.startswith("RSA")
    if not rsa:
        params.required("consumerSecret")
    from oauthlib.common import Request as OauthRequest  # type: ignore[import-untyped]
    from oauthlib.oauth1 import Client  # type: ignore[import-untyped]

    client = Client(
        params.required("consumerKey"),
        client_secret=params.text("consumerSecret"),
        resource_owner_secret=params.text("tokenSecret"),
        signature_method=method,
        rsa_key=pem_text(params, "privateKey") if rsa else None,
    )
    form = message.has_body and message.request.body is not None and message.request.body.mode == "urlencoded"
    body = bytes(message.body).decode() if form else ""
    address = message.address
    # oauthlib reads a query only in this one encoding
    query = urlencode(parse_qsl(address.search[1:], keep_blank_values=True), quote_via=quote)
    url = f"{address.scheme}://{address.host_header}{address.path}" + (f"?{query}" if query else "")
    try:
        unsigned = OauthRequest(url, message.method, body, {})
        unsigned.oauth_params = fields
        return str(client.get_oauth_signature(unsigned))
    except Exception as error:  # oauthlib has many errors for keys and addresses that it cannot use
        raise AuthError(f"auth type {params.type}: the request cannot be signed: {error}") from None


# -- the place --------------------------------------------------------------------------------------------------


def _placed(params: Params, message: Message, fields: list[tuple[str, str]], context: AuthContext) -> Request:
    """The request with the fields, and with its query in the encoding of OAuth (Postman)."""
    request = message.request if context.behavior.disable_url_encoding else _with_encoded_query(message)
    if params.flag("addParamsToHeader"):
        return with_header(request, "Authorization", _header(params, fields))
    if request.body is not None and request.body.mode == "urlencoded" and message.method in ("POST", "PUT"):
        added = tuple(FormParam(key=name, value=value) for name, value in fields)
        return replace(request, body=replace(request.body, urlencoded=(*request.body.urlencoded, *added)))
    absent = {f"oauth_{name}" for name in ("token", "version") if params.raw(name) is None}
    return with_query(request, *((name, None if name in absent else _encoded(value)) for name, value in fields))


def _with_encoded_query(message: Message) -> Request:
    """The request with each parameter of its query decoded, `+` as a space, and encoded again (RFC 5849 section 3.6)."""
    request, search = message.request, message.address.search[1:]
    if not search:
        return request
    pairs = [part.partition("=") for part in search.split("&") if part]
    query = [QueryParam(_recoded(key), _recoded(value) if equals else None) for key, equals, value in pairs]
    return replace(request, url=replace(request.url, query=tuple(query)))


def _recoded(text: str) -> str:
    return _encoded(unquote_plus(text))


def _header(params: Params, fields: list[tuple[str, str]]) -> str:
    plain = params.flag("disableHeaderEncoding")
    realm = params.text("realm")
    shown = [("realm", realm)] if realm.strip() else []
    shown += [(name, value.strip()) for name, value in fields if value]
    return "OAuth " + ",".join(f'{name}="{value if plain else _encoded(value)}"' for name, value in shown)


def _encoded(text: str) -> str:
    return quote(utf8(text), safe="-_.~")
