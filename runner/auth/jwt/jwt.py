"""A JSON Web Token, made and signed for each send."""

from __future__ import annotations

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

    The token holds what the payload says and nothing else: no `iat` or `exp` is added (Postman).
    """
    token = signed_token(params)
    return (yield from context.send(_placed(params, request, token)))


def signed_token(params: Params) -> str:
    """The token that the parameters describe; its `alg` is always the parameter `algorithm`, whatever the header says."""
    algorithm = params.choice("algorithm", (*SECRET_ALGORITHMS, *KEY_ALGORITHMS), "HS256")
    header = params.json("header") or {}
    if not isinstance(header, dict):
        raise params.error("header", "is not a JSON object")
    payload = params.json("payload")
    header = {"alg": algorithm, **{name: value for name, value in header.items() if name != "alg"}}
    if algorithm in SECRET_ALGORITHMS:
        secret = params.required("secret")
        signer = secret_signer(algorithm, decode_base64(secret) if params.flag("isSecretBase64Encoded") else utf8(secret))
    else:
        signer = key_signer(params, algorithm, "privateKey", params.text("passphrase"))
    return make_jws(header, {} if payload is None else payload, signer)


def _placed(params: Params, request: Request, token: str) -> Request:
    if params.choice("addTokenTo", ("header", "queryParam"), "header") == "queryParam":
        return with_query(request, (params.text("queryParamKey", "token"), token))
    prefix = params.prefix("headerPrefix")
    return with_header(request, "Authorization", f"{prefix} {token}" if prefix else token)
