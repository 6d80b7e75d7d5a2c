"""Network errors with the codes and messages of Node, which scripts and reports of Postman users look for.

Most errors of the transport are made here; all are `RequestError`.
"""

from __future__ import annotations

import errno
import re
import socket

from runner.errors import RequestError

# llhttp's reasons, as Node reports them: `Parse Error: <reason>` with this code.
PARSE_CODES = {
    "Chunk size overflow": "HPE_INVALID_CHUNK_SIZE",
    "Content-Length can't be present with Transfer-Encoding": "HPE_INVALID_CONTENT_LENGTH",
    "Content-Length overflow": "HPE_INVALID_CONTENT_LENGTH",
    "Data after `Connection: close`": "HPE_CLOSED_CONNECTION",
    "Duplicate Content-Length": "HPE_UNEXPECTED_CONTENT_LENGTH",
    "Empty Content-Length": "HPE_INVALID_CONTENT_LENGTH",
    "Expected CRLF": "HPE_STRICT",
    "Expected CRLF after version": "HPE_INVALID_VERSION",
    "Expected HTTP/, RTSP/ or ICE/": "HPE_INVALID_CONSTANT",
    "Expected HTTP/": "HPE_INVALID_CONSTANT",
    "Expected LF after CR": "HPE_STRICT",
    "Expected LF after chunk data": "HPE_STRICT",
    "Expected LF after chunk size": "HPE_STRICT",
    "Expected LF after headers": "HPE_STRICT",
    "Expected dot": "HPE_INVALID_VERSION",
    "Expected space after version": "HPE_INVALID_VERSION",
    "Header overflow": "HPE_HEADER_OVERFLOW",
    "Invalid `Transfer-Encoding` header value": "HPE_INVALID_TRANSFER_ENCODING",
    "Invalid HTTP version": "HPE_INVALID_VERSION",
    "Invalid character in Content-Length": "HPE_INVALID_CONTENT_LENGTH",
    "Invalid character in chunk extensions": "HPE_STRICT",
    "Invalid character in chunk size": "HPE_INVALID_CHUNK_SIZE",
    "Invalid header field char": "HPE_INVALID_HEADER_TOKEN",
    "Invalid header token": "HPE_INVALID_HEADER_TOKEN",
    "Invalid header value char": "HPE_INVALID_HEADER_TOKEN",
    "Invalid major version": "HPE_INVALID_VERSION",
    "Invalid minor version": "HPE_INVALID_VERSION",
    "Invalid response status": "HPE_INVALID_STATUS",
    "Invalid status code": "HPE_INVALID_STATUS",
    "Transfer-Encoding can't be present with Content-Length": "HPE_INVALID_TRANSFER_ENCODING",
    "Transfer-Encoding can't be present with chunked encoding": "HPE_INVALID_TRANSFER_ENCODING",
    "Unexpected space after start line": "HPE_INVALID_HEADER_TOKEN",
    "Unexpected whitespace after header value": "HPE_INVALID_HEADER_TOKEN",
}

_MISSING = re.compile("Missing expected (CR|LF) ")

# OpenSSL's verify results (X509_V_ERR_*) → Node's code and text.
CERTIFICATE_ERRORS = {
    2: ("UNABLE_TO_GET_ISSUER_CERT", "unable to get issuer certificate"),
    7: ("CERT_SIGNATURE_FAILURE", "certificate signature failure"),
    9: ("CERT_NOT_YET_VALID", "certificate is not yet valid"),
    10: ("CERT_HAS_EXPIRED", "certificate has expired"),
    18: ("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
    19: ("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"),
    # Node goes on after 20 and reports 21 when the server sent its own certificate only, which is the usual case.
    20: ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"),
    21: ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"),
    22: ("CERT_CHAIN_TOO_LONG", "certificate chain too long"),
    23: ("CERT_REVOKED", "certificate revoked"),
    24: ("INVALID_CA", "invalid CA certificate"),
    25: ("PATH_LENGTH_EXCEEDED", "path length constraint exceeded"),
    26: ("INVALID_PURPOSE", "unsuitable certificate purpose"),
    27: ("CERT_UNTRUSTED", "certificate not trusted"),
    28: ("CERT_REJECTED", "certificate rejected"),
}
HOSTNAME_MISMATCH = (62, 64)
TRUST_HINT = "trust its authority with --ssl-extra-ca-certs FILE, or switch the check off with -k"

_RESOLVER_CODES = {
    getattr(socket, name): node
    for name, node in (("EAI_AGAIN", "EAI_AGAIN"), ("EAI_NODATA", "ENOTFOUND"), ("EAI_NONAME", "ENOTFOUND"))
    if hasattr(socket, name)
}
# Windows names its socket errors WSAECONNREFUSED and so on.
_WINDOWS_PREFIX = "WSA"


TLS_RECORD = (b"\x15\x03", b"\x16\x03")
"""How a TLS alert and a TLS handshake record begin: a TLS server answers a plain-text request with these."""


def parse_error(reason: str, *, tls: bool = False) -> RequestError:
    """The response is not valid HTTP: Node's `Parse Error: …` with its HPE_* code; `tls` if it is TLS instead."""
    missing = _MISSING.match(reason)
    code = f"HPE_{missing[1]}_EXPECTED" if missing else PARSE_CODES.get(reason, "HPE_INVALID_CONSTANT")
    hint = "the server speaks TLS on this port: write https://" if tls else ""
    return RequestError(f"Parse Error: {reason}", code=code, hint=hint)


def surplus() -> RequestError:
    """The response was followed at once by bytes that are not another response."""
    error = parse_error("Expected HTTP/, RTSP/ or ICE/")
    error.hint = "the server sent more bytes than its response has: is its Content-Length too small?"
    return error


def header_overflow(limit: int) -> RequestError:
    """The response head is longer than `limit` bytes."""
    return RequestError(
        "Parse Error: Header overflow", code="HPE_HEADER_OVERFLOW", hint=f"response headers may have {limit} bytes"
    )


def trailer_overflow(limit: int) -> RequestError:
    """The trailers after a chunked body are longer than `limit` bytes."""
    return RequestError(
        "Parse Error: Header overflow", code="HPE_HEADER_OVERFLOW", hint=f"trailers of a response may have {limit} bytes"
    )


def framing_overflow() -> RequestError:
    """A chunked body has far more bytes around its chunks than in them."""
    return RequestError(
        "Parse Error: Chunk extensions overflow",
        code="HPE_CHUNK_EXTENSIONS_OVERFLOW",
        hint="the server sends endless chunk extensions or trailers",
    )


def frame_flood() -> RequestError:
    """An HTTP/2 server keeps sending frames without content: settings, pings, empty data."""
    return RequestError("HTTP/2: the server sends endless frames without content", code="ERR_HTTP2_ERROR")


def too_large(limit: int) -> RequestError:
    """The response body is longer than `limit` bytes, encoded or decoded."""
    text = f"Maximum response size reached: the body has more than {limit} bytes"
    return RequestError(text, code="EMSGSIZE", hint="--max-response-size BYTES sets the limit")


def hang_up() -> RequestError:
    """The connection was closed before the response head was complete."""
    return RequestError("socket hang up", code="ECONNRESET")


def aborted() -> RequestError:
    """The connection was closed in the middle of the body."""
    return RequestError("aborted", code="ECONNRESET")


def request_aborted() -> RequestError:
    """The request was canceled by us."""
    return RequestError("the request was aborted", code="ECONNABORTED")


def connect_timeout() -> RequestError:
    """The connection was not established in time."""
    return RequestError("ETIMEDOUT", code="ETIMEDOUT")


def idle_timeout() -> RequestError:
    """No byte was received within the time limit."""
    return RequestError("ESOCKETTIMEDOUT", code="ESOCKETTIMEDOUT")


def deadline_passed() -> RequestError:
    """The exchange as a whole took too long."""
    return RequestError("the time for this request is over", code="ETIMEDOUT")


def errno_name(error: OSError) -> str:
    """The name of an error on every system, such as `ECONNREFUSED`; "" for TLS errors, which have other numbers."""
    if type(error).__module__ == "ssl":
        return ""
    name = errno.errorcode.get(error.errno or 0, "")
    return "E" + name.removeprefix(_WINDOWS_PREFIX + "E") if name.startswith(_WINDOWS_PREFIX) else name


def connect_failed(error: OSError, host: str, port: int) -> RequestError:
    """Connecting to one address failed: `connect ECONNREFUSED 127.0.0.1:1` (as in Node, IPv6 has no brackets)."""
    name = errno_name(error) or "ECONNREFUSED"
    return RequestError(f"connect {name} {host}:{port}", code=name)


def of_proxy(error: RequestError, host: str, port: int) -> RequestError:
    """The same error, with a message that names the proxy instead of the server."""
    hint = error.hint or "check the variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, or the option --proxy"
    return RequestError(f"{error.message} (the proxy {host}:{port})", code=error.code, hint=hint)


def tunnel_refused(status: int, reason: str) -> RequestError:
    """The proxy refused to open a tunnel."""
    hint = "put user:password@ into the proxy's URL" if status == 407 else ""
    text = f"tunneling socket could not be established, statusCode={status} {reason}".rstrip()
    return RequestError(text, code="ECONNRESET", hint=hint)


def resolve_failed(error: OSError, host: str) -> RequestError:
    """The name lookup failed: `getaddrinfo ENOTFOUND host`."""
    code = _RESOLVER_CODES.get(error.errno or 0, "ENOTFOUND")
    return RequestError(f"getaddrinfo {code} {host}", code=code)


def socket_failed(error: OSError, operation: str) -> RequestError:
    """Reading or writing failed: `read ECONNRESET`, `write EPIPE`."""
    reason = getattr(error, "reason", None)
    if reason:
        return RequestError(_words(reason), code=f"ERR_SSL_{reason}")
    name = errno_name(error) or "ECONNRESET"
    return RequestError(f"{operation} {name}", code=name)


def handshake_failed(error: OSError, host: str) -> RequestError:
    """The TLS handshake failed: the certificate is not trusted or not for this host, or the peer does not speak TLS."""
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in HOSTNAME_MISMATCH:
            text = f"Hostname/IP does not match certificate's altnames: {error.verify_message.rstrip('.')}"
            return RequestError(text, code="ERR_TLS_CERT_ALTNAME_INVALID", hint=f"the certificate is not for {host}")
        code, text = CERTIFICATE_ERRORS.get(error.verify_code, ("CERT_REJECTED", error.verify_message))
        return RequestError(text, code=code, hint=TRUST_HINT)
    if isinstance(error, (ssl.SSLEOFError, ConnectionError)):
        text = "Client network socket disconnected before secure TLS connection was established"
        return RequestError(text, code="ECONNRESET")
    if isinstance(error, ssl.SSLError) and error.reason:
        return RequestError(f"write EPROTO {_words(error.reason)}", code="EPROTO")
    return socket_failed(error, "read")


def _words(reason: str) -> str:
    return "SSL routines: " + reason.lower().replace("_", " ")
