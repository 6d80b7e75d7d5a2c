"""The only door to the user's disk for what a request uploads: nothing else opens a file that a collection names."""

from __future__ import annotations

import os
import stat

from runner.errors import FileUnreadable

FORBIDDEN = "PPERM: insecure file access outside working directory"


class Files:
    """Reads files relative to a working directory.

    `working_dir` defaults to the current one. With `allow_outside=False` nothing outside of it can be read, whether by an
    absolute path, by `..` or through a symbolic link.
    """

    def __init__(self, working_dir: str | None = None, allow_outside: bool = True) -> None:
        self.working_dir = os.path.abspath(working_dir or os.curdir)
        self.allow_outside = allow_outside

    def path_of(self, path: str) -> str:
        """The absolute path of a file that a collection names."""
        return os.path.normpath(os.path.join(self.working_dir, path))

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises `FileUnreadable` with what is wrong and where it was looked for."""
        if not path:
            raise FileUnreadable("no file is chosen")
        full = self.path_of(path)
        try:
            if not self.allow_outside and not self._inside(full):
                raise FileUnreadable(FORBIDDEN, where=path, hint="allow it by leaving out --no-insecure-file-read")
            _check_kind(full, path)
            with open(full, "rb") as file:
                return file.read()
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            raise FileUnreadable(_reason(error, full), where=path, hint=self._hint(path)) from None

    def _inside(self, full: str) -> bool:
        """Whether the file that the path leads to, all links followed, is in the working directory."""
        root, real = os.path.realpath(self.working_dir), os.path.realpath(full)
        try:
            return os.path.commonpath((root, real)) == root
        except ValueError:  # another drive on Windows
            return False

    def _hint(self, path: str) -> str:
        return "" if os.path.isabs(path) else f"relative paths start at {self.working_dir}: see --working-dir"


def _check_kind(full: str, path: str) -> None:
    mode = os.stat(full).st_mode
    if stat.S_ISDIR(mode):
        raise FileUnreadable("is a folder, not a file", where=path)
    if not stat.S_ISREG(mode) and full != os.devnull:  # a pipe or a device may never end
        raise FileUnreadable("is not a regular file", where=path)


def _reason(error: Exception, full: str) -> str:
    if isinstance(error, FileNotFoundError):
        return f"ENOENT: no such file or directory, open '{full}'"
    if isinstance(error, PermissionError):
        return f"EACCES: permission denied, open '{full}'"
    return f"{getattr(error, 'strerror', None) or error}, open '{full}'"
