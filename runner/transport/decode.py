"""Content-Encoding: gzip, x-gzip, deflate (zlib or raw) and br, also stacked; the rules are those of Node's zlib.

An unknown coding leaves the body as it is. Corrupt data is a `RequestError` with Node's code; a gzip or deflate body that
ends too early gives what could be decoded, as in Postman.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

from runner.errors import RequestError
from runner.transport import failures

GZIP_WINDOW = 16 + zlib.MAX_WBITS
RAW_WINDOW = -zlib.MAX_WBITS


def decode(body: bytes, encoding: str, limit: int) -> bytes:
    """`body` with the codings of a Content-Encoding header undone, last one first; at most `limit` bytes.

    Raises `RequestError` for corrupt or too much data.
    """
    for name in reversed(encoding.lower().split(",")):
        decoder = DECODERS.get(name.strip())
        if decoder is None:
            return body
        if body:
            body = decoder(body, limit)
    return body


def _identity(body: bytes, limit: int) -> bytes:
    return body


def _gzip(body: bytes, limit: int) -> bytes:
    """Every member of a gzip body; zero bytes after a member are padding, anything else must be a member."""
    parts: list[bytes] = []
    size = 0
    while body:
        part, body = _inflate(body, GZIP_WINDOW, limit - size)
        parts.append(part)
        size += len(part)
        if body[:1] == b"\0":
            break
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _deflate(body: bytes, limit: int) -> bytes:
    window = zlib.MAX_WBITS if body[0] & 0x0F == 0x08 else RAW_WINDOW
    return _inflate(body, window, limit)[0]


def _inflate(body: bytes, window: int, limit: int) -> tuple[bytes, bytes]:
    decoder = zlib.decompressobj(window)
    try:
        part = decoder.decompress(body, limit + 1)
    except zlib.error as error:
        raise _corrupt(str(error)) from None
    if len(part) > limit:
        raise failures.too_large(limit)
    return part, decoder.unused_data


def _corrupt(text: str) -> RequestError:
    """From zlib comes `Error -3 while decompressing data: incorrect header check`; Node has the last part only."""
    reason = text.partition(": ")[2] or text
    return RequestError(reason, code="Z_DATA_ERROR", hint="the body does not fit its Content-Encoding header")


def _brotli(body: bytes, limit: int) -> bytes:
    import brotli  # type: ignore[import-untyped]

    decoder = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    try:
        part = decoder.process(body, output_buffer_limit=BROTLI_STEP)
        while part or not decoder.can_accept_more_data():
            parts.append(part)
            size += len(part)
            if size > limit:
                raise failures.too_large(limit)
            part = decoder.process(b"", output_buffer_limit=BROTLI_STEP)
    except brotli.error:
        raise RequestError("Decompression failed", code="ERR__ERROR_FORMAT", hint=_corrupt("").hint) from None
    if not decoder.is_finished():
        raise RequestError("unexpected end of file", code="Z_BUF_ERROR", hint="the compressed body is cut off")
    return parts[0] if len(parts) == 1 else b"".join(parts)


BROTLI_STEP = 1024 * 1024
DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "": _identity,
    "identity": _identity,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
}
