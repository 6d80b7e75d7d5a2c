"""The file store behind Torii's upload URLs, with signed URLs and XML errors like those of S3.

The signature covers method, path, host, Content-Type and every query parameter; changing any of them gives
SignatureDoesNotMatch. An additional Authorization header is refused. A URL can be used until it expires.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from runner.server.messages import Answer, Call
from runner.standins.torii.state import State

SECRET = b"stand-in store"
DATE = "%Y%m%dT%H%M%SZ"
TWO_AUTHS = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the "
    "Authorization header should be specified"
)
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)
METHODS = ("GET", "HEAD", "PUT")


def signed_url(state: State, host: str, path: str, method: str, content_type: str = "") -> str:
    """A URL for one method and path, valid for `url_ttl` seconds; `host` is the Host header of the client."""
    date = datetime.fromtimestamp(state.clock(), UTC).strftime(DATE)
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"STANDIN/{date[:8]}/us-east-1/s3/aws4_request",
        "X-Amz-Date": date,
        "X-Amz-Expires": str(int(state.url_ttl)),
        "X-Amz-SignedHeaders": "content-type;host" if method == "PUT" else "host",
    }
    pairs = tuple(query.items())
    query["X-Amz-Signature"] = signature(state.seed, method, path, host, content_type, pairs)
    return f"http://{host}/s3/{quote(path)}?{urlencode(query, quote_via=quote)}"


def signature(seed: int, method: str, path: str, host: str, content_type: str, query: tuple[tuple[str, str], ...]) -> str:
    """The HMAC-SHA256 of everything that must not change, in hexadecimal."""
    parts = [str(seed), method, path, host.lower(), content_type, *(f"{key}={value}" for key, value in sorted(query))]
    return hmac.new(SECRET, "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def store_call(state: State, call: Call, args: dict[str, str]) -> Answer:
    """Answer a call to a signed URL."""
    refusal = check_signed(state, call, args["path"])
    if refusal:
        return refusal
    if call.method == "PUT":
        state.store[args["path"]] = (call.body, call.header("content-type"))
        # Newman leaves the connection of a file upload open, which keeps its process alive until the server closes it.
        return Answer(200, headers=(("ETag", etag(call.body)),), last=True)
    if args["path"] not in state.store:
        return xml_error(404, "NoSuchKey", "The specified key does not exist.")
    body, content_type = state.store[args["path"]]
    return Answer(200, body, content_type or "binary/octet-stream", (("ETag", etag(body)),))


def check_signed(state: State, call: Call, path: str) -> Answer | None:
    """The error answer for a call that is not allowed, None if it is."""
    if call.method not in METHODS:
        return xml_error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
    if call.header("authorization"):
        return xml_error(400, "InvalidArgument", TWO_AUTHS)
    if not call.value("X-Amz-Signature"):
        return xml_error(403, "AccessDenied", "Access Denied")
    if state.clock() >= expiry(call):
        return xml_error(403, "AccessDenied", "Request has expired")
    return None if is_signed(state, call, path) else xml_error(403, "SignatureDoesNotMatch", MISMATCH)


def is_signed(state: State, call: Call, path: str) -> bool:
    """Whether the signature fits this call exactly; HEAD may use the URL of GET."""
    method = "GET" if call.method == "HEAD" else call.method
    content_type = call.header("content-type") if method == "PUT" else ""
    query = tuple(pair for pair in call.query if pair[0] != "X-Amz-Signature")
    wanted = signature(state.seed, method, path, call.header("host"), content_type, query)
    return hmac.compare_digest(wanted.encode(), (call.value("X-Amz-Signature") or "").encode())


def expiry(call: Call) -> float:
    """When the URL expires, in seconds since 1970; 0 if its date or duration is malformed."""
    try:
        start = datetime.strptime(call.value("X-Amz-Date") or "", DATE).replace(tzinfo=UTC)
        return start.timestamp() + int(call.value("X-Amz-Expires") or "")
    except (ValueError, OverflowError):
        return 0.0


def etag(body: bytes) -> str:
    """The ETag that S3 gives an object uploaded in one piece: its quoted MD5."""
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def xml_error(status: int, code: str, message: str) -> Answer:
    """An error answer in the XML of S3."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    text = f"{head}<Error><Code>{code}</Code><Message>{escape(message)}</Message><RequestId>STANDIN</RequestId></Error>"
    return Answer(status, text.encode(), "application/xml")
