"""Opens the files that requests upload and scripts require; nothing else opens a file that a collection names.

A file is opened once. Whether it is a regular file, and lies where it may, is checked on the open file, not on its name.
"""

from __future__ import annotations

import os
import re
import stat
import threading
import weakref
from collections.abc import Iterable
from typing import BinaryIO

from runner.descriptors import tell_read
from runner.errors import FileRefused, FileUnreadable
from runner.model.payload import BodyBytes, Payload

FORBIDDEN = "PPERM: insecure file access outside working directory"
BY_SCRIPT = "a script chose this path, see --allow-read"

CODE = (".js", ".cjs", ".mjs", ".json")
"""The files that `pm.require` reads: the syntax error of any other file would show what is in it."""

CODE_LIMIT = 32 * 1024 * 1024
"""Bytes of the largest file that `pm.require` reads."""

READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_PATH", 0)
STEPWISE = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
"""Whether a file can be opened folder by folder, so that none becomes a link between the check and the use of a path."""

LARGE = 1024 * 1024
"""Bytes of the largest file that is read at once."""


class LargeFile:
    """An open file of a known size, read piece by piece any number of times, whatever happens to its path.

    It is closed when it is no longer referenced.
    """

    __slots__ = ("__weakref__", "_lock", "_number", "_path", "_size")

    def __init__(self, number: int, size: int, path: str) -> None:
        self._number = number
        self._size = size
        self._path = path
        self._lock = threading.Lock()
        weakref.finalize(self, os.close, number)

    def __len__(self) -> int:
        return self._size

    def read(self, at: int, size: int) -> bytes:
        """The `size` bytes from `at` on; raises `FileUnreadable` if the file became shorter."""
        found = []
        try:
            with self._lock:
                os.lseek(self._number, at, os.SEEK_SET)
                while size > 0 and (data := os.read(self._number, size)):
                    found.append(data)
                    size -= len(data)
        except OSError as error:
            raise FileUnreadable(_reason(error, self._path), where=self._path) from None
        if size:
            raise FileUnreadable("became shorter while it was sent", where=self._path)
        return found[0] if len(found) == 1 else b"".join(found)


class Files:
    """Reads files relative to a working directory.

    `working_dir` defaults to the current one. With `allow_outside=False` nothing outside of it can be read, be it by an
    absolute path, `..` or a symbolic link. That always holds for a path that a script chose. The folders of `allow_read`
    may be read in any case.
    """

    def __init__(self, working_dir: str | None = None, allow_outside: bool = True, allow_read: Iterable[str] = ()) -> None:
        self.working_dir = os.path.abspath(working_dir or os.curdir)
        self.allow_outside = allow_outside
        self._allowed = tuple(map(os.path.abspath, allow_read))
        anywhere = is_root(self.working_dir) and not working_dir
        self._of_scripts = self._allowed if anywhere else (self.working_dir, *self._allowed)

    def path_of(self, path: str) -> str:
        """The absolute path of a file that a collection names."""
        return os.path.normpath(os.path.join(self.working_dir, path))

    def read(self, path: str, *, by_script: bool = False) -> bytes:
        """The bytes of a file; raises `FileUnreadable` with the reason and the path that was tried."""
        return bytes(self.load(path, by_script=by_script))

    def load(self, path: str, *, by_script: bool = False) -> BodyBytes:
        """The same, but a file of more than `LARGE` bytes is only opened, and read when its bytes are needed."""
        if not path:
            raise FileUnreadable("no file is chosen")
        full = self.path_of(path)
        tell_read(full)
        try:
            with _opened(full, path, self._home_of(full, path, by_script)) as file:
                size = os.fstat(file.fileno()).st_size
                return file.read() if size <= LARGE else Payload((LargeFile(os.dup(file.fileno()), size, path),))
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            raise FileUnreadable(_reason(error, full), where=path, hint=self._hint(path)) from None

    def read_code(self, path: str, folder: str) -> bytes:
        """The bytes of a file for `pm.require`: code or JSON in the collection's `folder`; raises `FileUnreadable`."""
        full = os.path.abspath(path)
        tell_read(full)
        try:
            home = _home(full, self._allowed if is_root(folder) else (folder, *self._allowed))
            if home is None:
                raise FileRefused(f"it is outside of {folder}, see --allow-read", where=path)
            if not self.allow_outside and _home(full, (self.working_dir, *self._allowed)) is None:
                raise FileRefused("--no-insecure-file-read forbids it", where=path)
            with _opened(full, path, home) as file:
                if not all(name.lower().endswith(CODE) for name in (full, home[1])):
                    raise FileRefused(f"it is none of {', '.join(CODE)}", where=path)
                content = file.read(CODE_LIMIT + 1)
        except (OSError, ValueError) as error:
            raise FileUnreadable(_reason(error, full), where=path) from None
        if len(content) > CODE_LIMIT:
            raise FileRefused(f"it is larger than {CODE_LIMIT // 1024**2} MB", where=path)
        return content

    def _home_of(self, full: str, path: str, by_script: bool) -> Home | None:
        """Where the file lies within the folders that may be read; None if everything may be read."""
        if self.allow_outside and not by_script:
            return None
        home = _home(full, self._of_scripts if by_script else (self.working_dir, *self._allowed))
        if home is None and by_script:
            raise FileRefused(f"{FORBIDDEN}: {BY_SCRIPT}", where=path)
        if home is None:
            raise FileRefused(FORBIDDEN, where=path, hint="allow it by leaving out --no-insecure-file-read")
        return home

    def _hint(self, path: str) -> str:
        return "" if os.path.isabs(path) else f"relative paths start at {self.working_dir}: see --working-dir"


def is_root(folder: str) -> bool:
    """Whether a folder is the root of a disk. It excludes nothing, so scripts may read it only if the user named it."""
    full = os.path.realpath(folder)
    return os.path.dirname(full) == full


Home = tuple[str, str]
"""A folder and a file in it, both without links."""


def _home(full: str, folders: Iterable[str]) -> Home | None:
    """The folder that contains the file, and that file, both without links; None if no folder does."""
    drive = os.path.splitdrive(full)[0].lower()
    near = [folder for folder in folders if os.path.splitdrive(folder)[0].lower() == drive]
    if not near or (os.name == "nt" and is_device(full)):  # on Windows, even looking at a server's path calls the server
        return None
    real = os.path.realpath(full)
    for folder in near:
        root = os.path.realpath(folder)
        try:
            if os.path.commonpath((root, real)) == root:
                return root, real
        except ValueError:  # another drive on Windows
            continue
    return None


_DEVICE = re.compile(r"(?is)(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\xb9\xb2\xb3])\s*(?:[.:].*)?")


def is_device(path: str) -> bool:
    r"""Whether a path names a device on Windows, in any folder: `nul`, `COM1.txt`, `\\.\pipe\x`."""
    parts = re.split(r"[\\/]", path)
    return parts[:3] in (["", "", "."], ["", "", "?"]) or any(_DEVICE.fullmatch(part) for part in parts)


def _opened(full: str, path: str, home: Home | None) -> BinaryIO:
    """The regular file of this path, open; with `home` it is that very file, however the disk changes meanwhile."""
    _check_kind(os.stat(full).st_mode, full, path)  # before it is opened, which makes some devices act
    number = os.open(full, READ) if home is None else _open_below(*home)
    try:
        _check_kind(os.fstat(number).st_mode, full, path)
        return open(number, "rb")
    except BaseException:
        os.close(number)
        raise


def _open_below(root: str, real: str) -> int:
    """Open a file folder by folder; raises `OSError` if a part of `real` has become a link."""
    if not STEPWISE:
        return os.open(real, READ)
    *folders, name = os.path.relpath(real, root).split(os.sep)
    number = os.open(root, FOLDER)
    try:
        for folder in folders:
            inner = os.open(folder, FOLDER, dir_fd=number)
            os.close(number)
            number = inner
        return os.open(name, READ | os.O_NOFOLLOW, dir_fd=number)
    finally:
        os.close(number)


def _check_kind(mode: int, full: str, path: str) -> None:
    if stat.S_ISDIR(mode):
        raise FileUnreadable("is a folder, not a file", where=path)
    if not stat.S_ISREG(mode) and full != os.devnull:  # a pipe or a device may never end
        raise FileRefused("is not a regular file", where=path)


def _reason(error: Exception, full: str) -> str:
    if isinstance(error, FileNotFoundError):
        return f"ENOENT: no such file or directory, open '{full}'"
    if isinstance(error, PermissionError):
        return f"EACCES: permission denied, open '{full}'"
    return f"{getattr(error, 'strerror', None) or error}, open '{full}'"
