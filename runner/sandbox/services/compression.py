"""Computes the scripts' CompressionStream and DecompressionStream (W3C Compression), one whole content per ask."""

from __future__ import annotations

import base64
import zlib

from runner.model.json import JsonObject

WINDOWS = {"gzip": 31, "deflate": 15, "deflate-raw": -15}
"""zlib's `wbits` for each format: gzip (RFC 1952), zlib (RFC 1950), raw deflate (RFC 1951)."""

LARGEST = 1 << 26
"""The most bytes that a content may have once decompressed."""


def answer(asked: JsonObject) -> JsonObject:
    """The result as `{"value": base64}`, or `{"wrong": text}` for data that cannot be decompressed."""
    data, window = base64.b64decode(asked["data"]), WINDOWS[asked["format"]]
    if asked["operation"] == "compress":
        packer = zlib.compressobj(wbits=window)
        return packed(packer.compress(data) + packer.flush())
    unpacker = zlib.decompressobj(wbits=window)
    try:
        content = unpacker.decompress(data, LARGEST)
    except zlib.error as error:
        return {"wrong": str(error)}
    if not unpacker.eof:
        return {"wrong": "unexpected end of file" if not unpacker.unconsumed_tail else "the content is too large"}
    if unpacker.unused_data:
        return {"wrong": "there is more after the end of the compressed data"}
    return packed(content)


def packed(content: bytes) -> JsonObject:
    """The answer that carries these bytes."""
    return {"value": base64.b64encode(content).decode("ascii")}
