"""Decodes Content-Encoding: gzip, x-gzip, deflate (zlib or raw), br and zstd, also stacked, by the rules of Node's zlib.

An unknown coding leaves the body as it is. Corrupt data is a `RequestError` with Node's code; of a truncated gzip or
deflate body, what can be decoded is returned, as in Postman. Decoders get a body in pieces: so the rest that they return
unread is not copied again and again, and the deadline of the request is checked between two pieces.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from types import ModuleType

from runner.errors import RequestError
from runner.transport import failures

GZIP_WINDOW = 16 + zlib.MAX_WBITS
RAW_WINDOW = -zlib.MAX_WBITS
MISFIT = "the body does not match its Content-Encoding header"

MOST_CODINGS = 10
"""How many codings may be stacked: each of them could produce another body of the maximum size."""

SMALL, PIECE = 256, 1024 * 1024
"""Bytes that a decoder gets at first and at most: a gzip or zstd body can consist of thousands of tiny members."""

SKIPPABLE = range(0x184D2A50, 0x184D2A60)
"""Magic numbers of zstd frames without content (RFC 8878 section 3.1.2); four bytes of length follow."""


def decode(body: bytes, encoding: str, limit: int) -> bytes:
    """The body with the codings of a Content-Encoding header decoded, the last one first.

    Raises `RequestError` for corrupt data and for more than `limit` bytes.
    """
    return decode_body(body, encoding, limit)[0]


Decoded = tuple[bytes, bool]


def decode_body(body: bytes, encoding: str, limit: int, check: Callable[[], object] = lambda: None) -> Decoded:
    """Like `decode`, and whether a gzip or deflate body was truncated; `check` is called in between and may raise."""
    broke_off = False
    undone = 0
    for name in reversed(encoding.lower().split(",")):
        decoder = DECODERS.get(name.strip(), _unknown)
        if decoder is _unknown or not body:
            break
        if decoder is not _identity:
            undone += 1
            if undone > MOST_CODINGS:
                text = f"the body has more than {MOST_CODINGS} content codings, one on top of the other"
                raise RequestError(text, code="ERR_CONTENT_ENCODING", hint="its Content-Encoding header names them")
            output = Output(limit, check)
            cut = decoder(memoryview(body), output)
            body, broke_off = output.joined() if output.replaces else body, broke_off or cut
    return body, broke_off


class Output:
    """What has been decoded so far; `replaces` is False if the decoder is not installed and the body stays as it is."""

    def __init__(self, limit: int, check: Callable[[], object]) -> None:
        self.limit = limit
        self.replaces = True
        self.size = 0
        self._check = check
        self._only = b""
        self._buffer: io.BytesIO | None = None

    @property
    def room(self) -> int:
        """How many bytes to ask a decoder for: one more than allowed, so that too much is noticed."""
        return self.limit - self.size + 1

    def add(self, part: bytes) -> None:
        """Add decoded bytes; raises `RequestError` if they are too many, and what `check` raises."""
        self._check()
        self.size += len(part)
        if self.size > self.limit:
            raise failures.too_large(self.limit)
        if self._buffer is not None:
            self._buffer.write(part)
        elif not self._only:
            self._only = part
        elif part:
            self._buffer = io.BytesIO(self._only)
            self._buffer.seek(0, io.SEEK_END)
            self._buffer.write(part)
            self._only = b""

    def joined(self) -> bytes:
        """All of it."""
        return self._only if self._buffer is None else self._buffer.getvalue()


def _identity(body: memoryview, output: Output) -> bool:
    return False


def _unknown(body: memoryview, output: Output) -> bool:
    return False


def _gzip(body: memoryview, output: Output) -> bool:
    """Decode every member of a gzip body; zero bytes after a member are padding, anything else must be a member."""
    at, cut = _inflate(body, 0, GZIP_WINDOW, output, PIECE)
    while at < len(body) and body[at] != 0:
        at, cut = _inflate(body, at, GZIP_WINDOW, output, SMALL)
    return cut


def _deflate(body: memoryview, output: Output) -> bool:
    window = zlib.MAX_WBITS if body[0] & 0x0F == 0x08 else RAW_WINDOW
    return _inflate(body, 0, window, output, PIECE)[1]


def _inflate(body: memoryview, at: int, window: int, output: Output, step: int) -> tuple[int, bool]:
    """Decode the stream at `at`; returns where it ends, and whether it was truncated."""
    decoder = zlib.decompressobj(window)
    while at < len(body) and not decoder.eof:
        piece = body[at : at + step]
        try:
            part = decoder.decompress(piece, output.room)
        except zlib.error as error:
            # Of `Error -3 while decompressing data: incorrect header check`, Node has only the last part.
            reason = str(error).partition(": ")[2] or str(error)
            raise RequestError(reason, code="Z_DATA_ERROR", hint=MISFIT) from None
        output.add(part)
        at += len(piece) - len(decoder.unused_data)
        step = min(2 * step, PIECE)
    return at, not decoder.eof


def _brotli(body: memoryview, output: Output) -> bool:
    import brotli  # type: ignore[import-untyped]

    decoder = brotli.Decompressor()
    try:
        for at in range(0, len(body), PIECE):
            output.add(decoder.process(body[at : at + PIECE], output_buffer_limit=PIECE))
            while not decoder.can_accept_more_data():
                output.add(decoder.process(b"", output_buffer_limit=PIECE))
    except brotli.error:
        raise RequestError("Decompression failed", code="ERR__ERROR_FORMAT", hint=MISFIT) from None
    if not decoder.is_finished():
        raise _cut_off()
    return False


def _cut_off() -> RequestError:
    return RequestError("unexpected end of file", code="Z_BUF_ERROR", hint="the compressed body is cut off")


def _zstd(body: memoryview, output: Output) -> bool:
    """Decode every frame of a zstd body (RFC 8878); without a zstd module, the body stays as it is."""
    zstd = _zstd_module()
    if zstd is None:
        output.replaces = False
        return False
    at, step = 0, PIECE
    while at < len(body):
        if len(body) - at >= 8 and struct.unpack_from("<I", body, at)[0] in SKIPPABLE:
            at += 8 + struct.unpack_from("<I", body, at + 4)[0]
            output.add(b"")
        else:
            at = _unpack_frame(zstd, body, at, output, step)
            step = SMALL
    if at > len(body):
        raise _cut_off()
    return False


def _unpack_frame(zstd: ModuleType, body: memoryview, at: int, output: Output, step: int) -> int:
    """Decode the frame at `at`; returns where it ends."""
    decoder = zstd.ZstdDecompressor()
    while not decoder.eof:
        if at >= len(body):
            raise _cut_off()
        piece = body[at : at + step]
        try:
            part = decoder.decompress(piece, output.room)
        except zstd.ZstdError:
            raise RequestError("Decompression failed", code="ZSTD_error_corruption_detected", hint=MISFIT) from None
        output.add(part)
        at += len(piece) - len(decoder.unused_data)
        step = min(2 * step, PIECE)
    return at


def _zstd_module() -> ModuleType | None:
    """Python's own module (since 3.14) or its backport; None without either."""
    import importlib

    for name in ("compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


DECODERS: dict[str, Callable[[memoryview, Output], bool]] = {
    "": _identity,
    "identity": _identity,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
