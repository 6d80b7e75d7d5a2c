"""Reads the files that a user names, pipes included, in whatever encoding."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader

from runner.descriptors import is_null, own_descriptor, tell_read
from runner.errors import FileUnreadable

MOST_BYTES = 2**30
"""Bytes of the largest file that is read: its document may need more than ten times as much memory."""

PIECE = 2**20

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


# As the web does: the five bytes without a character become control characters.
_WINDOWS_1252 = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]


def read_bytes(path: str) -> bytes:
    """The bytes of a file, a pipe or standard input (`-`); raises `FileUnreadable` with a reason and a hint.

    A pipe is empty afterwards: see `once_only`.
    """
    with opened(path) as file:
        pieces, size = [], 0
        while piece := file.read(PIECE):  # piece by piece, because some pipes never end
            pieces.append(piece)
            size += len(piece)
            if size > MOST_BYTES:
                raise FileUnreadable("is larger than 1 GB, or has no end", where=path)
        return b"".join(pieces)


@contextmanager
def opened(path: str) -> Iterator[BufferedReader]:
    """The same, to be read piece by piece; what goes wrong meanwhile is a `FileUnreadable`, too."""
    tell_read(path)
    try:
        number = own_descriptor(path, 0)
        if number is None and not _is_readable(path):
            raise _unreadable(path)
        with open(path if number is None else os.dup(number), "rb") as file:
            yield file
    except MemoryError:
        raise FileUnreadable("cannot be read: there is not enough memory", where=path) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise FileUnreadable(f"cannot be read: {reason[:1].lower()}{reason[1:]}", where=path) from None


def read_regular(path: str, most: int) -> bytes:
    """The bytes of a regular file, links followed; raises `OSError` with a reason, and never waits for a pipe."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError("is not a regular file")
    with open(path, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(f"is larger than {most // 1_000_000} MB")
    return content


def _is_readable(path: str) -> bool:
    """Whether this is a file, a pipe or the null device; other devices may have no end."""
    found = os.stat(path) if os.path.exists(path) else None
    return found is not None and (stat.S_ISREG(found.st_mode) or stat.S_ISFIFO(found.st_mode) or is_null(found))


def read_text(path: str) -> str:
    """The text of a file, in whichever encoding `decode` finds; raises `FileUnreadable`."""
    return decode(read_bytes(path))


def decode(content: bytes) -> str:
    """Text from bytes: in the encoding of a byte order mark, else UTF-8, else Windows-1252, which has all of ISO-8859-1.

    UTF-16 without a mark is recognised by the zero byte beside its first character.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if b"\0" in content[:2] and len(content) % 2 == 0:
        return content.decode("utf-16-be" if content[0] == 0 else "utf-16-le", "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return "".join([_WINDOWS_1252[byte] for byte in content])


def _unreadable(path: str) -> FileUnreadable:
    if os.path.isdir(path):
        return FileUnreadable("is a folder, not a file", where=path)
    if os.path.exists(path):
        return FileUnreadable("is not a regular file", where=path)
    if path.lower().startswith(("http://", "https://")):
        return FileUnreadable("is an address, not a file", where=path, hint="download it first and name the file")
    return FileUnreadable("does not exist", where=path, hint=_nearest(path))


def _nearest(path: str) -> str:
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"the folder {folder} does not exist either"
    from difflib import get_close_matches

    found = get_close_matches(os.path.basename(path), os.listdir(folder), 1)
    return f"did you mean {os.path.join(os.path.dirname(path), found[0])}?" if found else ""
