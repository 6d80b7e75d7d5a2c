"""A report that is written line by line while a run goes on."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, TextIO

from runner.descriptors import own_descriptor, tell_written
from runner.errors import ExportError
from runner.interruption import Interrupt, undisturbed, writing_out
from runner.outputs.draft import Draft
from runner.outputs.folder import Folder, lock, real_path
from runner.outputs.place import CHUNK, may_be, open_to_write, to_disk

TEXT: dict[str, Any] = {"encoding": "utf-8", "errors": "backslashreplace", "newline": "\n"}


@contextmanager
def one_line(path: str | os.PathLike[str]) -> Iterator[None]:
    """Turns errors into an `ExportError` of one line with the path that the user gave."""
    try:
        yield
    except Interrupt:
        raise ExportError("cannot be written: nobody takes it", where=os.fspath(path)) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError(f"cannot be written: {reason[:1].lower()}{reason[1:]}", where=os.fspath(path)) from error


class Stream:
    """Lines on their way to a path.

    Pipes, devices and new files grow line by line. An existing file stays as it was until `close`. An `ExportError` also
    ends the stream.
    """

    def __init__(self, path: str | os.PathLike[str], mode: int) -> None:
        self._path = os.fspath(path)
        tell_written(self._path)
        self._mode = mode
        self._draft: Draft | None = None
        self._new: Folder | None = None
        with one_line(self._path), undisturbed():
            file = self._open()
            self._text: TextIO = io.TextIOWrapper(file, line_buffering=True, **TEXT)

    def _open(self) -> IO[bytes]:
        own, there = own_descriptor(self._path, 1), None
        with suppress(FileNotFoundError):
            there = None if own is not None else os.stat(self._path)
        may_be(self._path, there)
        if own is not None or (there is not None and not stat.S_ISREG(there.st_mode) and not stat.S_ISDIR(there.st_mode)):
            return os.fdopen(open_to_write(self._path, there), "wb")
        if there is None:
            with suppress(FileExistsError):
                return self._open_new()
        self._draft = Draft(self._path, self._mode, True)
        return self._draft.file

    def _open_new(self) -> IO[bytes]:
        folder, self._name = os.path.split(real_path(self._path))
        os.makedirs(folder, exist_ok=True)
        held = Folder(folder)
        try:
            number = held.create_named(self._name, self._mode)
        except BaseException:
            held.close()
            raise
        lock(number)
        self._new = held
        return os.fdopen(number, "w+b")

    def write(self, text: str) -> None:
        """Write text; if nobody reads it, waits until a further signal."""
        self._give(self._text.write, text)

    def close(self) -> None:
        """Bring the whole text into its place."""
        self._give(self._settle)

    def _give(self, take: Callable[..., object], *given: str) -> None:
        try:
            with one_line(self._path), writing_out():
                take(*given)
        except BaseException:
            self.discard()
            raise

    def _settle(self) -> None:
        self._text.flush()
        if self._draft is not None:
            self._draft.settle()
        elif self._new is not None:
            with undisturbed():
                self._stay(self._text.buffer)
        self._drop()

    def _stay(self, file: IO[bytes]) -> None:
        """Write the file once more if it has been removed meanwhile; what another run put there stays."""
        to_disk(file.fileno())
        try:
            may_be(self._path, os.stat(self._path))
        except FileNotFoundError:
            draft = Draft(self._path, self._mode, True)
            try:
                file.seek(0)
                while chunk := file.read(CHUNK):
                    draft.file.write(chunk)
                draft.settle()
            finally:
                draft.discard()

    def discard(self) -> None:
        """Close everything; remove an unfinished new file."""
        if self._new is not None and not self._text.closed:
            with suppress(OSError):
                self._new.remove_own(self._name, os.fstat(self._text.fileno()))
        if self._draft is None and self._new is None:
            let_go(self._text)
        self._drop()

    def _drop(self) -> None:
        with suppress(OSError, ValueError):
            self._text.close()
        if self._draft is not None:
            self._draft.discard()
        if self._new is not None:
            self._new.close()


def let_go(stream: TextIO) -> None:
    """Redirect a stream that nobody reads to the null device, so that its buffer does not keep the process from ending."""
    with suppress(OSError, ValueError):  # the stream has no descriptor
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
