"""The only writer of files: reports, exports, cassettes, caches and cookie files get to their places here.

A regular file is replaced in one step when all of its text is there, so that a failure or a crash leaves the old one
whole. What is something else stays what it is and is written into: a device, a pipe, `/dev/stdout`, a file with several
names. So is a file that cannot be replaced: a mount of its own, one whose owner could not be kept or whose folder takes no
new file; its old text is put back when that fails. Nothing but a regular file is ever replaced or removed, also when
somebody changes the place meanwhile.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TextIO

from runner.descriptors import tell_written
from runner.interruption import undisturbed
from runner.outputs.draft import OWNER_ONLY, Draft
from runner.outputs.folder import BINARY
from runner.outputs.place import name_outputs
from runner.outputs.scratch import IN_MEMORY, private_file, scratch
from runner.outputs.stream import TEXT, Stream, let_go, one_line

ANYONE = 0o666
"""The permissions of a new file, reduced by the user's umask, as `OWNER_ONLY` are."""


def is_folder(path: str) -> bool:
    """Whether an output of this path goes into a folder, under a default name."""
    return os.path.isdir(path) or path.endswith(("/", os.sep))


def write_text(path: str | os.PathLike[str], text: str, *, mode: int = ANYONE, keep_mode: bool = True) -> None:
    """Write a whole file; as `writing`."""
    with writing(path, mode=mode, keep_mode=keep_mode) as file:
        file.write(text)


@contextmanager
def writing(path: str | os.PathLike[str], *, mode: int = ANYONE, keep_mode: bool = True) -> Iterator[TextIO]:
    """A text for `writing_bytes`; half of a surrogate pair is written as JSON escapes it."""
    with writing_bytes(path, mode=mode, keep_mode=keep_mode) as file:
        text = io.TextIOWrapper(file, **TEXT)
        yield text
        text.flush()
        text.detach()


@contextmanager
def writing_bytes(path: str | os.PathLike[str], *, mode: int = ANYONE, keep_mode: bool = True) -> Iterator[IO[bytes]]:
    """A file that is written to `path` as a whole when the block ends, and not at all if it fails.

    Missing folders are made. A new file has `mode`; one that is there keeps its own, and its owner, unless `keep_mode` is
    false. Raises `ExportError`.
    """
    path = os.fspath(path)
    with one_line(path), undisturbed():
        draft = Draft(path, mode, keep_mode)
        try:
            yield draft.file
            draft.settle()
        finally:
            draft.discard()


def append_text(path: str | os.PathLike[str], text: str) -> None:
    """Add text at the end of a file that others write into, too; it is made if it is missing. Raises `ExportError`."""
    tell_written(os.fspath(path))
    with one_line(path), undisturbed():
        number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | BINARY, ANYONE)
        with os.fdopen(number, "a", **TEXT) as file:
            file.write(text)


def streaming(path: str | os.PathLike[str]) -> Stream:
    """A report to write line by line while a run goes on. Raises `ExportError`."""
    return Stream(path, ANYONE)


__all__ = [
    "ANYONE",
    "IN_MEMORY",
    "OWNER_ONLY",
    "Stream",
    "append_text",
    "is_folder",
    "let_go",
    "name_outputs",
    "one_line",
    "private_file",
    "scratch",
    "streaming",
    "write_text",
    "writing",
    "writing_bytes",
]
