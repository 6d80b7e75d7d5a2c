"""A JSON Web Token that is made and signed anew for each send."""

from __future__ import annotations

from typing import Any

from runner.auth.context import AuthContext
from runner.auth.jwt.jws import KEY_ALGORITHMS, SECRET_ALGORITHMS, key_signer, make_jws, secret_signer
from runner.auth.message import with_header, with_query
from runner.auth.params import Params
from runner.effects import Step
from runner.model.request import Request
from runner.model.response import Exchange
from runner.request.multipart import decode_base64
from runner.rules.percent import utf8


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send with a token in the header or the query; raises `AuthError` for a bad algorithm, key, header or payload.

    `iat` and `exp` are not added: only what the payload says is in the token (Postman).
    """
    token = signed_token(params)
    return (yield from context.send(_placed(params, request, token)))


def signed_token(params: Params) -> str:
    """The token that the parameters describe; `alg` in the header is always the parameter `algorithm`."""
    algorithm = params.choice("algorithm", (*SECRET_ALGORITHMS, *KEY_ALGORITHMS), "HS256")
    header = params.json("header") or {}
    if not isinstance(header, dict):
        raise params.error("header", "is no JSON object")
    payload = params.json("payload")
    header = {"alg": algorithm, **{name: value for name, value in header.items() if name != "alg"}}
    return make_jws(header, {} if payload is None else payload, _signer(params, algorithm))


def _signer(params: Params, algorithm: str) -> Any:
    if algorithm not in SECRET_ALGORITHMS:
        return key_signer(params, algorithm, "privateKey", params.text("passphrase"))
    secret = params.required("secret")
    return secret_signer(algorithm, decode_base64(secret) if params.flag("isSecretBase64Encoded") else utf8(secret))


def _placed(params: Params, request: Request, token: str) -> Request:
    if params.choice("addTokenTo", ("header", "queryParam"), "header") == "queryParam":
        return with_query(request, (params.text("queryParamKey", "token"), token))
    prefix = params.prefix("headerPrefix")
    return with_header(request, "Authorization", f"{prefix} {token}" if prefix else token)
