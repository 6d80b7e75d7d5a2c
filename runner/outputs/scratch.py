"""Temporary files: for what has to wait, and for libraries that want a path. They are gone after their use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

IN_MEMORY = 4_000_000
MEMORY = "/dev/shm"


def scratch() -> IO[bytes]:
    """A file without a name for what has to wait; up to `IN_MEMORY` bytes stay in memory."""
    import tempfile

    return tempfile.SpooledTemporaryFile(IN_MEMORY)


@contextmanager
def private_file(content: bytes, suffix: str = "") -> Iterator[str]:
    """The path of a file that only this user can read and that is gone after the block, for libraries that want a path.

    It lies in memory where the system has a place for that.
    """
    import tempfile

    number, path = tempfile.mkstemp(suffix, dir=MEMORY if os.access(MEMORY, os.W_OK | os.X_OK) else None)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        yield path
    finally:
        os.unlink(path)
