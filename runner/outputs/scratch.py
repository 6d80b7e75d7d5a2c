"""Files that nobody names: what has to wait, and what a library wants as a path. They are gone when they were used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

IN_MEMORY = 4_000_000


def scratch() -> IO[bytes]:
    """A file without a name for what has to wait; up to `IN_MEMORY` bytes it is none at all."""
    import tempfile

    return tempfile.SpooledTemporaryFile(IN_MEMORY)


@contextmanager
def private_file(content: bytes) -> Iterator[str]:
    """The path of a file that only this user can read and that is gone after the block, for libraries that want a path."""
    import tempfile

    number, path = tempfile.mkstemp()
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        yield path
    finally:
        os.unlink(path)
