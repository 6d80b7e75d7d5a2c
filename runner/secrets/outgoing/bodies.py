"""Bodies that are masked when they are read: the beginning of a text, and the parts of an upload from files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from runner.model.payload import Payload, Stored
from runner.model.request import PreparedRequest
from runner.model.response import Response
from runner.secrets.mask import Secrets
from runner.secrets.writings.packed import PACKED


def masked_body(secrets: Secrets, body: bytes | Payload) -> bytes | Payload:
    """A body without secrets; if it lies in files, each part is masked when it is read, and keeps its size."""
    if isinstance(body, Payload):
        return Payload(MaskedPart(part, secrets) for part in body.parts)
    return secrets.mask_bytes(body)


class MaskedPart:
    """A part of a large body, with each character of a secret replaced by a star, so that size and offsets stay."""

    def __init__(self, part: bytes | Stored, secrets: Secrets) -> None:
        self._read = partial(_read_part, part, secrets)
        self._size = len(part)

    def __len__(self) -> int:
        return self._size

    def read(self, at: int, size: int) -> bytes:
        """`size` bytes from `at` on."""
        return self._read(at, size)


def _read_part(part: bytes | Stored, secrets: Secrets, at: int, size: int) -> bytes:
    """The search covers the length of the longest secret around the wanted bytes."""
    start = max(0, at - secrets.reach)
    wanted = at - start + size + secrets.reach
    data = part[start : start + wanted] if isinstance(part, bytes) else part.read(start, min(wanted, len(part) - start))
    covered = bytearray(data)
    for first, last in secrets.spans(data.decode("latin-1")):
        covered[first:last] = b"*" * (last - first)
    return bytes(covered[at - start : at - start + size])


def text_start(secrets: Secrets, owner: PreparedRequest | Response) -> Callable[..., tuple[str, int] | None]:
    """The masked form of the method of that name."""
    return partial(_masked_text_start, secrets, owner)


def _masked_text_start(
    secrets: Secrets, owner: PreparedRequest | Response, limit: int, charset: str = "utf-8"
) -> tuple[str, int] | None:
    """As the method of the model; the search ends far enough behind the limit to show no part of a secret."""
    found = owner.text_start(max(limit + secrets.reach, MASKED_AS_A_WHOLE), charset)
    if found is None:
        return None
    start, more = found
    if more:
        return secrets.mask_start(start, limit), len(start) + more - limit
    whole = secrets.mask(start)
    return whole[:limit], max(0, len(whole) - limit)


def bytes_start(secrets: Secrets, owner: PreparedRequest | Response) -> Callable[[int], bytes]:
    """The masked form of the method of that name."""
    return partial(_masked_bytes_start, secrets, owner)


def _masked_bytes_start(secrets: Secrets, owner: PreparedRequest | Response, limit: int) -> bytes:
    """As the method of the model, without a search of the rest of a large body; a packed one is searched as a whole."""
    body = owner.body
    if isinstance(body, Payload) or len(body) <= limit or body.startswith(PACKED):
        return masked_body(secrets, body)[:limit]
    try:
        return secrets.mask_start(body.decode(), limit).encode()[:limit]
    except UnicodeDecodeError:
        start = body[: limit + secrets.reach + 1].decode("latin-1")
        return secrets.with_symbol("****").mask_start(start, limit).encode("latin-1")


MASKED_AS_A_WHOLE = 100_000
"""Characters of a body that is masked as a whole even for its beginning."""
