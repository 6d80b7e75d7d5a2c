"""Frames between the runner and its children: four bytes of length (little-endian), one of kind, and UTF-8 text."""

from __future__ import annotations

import os
import queue
import select
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO


def run_program(main: Callable[[int], None]) -> None:
    """Run a child: `main` gets the descriptor for its frames. Prints go to the error output; a failure exits with 70.

    Ctrl-C is ignored: it is for the runner, which ends its children.
    """
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        out = os.dup(1)
        os.dup2(2, 1)
        main(out)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(70)


def frames_of_stdin() -> Callable[[], bytes]:
    """A function that waits for the next frame. The process ends with its parent, even in the middle of a computation.

    On Linux a second thread is told when the parent's end of the pipe closes, so the caller's thread reads the frames
    itself. Elsewhere the second thread must read them, and handing one over takes as long as a short script.
    """
    stream = os.fdopen(os.dup(0), "rb", buffering=1 << 16)  # opened now: later, nothing can be opened
    if sys.platform == "linux":
        closed = select.epoll()
        closed.register(stream, 0)  # EPOLLHUP is always reported
        threading.Thread(target=end_with_parent, args=(closed,), daemon=True).start()
        return lambda: read_frame(stream) or os._exit(0)
    frames: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=read_frames, args=(stream, frames), daemon=True).start()
    return frames.get


def end_with_parent(closed: select.epoll) -> None:
    """End this process when the pipe has no writer left."""
    try:
        closed.poll()  # `select.poll` fails once RLIMIT_NOFILE is 0
    finally:
        os._exit(0)


def read_frames(stream: BinaryIO, frames: queue.SimpleQueue[bytes]) -> None:
    """Queue frames until the parent has ended, then end this process."""
    try:
        while frame := read_frame(stream):
            frames.put(frame)
    finally:
        os._exit(0)


def read_frame(stream: BinaryIO) -> bytes:
    """One frame, kind and text; empty at the end of the stream."""
    head = stream.read(4)
    return stream.read(int.from_bytes(head, "little")) if len(head) == 4 else b""


def write_frame(out: int, kind: bytes, text: bytes) -> None:
    """Write a whole frame."""
    left = memoryview(len(kind + text).to_bytes(4, "little") + kind + text)
    while left:
        left = left[os.write(out, left) :]
