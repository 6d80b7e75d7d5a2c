"""AWS Signature Version 4, in headers or in the query."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote

from runner.auth.context import AuthContext
from runner.auth.message import Message, read_message, with_header, with_query, without_headers
from runner.auth.params import Params
from runner.effects import Step
from runner.model.payload import hashed
from runner.model.quick_dataclass import dataclass
from runner.model.request import Header, Request
from runner.model.response import Exchange
from runner.request.body import LANGUAGES
from runner.rules.percent import utf8

ALGORITHM = "AWS4-HMAC-SHA256"
DEFAULT_REGION = "us-east-1"
DEFAULT_SERVICE = "execute-api"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

UNSIGNED_HEADERS = frozenset(
    (
        "authorization",
        "connection",
        "expect",
        "keep-alive",
        "presigned-expires",
        "proxy-authorization",
        "range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "x-amzn-trace-id",
    )
)
"""Headers that are never signed, because a proxy may change them."""

_MADE_HEADERS = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who signs, for which service and when; `time` has the form `20250131T235959Z`."""

    access_key: str
    secret_key: str
    session_token: str
    region: str
    service: str
    time: str

    @property
    def scope(self) -> str:
        """The credential scope: the day, the region and the service that a signature is valid for."""
        return f"{self.time[:8]}/{self.region}/{self.service}/aws4_request"


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send signed; raises `AuthError` without access key or secret key."""
    credentials = Credentials(
        access_key=params.required("accessKey"),
        secret_key=params.required("secretKey"),
        session_token=params.text("sessionToken"),
        region=params.text("region", DEFAULT_REGION),
        service=params.text("service", DEFAULT_SERVICE),
        time=datetime.fromtimestamp(context.clock.now(), UTC).strftime("%Y%m%dT%H%M%SZ"),
    )
    message = yield from read_message(without_headers(request, *_MADE_HEADERS), context)
    sign = sign_query if params.flag("addAuthDataToQuery") else sign_headers
    return (yield from context.send(sign(message, credentials)))


def sign_headers(message: Message, credentials: Credentials) -> Request:
    """The request signed in its headers."""
    request, body_hash = _with_body_hash(message), _body_hash(message)
    request = _with_host(request, message)
    if credentials.service == "s3" and not message.has_body:
        request = with_header(request, "X-Amz-Content-Sha256", body_hash)
    if credentials.session_token:
        request = with_header(request, "X-Amz-Security-Token", credentials.session_token)
    request = with_header(request, "X-Amz-Date", credentials.time)
    headers = signed_headers(request.headers)
    signature = sign(message, message.address.search[1:], headers, body_hash, credentials)
    parts = [
        f"{ALGORITHM} Credential={credentials.access_key}/{credentials.scope}",
        f"SignedHeaders={';'.join(headers)}",
        f"Signature={signature}",
    ]
    return with_header(request, "Authorization", ", ".join(parts))


def sign_query(message: Message, credentials: Credentials) -> Request:
    """The request signed in its query, as a presigned URL is."""
    request = _with_host(_with_body_hash(message), message)
    headers = signed_headers(request.headers)
    made = {
        "X-Amz-Security-Token": credentials.session_token,
        "X-Amz-Expires": "86400" if credentials.service == "s3" else "",
        "X-Amz-Date": credentials.time,
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{credentials.access_key}/{credentials.scope}",
        "X-Amz-SignedHeaders": ";".join(headers),
    }
    request = _with_encoded_query(request, {name: value for name, value in made.items() if value})
    body_hash = UNSIGNED_PAYLOAD if credentials.service == "s3" else _body_hash(message)
    added = "&".join(f"{name}={_encoded(value)}" for name, value in made.items() if value)
    kept = "&".join(part for part in message.address.search[1:].split("&") if part.partition("=")[0] not in made)
    signature = sign(message, "&".join(filter(None, (kept, added))), headers, body_hash, credentials)
    return _with_encoded_query(request, {"X-Amz-Signature": signature})


def _with_encoded_query(request: Request, params: dict[str, str]) -> Request:
    return with_query(request, *((name, _encoded(value)) for name, value in params.items()))


def _with_host(request: Request, message: Message) -> Request:
    if any(h.key.lower() == "host" and not h.disabled and h.value for h in request.headers):
        return request
    return with_header(request, "Host", message.address.host_header)


def _with_body_hash(message: Message) -> Request:
    """The request with the hash of its body, and with the `Content-Type` of a raw or GraphQL body, so that it is signed."""
    request = message.request
    if not message.has_body:
        return request
    has_type = any(h.key.lower() == "content-type" and not h.disabled for h in request.headers)
    if message.content_type in LANGUAGES.values() and not has_type and request.body and request.body.mode != "file":
        type = Header("Content-Type", message.content_type, system=True)
        request = replace(request, headers=(*request.headers, type))
    return with_header(request, "X-Amz-Content-Sha256", _body_hash(message))


def _body_hash(message: Message) -> str:
    return str(hashed(hashlib.sha256(), message.body).hexdigest())


# -- the signature ----------------------------------------------------------------------------------------------


def sign(message: Message, query: str, headers: dict[str, str], body_hash: str, credentials: Credentials) -> str:
    """The signature of the canonical request (AWS: "Create a signed request")."""
    canonical = "\n".join(
        (
            message.method,
            canonical_path(message.address.path, credentials.service),
            canonical_query(query),
            *(f"{name}:{value}" for name, value in headers.items()),
            "",
            ";".join(headers),
            body_hash,
        )
    )
    to_sign = "\n".join((ALGORITHM, credentials.time, credentials.scope, hashlib.sha256(utf8(canonical)).hexdigest()))
    key = utf8("AWS4" + credentials.secret_key)
    for part in credentials.scope.split("/"):
        key = hmac.new(key, utf8(part), "sha256").digest()
    return hmac.new(key, utf8(to_sign), "sha256").hexdigest()


def signed_headers(headers: Iterable[Header]) -> dict[str, str]:
    """The headers to sign: names in lower case and sorted, white space collapsed, repeated headers joined with commas."""
    found: dict[str, list[str]] = {}
    for header in headers:
        name = header.key.lower()
        if name and not header.disabled and name not in UNSIGNED_HEADERS:
            found.setdefault(name, []).append(re.sub(r"\s+", " ", (header.value or "").strip()))
    return {name: ",".join(found[name]) for name in sorted(found)}


def canonical_path(path: str, service: str) -> str:
    """The path as it is signed: encoded once for S3, normalised and encoded twice for all other services."""
    if service == "s3":
        return quote(unquote(path, errors="surrogateescape").encode("utf-8", "surrogateescape"), safe="/-_.~")
    segments: list[str] = []
    for segment in re.sub("/{2,}", "/", path).split("/")[1:]:
        if segment == "..":
            segments = segments[:-1]
        elif segment != ".":
            segments.append(_encoded(segment))
    return "/" + "/".join(segments)


def canonical_query(query: str) -> str:
    """The query as it is signed: decoded, encoded again and sorted."""
    pairs = [(_encoded(key), _encoded(value)) for key, value in parse_qsl(query, keep_blank_values=True)]
    return "&".join(f"{key}={value}" for key, value in sorted(pairs))


def _encoded(text: str) -> str:
    return quote(utf8(text), safe="-_.~")
