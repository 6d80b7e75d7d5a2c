"""How the runner and its children talk: frames of four bytes of length (little-endian), one of kind, and UTF-8 text."""

from __future__ import annotations

import os
import queue
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO


def frames_of_stdin() -> queue.SimpleQueue[bytes]:
    """What arrives, read by a thread of its own: it ends the process with its parent even while something is computed."""
    frames: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    stream = os.fdopen(os.dup(0), "rb")  # here, since the thread may begin when nothing can be opened any more
    threading.Thread(target=read_frames, args=(stream, frames), daemon=True).start()
    return frames


def read_frames(stream: BinaryIO, frames: queue.SimpleQueue[bytes]) -> None:
    """Read until the parent is gone."""
    try:
        while frame := read_frame(stream):
            frames.put(frame)
    finally:
        os._exit(0)


def read_frame(stream: BinaryIO) -> bytes:
    """One frame; empty at the end."""
    head = stream.read(4)
    return stream.read(int.from_bytes(head, "little")) if len(head) == 4 else b""


def write_frame(out: int, kind: bytes, text: bytes) -> None:
    """Write all of one frame."""
    left = memoryview(len(kind + text).to_bytes(4, "little") + kind + text)
    while left:
        left = left[os.write(out, left) :]
