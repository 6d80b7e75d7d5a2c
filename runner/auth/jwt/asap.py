"""Atlassian Service-to-Service Authentication Protocol (ASAP): a short-lived signed token for each send."""

from __future__ import annotations

import re
from base64 import b64decode
from urllib.parse import unquote

from runner.auth.context import AuthContext
from runner.auth.jwt.jws import KEY_ALGORITHMS, key_signer, make_jws
from runner.auth.message import with_header
from runner.auth.params import Params
from runner.effects import Step
from runner.model.json import JsonObject
from runner.model.request import Request
from runner.model.response import Exchange

DEFAULT_EXPIRY = 3600

_DATA_URI = re.compile(r"data:application/pkcs8;kid=([\w.\-+/]+);base64,([a-zA-Z0-9+/=]+)\Z")
_LEADING_NUMBER = re.compile(r"\s*(\d+)")


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send with `Authorization: Bearer` and a token; raises `AuthError` for a missing claim or a bad key."""
    token = signed_token(params, context)
    return (yield from context.send(with_header(request, "Authorization", f"Bearer {token}")))


def signed_token(params: Params, context: AuthContext) -> str:
    """The token that the parameters describe; what `claims` says wins over the parameters."""
    algorithm = params.choice("alg", KEY_ALGORITHMS, "RS256")
    claims = params.json("claims") or {}
    if not isinstance(claims, dict):
        raise params.error("claims", "is not a JSON object")
    key_id = str(claims.get("kid") or params.required("kid"))
    signer = key_signer(_with_plain_key(params, key_id), algorithm, "privateKey")
    return make_jws({"alg": algorithm, "kid": key_id}, _claims(params, claims, context), signer)


def _claims(params: Params, claims: JsonObject, context: AuthContext) -> JsonObject:
    now = int(context.clock.now())
    issuer = claims.get("iss") or params.required("iss")
    standard = {
        "iat": claims.get("iat") or now,
        "iss": issuer,
        "sub": claims.get("sub") or params.text("sub") or issuer,
        "jti": claims.get("jti") or context.entropy.uuid(),
        "aud": claims.get("aud") or params.required("aud"),
        "exp": _number(claims.get("exp")) or now + (_number(params.text("exp")) or DEFAULT_EXPIRY),
    }
    return {**claims, **standard}


def _number(value: object) -> int:
    """The whole number that a value begins with, as JavaScript's `parseInt` reads it: `10m` means ten seconds (Postman)."""
    found = _LEADING_NUMBER.match(str(value))
    return int(found[1]) if found else 0


def _with_plain_key(params: Params, key_id: str) -> Params:
    """The parameters with the key as PEM, if it is a data URI; raises `AuthError`."""
    text = params.required("privateKey").strip().strip('"')
    text = unquote(text) if "data%3A" in text or text.startswith("data:") else text
    if not text.startswith("data:"):
        return params
    found = _DATA_URI.match(text)
    if not found:
        raise params.error("privateKey", "is a malformed data URI")
    if found[1] != key_id:
        raise params.error("privateKey", "has another key id than the parameter kid")
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key

    try:
        key = load_der_private_key(b64decode(found[2]), None)
    except (ValueError, TypeError):
        raise params.error("privateKey", "in its data URI cannot be read") from None
    return params.having("privateKey", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
