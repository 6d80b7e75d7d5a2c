"""The only writer of files: reports, exports, cassettes, caches and cookie files get to their places here.

A regular file is replaced in one step when all of its text is there, so that a failure or a crash leaves the old one
whole. What is something else stays what it is and is written into: a device, a pipe, `/dev/stdout`, a file with several
names. So is a file that cannot be replaced: a mount of its own, one whose owner could not be kept or whose folder takes no
new file.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from runner.descriptors import own_descriptor
from runner.errors import ExportError
from runner.interruption import Interrupt
from runner.outputs.draft import OWNER_ONLY, Draft
from runner.outputs.place import open_to_write
from runner.outputs.scratch import IN_MEMORY, private_file, scratch

ANYONE = 0o666
"""The permissions of a new file, as those of `OWNER_ONLY`: the user's umask takes from them."""


def is_folder(path: str) -> bool:
    """Whether an output of this path goes into a folder, under a name of our own."""
    return os.path.isdir(path) or path.endswith(("/", os.sep))


def write_text(path: str | os.PathLike[str], text: str, *, mode: int = ANYONE, keep_mode: bool = True) -> None:
    """Write a whole file; as `writing`."""
    with writing(path, mode=mode, keep_mode=keep_mode) as file:
        file.write(text)


@contextmanager
def writing(path: str | os.PathLike[str], *, mode: int = ANYONE, keep_mode: bool = True) -> Iterator[TextIO]:
    """A text that gets to `path` as a whole when the block ends, and not at all when it fails; missing folders are made.

    A new file has `mode`; one that is there keeps its own, and its owner, unless `keep_mode` is false. Half of a surrogate
    pair is written as JSON escapes it. Raises `ExportError`.
    """
    path = os.fspath(path)
    with one_line(path):
        draft = Draft(path, mode, keep_mode)
        try:
            text = io.TextIOWrapper(draft.file, encoding="utf-8", errors="backslashreplace", newline="\n")
            yield text
            text.flush()
            text.detach()
            draft.settle()
        finally:
            draft.discard()


def streaming(path: str | os.PathLike[str]) -> TextIO:
    """A file to write into line by line while a run goes on; a regular one is emptied first. Raises `ExportError`."""
    path = os.fspath(path)
    with one_line(path):
        number = open_to_write(path, ANYONE)
        if stat.S_ISREG(os.fstat(number).st_mode) and own_descriptor(path, 1) is None:
            os.ftruncate(number, 0)
        return os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace", newline="\n", buffering=1)


def let_go(stream: TextIO) -> None:
    """Lead a stream that nobody reads to nowhere, so that what it still holds keeps nothing from ending."""
    with suppress(OSError, ValueError):  # it leads to no file at all
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


@contextmanager
def one_line(path: str | os.PathLike[str]) -> Iterator[None]:
    """What goes wrong, as an error of one line with the path the user gave."""
    try:
        yield
    except Interrupt:
        raise ExportError("cannot be written: nobody takes it", where=os.fspath(path)) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError(f"cannot be written: {reason[:1].lower()}{reason[1:]}", where=os.fspath(path)) from error


__all__ = [
    "ANYONE",
    "IN_MEMORY",
    "OWNER_ONLY",
    "is_folder",
    "let_go",
    "one_line",
    "private_file",
    "scratch",
    "streaming",
    "write_text",
    "writing",
]
