"""Content-Encoding: gzip, x-gzip, deflate (zlib or raw), br and zstd, also stacked; the rules are those of Node's zlib.

An unknown coding leaves the body as it is. Corrupt data is a `RequestError` with Node's code; a gzip or deflate body that
ends too early gives what could be decoded, as in Postman.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from runner.errors import RequestError
from runner.transport import failures

GZIP_WINDOW = 16 + zlib.MAX_WBITS
RAW_WINDOW = -zlib.MAX_WBITS
MISFIT = "the body does not fit its Content-Encoding header"


def decode(body: bytes, encoding: str, limit: int) -> bytes:
    """`body` with the codings of a Content-Encoding header undone, last one first; at most `limit` bytes.

    Raises `RequestError` for corrupt or too much data.
    """
    return decode_body(body, encoding, limit)[0]


Decoded = tuple[bytes, bool]


def decode_body(body: bytes, encoding: str, limit: int) -> Decoded:
    """The same, and whether a gzip or deflate body broke off."""
    broke_off = False
    for name in reversed(encoding.lower().split(",")):
        decoder = DECODERS.get(name.strip())
        if decoder is None:
            break
        if body:
            body, cut = decoder(body, limit)
            broke_off = broke_off or cut
    return body, broke_off


def _identity(body: bytes, limit: int) -> Decoded:
    return body, False


def _gzip(body: bytes, limit: int) -> Decoded:
    """Every member of a gzip body; zero bytes after a member are padding, anything else must be a member."""
    parts: list[bytes] = []
    size = 0
    cut = False
    while body:
        part, body, cut = _inflate(body, GZIP_WINDOW, limit - size)
        parts.append(part)
        size += len(part)
        if body[:1] == b"\0":
            break
    return _joined(parts), cut


def _joined(parts: list[bytes]) -> bytes:
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _deflate(body: bytes, limit: int) -> Decoded:
    window = zlib.MAX_WBITS if body[0] & 0x0F == 0x08 else RAW_WINDOW
    part, _, cut = _inflate(body, window, limit)
    return part, cut


def _inflate(body: bytes, window: int, limit: int) -> tuple[bytes, bytes, bool]:
    """What one stream decodes to, the bytes behind it, and whether it broke off."""
    decoder = zlib.decompressobj(window)
    try:
        part = decoder.decompress(body, limit + 1)
    except zlib.error as error:
        raise _corrupt(str(error)) from None
    if len(part) > limit:
        raise failures.too_large(limit)
    return part, decoder.unused_data, not decoder.eof


def _corrupt(text: str) -> RequestError:
    """From zlib comes `Error -3 while decompressing data: incorrect header check`; Node has the last part only."""
    reason = text.partition(": ")[2] or text
    return RequestError(reason, code="Z_DATA_ERROR", hint=MISFIT)


def _brotli(body: bytes, limit: int) -> Decoded:
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
        raise RequestError("Decompression failed", code="ERR__ERROR_FORMAT", hint=MISFIT) from None
    if not decoder.is_finished():
        raise _cut_off()
    return _joined(parts), False


BROTLI_STEP = 1024 * 1024


def _cut_off() -> RequestError:
    return RequestError("unexpected end of file", code="Z_BUF_ERROR", hint="the compressed body is cut off")


def _zstd(body: bytes, limit: int) -> Decoded:
    """Every frame of a zstd body (RFC 8878). Where no zstd is built in, the body stays as it is."""
    zstd = _zstd_module()
    if zstd is None:
        return body, False
    parts: list[bytes] = []
    size = 0
    while body:
        decoder = zstd.ZstdDecompressor()
        try:
            part = decoder.decompress(body, limit - size + 1)
        except zstd.ZstdError:
            raise RequestError("Decompression failed", code="ZSTD_error_corruption_detected", hint=MISFIT) from None
        parts.append(part)
        size += len(part)
        if size > limit:
            raise failures.too_large(limit)
        if not decoder.eof:
            raise _cut_off()
        body = decoder.unused_data
    return _joined(parts), False


def _zstd_module() -> Any:
    """Python's own module, new in 3.14, or its backport; None where there is neither."""
    import importlib

    for name in ("compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


DECODERS: dict[str, Callable[[bytes, int], Decoded]] = {
    "": _identity,
    "identity": _identity,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
