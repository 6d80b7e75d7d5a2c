"""Hawk (protocol version 1): a MAC over method, resource, host, port and, if asked for, the payload."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode

from runner.auth.context import AuthContext
from runner.auth.message import Message, read_message, with_header
from runner.auth.params import Params
from runner.effects import Step
from runner.model.payload import hashed
from runner.model.request import Request
from runner.model.response import Exchange
from runner.rules.percent import utf8

ALGORITHMS = ("sha256", "sha1")

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send with a Hawk header; raises `AuthError` without `authId` or `authKey`, and for an unknown algorithm."""
    message = yield from read_message(request, context)
    header = make_header(params, message, context)
    return (yield from context.send(with_header(message.request, "Authorization", header)))


def make_header(params: Params, message: Message, context: AuthContext) -> str:
    """The `Authorization` of one message."""
    id, key = params.required("authId"), params.required("authKey")
    algorithm = params.choice("algorithm", ALGORITHMS, "sha256")
    time = params.text("timestamp")
    time = time if time.isascii() and time.isdigit() and time.strip("0") else str(int(context.clock.now()))
    nonce = params.text("nonce") or context.entropy.text(_LETTERS, 6)
    extra, app, delegation = params.text("extraData"), params.text("app"), params.text("delegation")
    payload_hash = _payload_hash(message, algorithm) if params.flag("includePayloadHash") else ""
    address = message.address
    lines = [
        "hawk.1.header",
        time,
        nonce,
        message.method,
        address.target,
        address.connect_host,
        str(address.connect_port),
        payload_hash,
        extra.replace("\\", "\\\\").replace("\n", "\\n"),
        *([app, delegation] if app else []),
    ]
    mac = hmac.new(utf8(key), utf8("\n".join(lines) + "\n"), algorithm).digest()
    fields = {"id": id, "ts": time, "nonce": nonce, "hash": payload_hash, "ext": extra, "mac": b64encode(mac).decode()}
    if app:
        fields |= {"app": app, "dlg": delegation}
    return "Hawk " + ", ".join(f'{name}="{_escaped(value)}"' for name, value in fields.items() if value)


def _payload_hash(message: Message, algorithm: str) -> str:
    type = message.content_type.partition(";")[0].strip().lower()
    hash = hashed(hashlib.new(algorithm, b"hawk.1.payload\n" + utf8(type) + b"\n"), message.body)
    hash.update(b"\n")
    return b64encode(hash.digest()).decode()


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
