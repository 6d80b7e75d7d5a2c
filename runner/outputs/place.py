"""Opens and fills outputs that cannot be replaced: files with several names, pipes, devices."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable
from typing import IO

from runner.descriptors import own_descriptor
from runner.errors import UsageError
from runner.interruption import waiting, writing_out
from runner.outputs.folder import BINARY, lock, real_path
from runner.outputs.scratch import scratch

CHUNK = 1 << 20
WRITE = os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | BINARY
LOCK_SECONDS = 10
"""How long another program may hold the lock of a file that is written into."""

KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

_files: set[str] = set()


def name_outputs(named: Iterable[tuple[str, str]]) -> None:
    """Register the outputs of a run (option and path) before it begins: one that is a file, or missing, must stay one.

    Raises `UsageError` if two options name one file.
    """
    seen: dict[object, tuple[str, str]] = {}
    for option, path in named:
        try:
            there = None if own_descriptor(path, 1) is not None else os.stat(path)
        except OSError:
            there = None
        except ValueError:  # a NUL, which the writer reports
            continue
        if own_descriptor(path, 1) is not None or (there is not None and not stat.S_ISREG(there.st_mode)):
            _files.discard(path)
            continue
        _files.add(path)
        key = (there.st_dev, there.st_ino) if there else os.path.normcase(real_path(path))
        if key in seen:
            first, as_first = seen[key]
            message = f"{first} and {option} name the same file: {path}"
            raise UsageError(
                message if as_first == path else f"{message} is {as_first}", hint="give each a file of its own"
            )
        seen[key] = option, path


def may_be(path: str, there: os.stat_result | None) -> None:
    """Raise `OSError` if an output's file has become something else during the run."""
    if there is not None and path in _files and not stat.S_ISREG(there.st_mode):
        kind = KINDS.get(stat.S_IFMT(there.st_mode), "no file")
        raise OSError(errno.EEXIST, f"it became {kind} while the run went on")


def open_to_write(path: str, there: os.stat_result | None) -> int:
    """A descriptor to write into what is at `path`, which was `there` a moment ago; raises `FileNotFoundError`."""
    own = own_descriptor(path, 1)
    if own is not None:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        return os.dup(own)
    return _open_what_is_there(path, there is not None and stat.S_ISFIFO(there.st_mode))


def _open_what_is_there(path: str, is_pipe: bool) -> int:
    """A named pipe opens when it gets a reader. Any signal ends the wait for that, also one that came before."""
    if hasattr(os, "O_NONBLOCK"):
        try:
            number = os.open(path, WRITE | os.O_NONBLOCK)
            os.set_blocking(number, True)
            return number
        except OSError as error:
            if error.errno != errno.ENXIO or not is_pipe:
                raise
    with waiting():
        return os.open(path, WRITE)


def fill(source: IO[bytes], path: str, number: int, there: os.stat_result | None, *, mode: int | None = None) -> bool:
    """Write all of `source` into what was opened at `path`; False if that is no longer `there`.

    `there` is None for a descriptor of this process. `mode` are the permissions that a regular file gets.
    """
    found = os.fstat(number)
    if there is not None and not os.path.samestat(found, there):
        return False
    if there is None or not stat.S_ISREG(found.st_mode):
        source.seek(0)
        pour(source, number)
        return True
    # Other runs that write into the same file wait; closing it releases the lock.
    if lock(number, seconds=LOCK_SECONDS) is False:
        raise OSError(errno.EAGAIN, "another program has locked it")
    if mode is not None and hasattr(os, "fchmod"):
        os.fchmod(number, mode)
    overwrite(source, number, path)
    return True


def pour(source: IO[bytes], number: int) -> None:
    """Write all of `source` to a pipe or a device, at its current position."""
    with writing_out():
        while chunk := source.read(CHUNK):
            left = memoryview(chunk)
            while left:
                try:
                    left = left[os.write(number, left) :]
                except BlockingIOError:  # the pipe was opened in non-blocking mode
                    import select

                    select.select([], [number], [])


def overwrite(source: IO[bytes], number: int, path: str) -> None:
    """Put the whole of `source` into the regular file of a path.

    The part beyond the old text is written first: on a full disk that fails while the old text is still intact. If
    anything fails later, the old text is restored.
    """
    old, new = os.fstat(number).st_size, source.seek(0, os.SEEK_END)
    changed = min(old, new)
    with scratch() as kept:
        _keep(path, number, kept)
        try:
            _copy(source, number, old, new)
        except BaseException:
            os.ftruncate(number, old)
            raise
        try:
            _copy(source, number, 0, changed)
            os.ftruncate(number, new)
            to_disk(number)
        except BaseException:
            _copy(kept, number, 0, kept.seek(0, os.SEEK_END))
            os.ftruncate(number, old)
            raise


def _keep(path: str, number: int, kept: IO[bytes]) -> None:
    """Save the text of an open file, if it may be read."""
    try:
        again = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | BINARY)
    except OSError:
        return
    try:
        if not os.path.samestat(os.fstat(again), os.fstat(number)):
            return
        while chunk := os.read(again, CHUNK):
            kept.write(chunk)
    finally:
        os.close(again)


def _copy(source: IO[bytes], number: int, start: int, end: int) -> None:
    """Copy a part of `source` to the same place of a file, and on to the disk."""
    source.seek(start)
    os.lseek(number, start, os.SEEK_SET)
    while start < end:
        chunk = memoryview(source.read(min(CHUNK, end - start)))
        start += len(chunk)
        while chunk:
            chunk = chunk[os.write(number, chunk) :]
    to_disk(number)


def to_disk(number: int) -> None:
    """Flush a file to the disk, if the system supports that."""
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
            raise
