"""SQLite files, which several processes write at once."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from runner.descriptors import tell_written
from runner.errors import FileRefused, FileUnreadable

BUSY = 60.0
"""Seconds that one process waits for the writes of others."""


def connect(path: str, *, write: bool) -> sqlite3.Connection:
    """A connection to the SQLite file at a path, without implicit transactions.

    To write, a missing file and its folders are made. Nothing is read yet. Raises `FileUnreadable` for a missing file, and
    `FileRefused` for what is not a regular file.
    """
    if os.path.lexists(path) and not os.path.isfile(path):
        raise FileRefused("is not a regular file", where=path)
    if write and os.path.exists(path) and not os.access(path, os.W_OK):
        raise FileRefused("may not be written", where=path)
    if write:
        tell_written(path)
        try:
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        except OSError as error:
            raise FileRefused(f"cannot be written: {error.strerror}", where=path) from error
    elif not os.path.lexists(path):
        raise FileUnreadable("there is no such file", where=path)
    mode = "rwc" if write else "rw" if os.access(path, os.W_OK) else "ro"  # who only reads leaves a journal behind
    try:
        return sqlite3.connect(
            f"{Path(path).absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.Error as error:
        raise FileUnreadable(f"cannot be opened: {error}", where=path) from error
