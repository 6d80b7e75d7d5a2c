"""Exchanges two names of a folder in one step (renameat2 of Linux), so that the replaced file can still be examined."""

from __future__ import annotations

import errno
import os
import sys
from functools import cache
from typing import Any

EXCHANGE = 2
"""RENAME_EXCHANGE of linux/fs.h."""

NOT_KNOWN = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})
"""Errors of systems and file systems without it."""


def exchange(folder: int | None, one: str, other: str) -> bool:
    """Exchange the names of two files in an open folder; False if the system or file system cannot.

    Raises `OSError` as a rename does.
    """
    call = _renameat2()
    if call is None or folder is None:
        return False
    if call(folder, os.fsencode(one), folder, os.fsencode(other), EXCHANGE) == 0:
        return True
    import ctypes

    number = ctypes.get_errno()
    if number in NOT_KNOWN:
        return False
    raise OSError(number, os.strerror(number), other)


@cache
def _renameat2() -> Any:
    if sys.platform != "linux":
        return None
    try:
        import ctypes

        found = ctypes.CDLL(None, use_errno=True).renameat2
        found.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    except (ImportError, OSError, AttributeError):  # a C library without it
        return None
    return found
