"""The bytes of a body that need not be in memory: parts are bytes, or are read when they are needed."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Protocol, TypeVar

PIECE = 1024 * 1024
"""Bytes that are read at a time."""


class Stored(Protocol):
    """Bytes that are read when they are needed; their number never changes."""

    def __len__(self) -> int: ...

    def read(self, at: int, size: int) -> bytes:
        """The `size` bytes from `at` on; raises `PostrunnerError` if they are gone."""
        ...


class Payload:
    """Bytes in parts; a slice is bytes, and `pieces` can be read any number of times."""

    __slots__ = ("_parts", "_size")

    def __init__(self, parts: Iterable[bytes | Stored]) -> None:
        self._parts = tuple(part for part in parts if len(part))
        self._size = sum(map(len, self._parts))

    def __len__(self) -> int:
        return self._size

    def __bytes__(self) -> bytes:
        return self[:]

    def __getitem__(self, wanted: slice) -> bytes:
        start, stop, _ = wanted.indices(self._size)
        found: list[bytes] = []
        begin = 0
        for part in self._parts:
            first, last = max(start, begin), min(stop, begin + len(part))
            if first < last:
                found.append(_read(part, first - begin, last - first))
            begin += len(part)
        return found[0] if len(found) == 1 else b"".join(found)

    @property
    def parts(self) -> tuple[bytes | Stored, ...]:
        """The parts in order."""
        return self._parts

    def pieces(self) -> Iterator[bytes]:
        """Everything, in pieces of at most `PIECE` bytes."""
        for part in self._parts:
            for at in range(0, len(part), PIECE):
                yield _read(part, at, min(PIECE, len(part) - at))


BodyBytes = bytes | Payload
"""The bytes of a body, in memory or not."""


def _read(part: bytes | Stored, at: int, size: int) -> bytes:
    return part[at : at + size] if isinstance(part, bytes) else part.read(at, size)


def pieces_of(body: BodyBytes) -> Iterator[bytes]:
    """A body in pieces; one in memory is one piece."""
    if isinstance(body, Payload):
        yield from body.pieces()
    else:
        yield body


def text_start(body: BodyBytes, limit: int, charset: str = "utf-8") -> tuple[str, int] | None:
    """The first `limit` characters of a body and how many follow; None if it is not text in this charset."""
    decoder = codecs.getincrementaldecoder(charset)()
    found: list[str] = []
    count = 0
    try:
        parts = (piece[at : at + PIECE] for piece in pieces_of(body) for at in range(0, len(piece), PIECE))
        for piece in chain(parts, (b"",)):
            text = decoder.decode(piece, final=not piece)
            if "\0" in text:
                return None
            if count < limit:
                found.append(text[: limit - count])
            count += len(text)
    except ValueError:
        return None
    return "".join(found), max(0, count - limit)


def joined(parts: Iterable[BodyBytes]) -> BodyBytes:
    """Several bodies as one, which is in memory if all of them are."""
    parts = list(parts)
    if not any(isinstance(part, Payload) for part in parts):
        return b"".join(part for part in parts if isinstance(part, bytes))
    return Payload(inner for part in parts for inner in (part.parts if isinstance(part, Payload) else (part,)))


class Updated(Protocol):
    """What takes bytes piece by piece, such as the hashes of hashlib."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""
        ...


Hash = TypeVar("Hash", bound=Updated)


def hashed(hash: Hash, body: BodyBytes) -> Hash:
    """The hash after it has taken a body."""
    for piece in pieces_of(body):
        hash.update(piece)
    return hash
