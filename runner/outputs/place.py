"""Opening and filling what is at the place of an output and stays there: files of several names, pipes, devices."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from runner.descriptors import own_descriptor
from runner.interruption import waiting, writing_out

CHUNK = 1 << 20
BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
WRITE = os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | BINARY


def open_to_write(path: str, mode: int) -> int:
    """A descriptor to write into what is at `path`, and a new file when there is nothing."""
    own = own_descriptor(path, 1)
    if own is not None:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        return os.dup(own)
    try:
        return _open_what_is_there(path)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(os.path.realpath(path)), exist_ok=True)
        return os.open(path, WRITE | os.O_CREAT, mode)


def _open_what_is_there(path: str) -> int:
    """A named pipe opens when somebody reads it: the wait for that ends with any signal, and begins after none."""
    if hasattr(os, "O_NONBLOCK"):
        try:
            number = os.open(path, WRITE | os.O_NONBLOCK)
            os.set_blocking(number, True)
            return number
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
    with waiting():
        return os.open(path, WRITE)


def pour(source: BinaryIO, number: int) -> None:
    """Write all of `source` to a pipe or a device, from where it stands."""
    with writing_out():
        while chunk := source.read(CHUNK):
            left = memoryview(chunk)
            while left:
                try:
                    left = left[os.write(number, left) :]
                except BlockingIOError:  # the one who gave us this pipe wants never to wait for it
                    import select

                    select.select([], [number], [])


def overwrite(source: BinaryIO, number: int) -> None:
    """Put the whole of `source` into a regular file. What is longer than the old text is written first: where the disk is
    full, that fails, and the old text is still there.
    """
    with _locked(number):
        old, new = os.fstat(number).st_size, source.seek(0, os.SEEK_END)
        try:
            _copy(source, number, old, new)
        except BaseException:
            os.ftruncate(number, old)
            raise
        _copy(source, number, 0, min(old, new))
        os.ftruncate(number, new)


def _copy(source: BinaryIO, number: int, start: int, end: int) -> None:
    """Copy a part of `source` to the same place of a file, and on to the disk."""
    source.seek(start)
    os.lseek(number, start, os.SEEK_SET)
    while start < end:
        chunk = memoryview(source.read(min(CHUNK, end - start)))
        start += len(chunk)
        while chunk:
            chunk = chunk[os.write(number, chunk) :]
    os.fsync(number)


@contextmanager
def _locked(number: int) -> Iterator[None]:
    """Keep other runs that write into the same file waiting, where the system can do that."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with suppress(OSError):
        fcntl.flock(number, fcntl.LOCK_EX)
    yield  # closing the file ends the lock
