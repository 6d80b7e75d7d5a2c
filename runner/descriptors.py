"""What the doors to files have in common: names of what the process has open already, or can be read only once, and who
hears of the files that are read and written, which is nobody but `postrunner watch`.
"""

from __future__ import annotations

import os
import re
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Listener(Protocol):
        """Who wants to know, called from any thread with a path as its user gave it."""

        def reads(self, path: str) -> None:
            """Hear of a file that is looked for, and read if it is there."""

        def writes(self, path: str) -> None:
            """Hear of a file that is written."""


STANDARD = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}


def own_descriptor(path: str, dash: int) -> int | None:
    """The number behind a name such as `/dev/stdout` or `/dev/fd/63`, also through links; `-` stands for `dash`.

    What has one is read and written there: opening it again fails for a socket, and begins at the start of a file to which
    the shell leads the output.
    """
    if path == "-" or os.name == "nt":
        return dash if path == "-" else None
    for _ in range(40):
        plain = os.path.normpath(path)
        found = re.fullmatch(rf"(?:/dev/fd|/proc/(?:self|{os.getpid()})/fd)/([0-9]+)", plain)
        if found or plain in STANDARD:
            return int(found[1]) if found else STANDARD[plain]
        try:
            path = os.path.join(os.path.dirname(path), os.readlink(path))
        except (OSError, ValueError):
            return None
    return None


def once_only(path: str) -> tuple[int, int] | None:
    """What tells a pipe (a terminal, a socket) apart from others; None for what can be read again, or is not there."""
    try:
        number = own_descriptor(path, 0)
        found = os.stat(path) if number is None else os.fstat(number)
    except (OSError, ValueError):
        return None
    if number is None and not (stat.S_ISFIFO(found.st_mode) or stat.S_ISSOCK(found.st_mode)):
        return None
    return None if is_null(found) else (found.st_dev, found.st_ino)


def is_null(found: os.stat_result) -> bool:
    """Whether this is the null device, which is empty each time."""
    try:
        null = os.stat(os.devnull)
    except OSError:
        return False
    return stat.S_ISCHR(found.st_mode) and found.st_rdev == null.st_rdev


_listeners: list[Listener] = []


def tell_read(path: str) -> None:
    """Tell that a file is looked for, to be read."""
    for listener in _listeners:
        listener.reads(path)


def tell_written(path: str) -> None:
    """Tell that a file is written."""
    for listener in _listeners:
        listener.writes(path)


class HeardBy:
    """Tell this listener of every use in this process while the block runs."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def __enter__(self) -> None:
        _listeners.append(self._listener)

    def __exit__(self, *_: object) -> None:
        _listeners.remove(self._listener)
