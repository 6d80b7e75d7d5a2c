"""Akamai EdgeGrid (EG1-HMAC-SHA256): method, URL, chosen headers and the body of a POST are signed."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from datetime import UTC, datetime

from runner.auth.context import AuthContext
from runner.auth.message import Message, read_message, with_header
from runner.auth.params import Params
from runner.effects import Step
from runner.model.request import Request
from runner.model.response import Exchange
from runner.rules.percent import utf8
from runner.rules.url import parse_url

MAX_BODY_SIZE = 131072

_BLANKS = re.compile(r"\s+")


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send with an EG1 header; raises `AuthError` without client token, access token or client secret."""
    message = yield from read_message(request, context)
    header = make_header(params, message, context)
    return (yield from context.send(with_header(message.request, "Authorization", header)))


def make_header(params: Params, message: Message, context: AuthContext) -> str:
    """The `Authorization` of one message."""
    now = datetime.fromtimestamp(context.clock.now(), UTC)
    time = params.text("timestamp") or now.strftime("%Y%m%dT%H:%M:%S+0000")
    nonce = params.text("nonce") or context.entropy.uuid()
    head = (
        f"EG1-HMAC-SHA256 client_token={params.required('clientToken')};access_token={params.required('accessToken')};"
        f"timestamp={time};nonce={nonce};"
    )
    base = parse_url(params.text("baseURL"))  # the host to sign, if the request goes through another one
    base_host = ".".join(base.host).lower() + ("" if base.port is None else f":{base.port}")
    values = {h.key.lower(): _BLANKS.sub(" ", (h.value or "").strip()) for h in message.request.headers if not h.disabled}
    names = [name.strip().lower() for name in params.text("headersToSign").split(",")]
    lines = [
        message.method,
        message.address.scheme,
        base_host or message.address.host_header,
        message.address.target,
        "\t".join(f"{name}:{values[name]}" for name in names if values.get(name)),
        _body_hash(params, message),
        head,
    ]
    signature = _hmac(_hmac(params.required("clientSecret"), time), "\t".join(lines))
    return f"{head}signature={signature}"


def _hmac(key: str, text: str) -> str:
    return b64encode(hmac.new(utf8(key), utf8(text), "sha256").digest()).decode()


def _body_hash(params: Params, message: Message) -> str:
    if message.method != "POST" or not message.body:
        return ""
    size = params.text("maxBodySize", str(MAX_BODY_SIZE))
    if not (size.isascii() and size.isdigit()):
        raise params.error("maxBodySize", "is not a whole number")
    return b64encode(hashlib.sha256(message.body[: int(size.lstrip("0")[:18] or 0)]).digest()).decode()
