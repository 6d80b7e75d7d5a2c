"""Reads what is in packed bytes (gzip, zlib, ZIP), up to a limit, so that secrets in them are found."""

from __future__ import annotations

LARGEST = 10 * 1024 * 1024
"""Bytes of the largest content that is read."""

_STREAMS = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_ZIP = b"PK\x03\x04"
PACKED = (*_STREAMS, _ZIP)
"""How packed bytes begin: gzip, zlib at each level, ZIP."""


def unpacked(data: bytes) -> bytes | None:
    """What packed bytes hold, at most `LARGEST` bytes of it and one more; None for bytes that are not packed."""
    if data.startswith(_STREAMS):
        return _inflated(data)
    return _unzipped(data) if data.startswith(_ZIP) else None


def _inflated(data: bytes) -> bytes | None:
    """All members of gzip, or one stream of zlib, as far as it can be read; None when nothing can."""
    import zlib

    found = bytearray()
    while data and len(found) <= LARGEST:
        reader = zlib.decompressobj(wbits=47)
        try:
            found += reader.decompress(data, LARGEST + 1 - len(found))
        except zlib.error:
            break
        if not reader.eof:
            break
        data = reader.unused_data.lstrip(b"\0")
    return bytes(found) if found else None


def _unzipped(data: bytes) -> bytes | None:
    from io import BytesIO
    from zipfile import BadZipFile, ZipFile

    found = bytearray()
    try:
        with ZipFile(BytesIO(data)) as archive:
            for member in archive.infolist():
                found += member.filename.encode("utf-8", "replace") + b"\n"
                with archive.open(member) as content:
                    found += content.read(max(0, LARGEST + 1 - len(found)))
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        pass
    return bytes(found) if found else None


def text_of(data: bytes) -> str:
    """Bytes as a text to search: what is packed unpacked, UTF-8 as that, anything else as one character for each byte."""
    content = unpacked(data)
    data = data if content is None else content
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
