"""Several files of a folder, written together: all of them, or none when one cannot be written."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

from runner.descriptors import tell_written
from runner.errors import ExportError
from runner.formats.reading import read_bytes
from runner.outputs.draft import Draft
from runner.outputs.folder import Folder
from runner.outputs.stream import one_line


def write_tree(folder: str, texts: Mapping[str, str | bytes], gone: Collection[str] = (), *, mode: int) -> None:
    """Write the files of a folder, each in one step, and remove those that are `gone`; paths are below the folder.

    A file that has its text already is not touched. Only regular files are replaced or removed, and no path may lead
    through a link. When something fails, what was done is undone. Raises `ExportError`, and `FileUnreadable`.
    """
    there = {path: _there(folder, path) for path in (*texts, *gone)}
    undo: list[tuple[str, bytes | None]] = []
    try:
        for path, text in texts.items():
            content = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
            if there[path] != content:
                whole = os.path.join(folder, path)
                undo.append((whole, there[path]))
                _write(whole, content, mode)
        for path in gone:
            if there[path] is not None:
                whole = os.path.join(folder, path)
                undo.append((whole, there[path]))
                _remove(whole)
    except BaseException:
        for whole, before in reversed(undo):
            with suppress(ExportError, OSError):
                _remove(whole) if before is None else _write(whole, before, mode)
        raise
    for path in gone:
        for above in _above(path):
            with suppress(OSError):  # there is something else in it
                os.rmdir(os.path.join(folder, above))


def _there(folder: str, path: str) -> bytes | None:
    """What a file holds, None if there is none; raises `ExportError` for anything but a regular file in a real folder."""
    whole = os.path.join(folder, path)
    if os.path.isabs(path) or ".." in path.split("/"):
        raise ExportError("cannot be written: it is outside of the folder", where=whole)
    with one_line(whole):
        for above in _above(path):
            with suppress(FileNotFoundError):
                if not stat.S_ISDIR(os.lstat(os.path.join(folder, above)).st_mode):
                    raise OSError(f"{above} is not a folder of its own")
        try:
            if not stat.S_ISREG(os.lstat(whole).st_mode):
                raise OSError("there is something else than a file")
        except FileNotFoundError:
            return None
    return read_bytes(whole)


def _above(path: str) -> Iterator[str]:
    """The folders that a path leads through, the innermost first."""
    while path := os.path.dirname(path):
        yield path


def _write(path: str, content: bytes, mode: int) -> None:
    with one_line(path):
        draft = Draft(path, mode, True)
        try:
            draft.file.write(content)
            draft.settle()
        finally:
            draft.discard()


def _remove(path: str) -> None:
    tell_written(path)
    with one_line(path):
        held = Folder(os.path.dirname(path) or ".")
        try:
            found = held.stat(os.path.basename(path))
            if found is not None and stat.S_ISREG(found.st_mode):
                held.remove_own(os.path.basename(path), found)
        finally:
            held.close()
