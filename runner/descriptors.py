"""Names of what the process has open already, and of other things that can be read only once."""

from __future__ import annotations

import os
import re
import stat

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
