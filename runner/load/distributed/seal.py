"""Messages that only the holder of a session's key can have made: each carries a number and a code over both.

A frame is `S`, the number (8 bytes, big-endian), HMAC-SHA256 over direction, number and content (32 bytes), the content.
Numbers only grow, so that a frame which comes again is not taken again. Nothing is encrypted.
"""

from __future__ import annotations

import hmac

MARK = b"S"
_NUMBER, _CODE = 8, 32
_HEAD = len(MARK) + _NUMBER + _CODE

TO_MASTER, TO_WORKER = b"to master", b"to worker"


class Seal:
    """One end of a session: what it makes goes in one direction, what it opens has come in the other."""

    def __init__(self, key: bytes, *, master: bool) -> None:
        self._key = key
        self._out, self._in = (TO_WORKER, TO_MASTER) if master else (TO_MASTER, TO_WORKER)
        self._sent = self._taken = 0

    def close(self, content: bytes) -> bytes:
        """The frame of the next message."""
        self._sent += 1
        number = self._sent.to_bytes(_NUMBER, "big")
        return MARK + number + self._code(self._out, number, content) + content

    def open(self, frame: bytes) -> bytes | None:
        """The content of a frame; None for one that the other end did not make for us, or that came before."""
        if len(frame) < _HEAD or not frame.startswith(MARK):
            return None
        number, code = frame[len(MARK) : len(MARK) + _NUMBER], frame[len(MARK) + _NUMBER : _HEAD]
        content = frame[_HEAD:]
        if not hmac.compare_digest(code, self._code(self._in, number, content)):
            return None
        count = int.from_bytes(number, "big")
        if count <= self._taken:
            return None
        self._taken = count
        return content

    def _code(self, direction: bytes, number: bytes, content: bytes) -> bytes:
        made = hmac.new(self._key, direction + b"\0" + number, "sha256")
        made.update(content)
        return made.digest()
