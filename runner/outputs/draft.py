"""A text before it is at its place, and how it takes the place of the file that is there."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from typing import BinaryIO

from runner.descriptors import own_descriptor
from runner.outputs.place import BINARY, WRITE, open_to_write, overwrite, pour
from runner.outputs.scratch import scratch

OWNER_ONLY = 0o600


class Draft:
    """The text before it is where it belongs: beside its place where it can take that place, else in a scratch file."""

    def __init__(self, path: str, mode: int, keep_mode: bool) -> None:
        self._path = path
        self._mode = mode
        self._keep_mode = keep_mode
        self._folder: _Folder | None = None
        self._real = os.path.realpath(path)
        self._name = ""
        self._before = there = _stat(path)
        if there is not None and stat.S_ISDIR(there.st_mode):
            raise IsADirectoryError(errno.EISDIR, "is a folder, not a file")
        if own_descriptor(path, 1) is None and (_is_replaceable(there) if there else not os.path.islink(path)):
            self._begin_beside(there)
        self.file: BinaryIO = self._beside if self._name else scratch()  # type: ignore[assignment]

    def _begin_beside(self, there: os.stat_result | None) -> None:
        """Open a new file in the folder of the target; without one the target must be there to be written into."""
        folder = os.path.dirname(self._real)
        try:
            if there is None:
                os.makedirs(folder, exist_ok=True)
            self._folder = _Folder(folder)
            # What replaces a private file must not be readable by others for a moment.
            self._name, number = self._folder.create(OWNER_ONLY if there else self._mode)
        except OSError:
            if there is None:
                raise
            return
        self._beside = os.fdopen(number, "w+b")

    def settle(self) -> None:
        """Get the text to its place."""
        self.file.flush()
        if not self._name or not self._take_place():
            self._write_into()

    def _take_place(self) -> bool:
        """Replace the target, or be it; False when it has to be written into."""
        assert self._folder is not None
        os.fsync(self.file.fileno())
        target = os.path.basename(self._real)
        there = self._folder.stat(target)
        if os.path.realpath(self._path) != self._real or (there is not None and not _is_replaceable(there)):
            return False
        if there is not None and not self._take_over(there):
            return False
        if there is None and self._before is not None and hasattr(os, "fchmod"):  # somebody removed it since
            os.fchmod(self.file.fileno(), self._mode_of(self._before))
        if os.name == "nt":
            self.file.close()
        try:
            self._folder.replace(self._name, target)
        except OSError:  # a file that is a mount of its own, one that another program has open (Windows)
            if there is None:
                raise
            if os.name == "nt":
                self.file = open(self._folder.path_of(self._name), "rb")  # noqa: SIM115
            return False
        self._name = ""
        return True

    def _take_over(self, there: os.stat_result) -> bool:
        """Give the new file permissions, owner and attributes of the one it replaces; False when that cannot be done.

        The old one is opened as the user named it: only what could be written into may be replaced.
        """
        old = os.open(self._path, WRITE | getattr(os, "O_NONBLOCK", 0))
        try:
            if not os.path.samestat(os.fstat(old), there):
                return False
            return os.name == "nt" or _copy_attributes(old, self.file.fileno(), there, self._mode_of(there))
        finally:
            os.close(old)

    def _mode_of(self, there: os.stat_result) -> int:
        return stat.S_IMODE(there.st_mode) if self._keep_mode else self._mode

    def _write_into(self) -> None:
        number = open_to_write(self._path, self._mode)
        try:
            there = os.fstat(number)
            if not stat.S_ISREG(there.st_mode) or own_descriptor(self._path, 1) is not None:
                self.file.seek(0)
                pour(self.file, number)
                return
            if not self._keep_mode and hasattr(os, "fchmod"):
                os.fchmod(number, self._mode)
            overwrite(self.file, number)
        finally:
            os.close(number)

    def discard(self) -> None:
        """Give everything back; what took no place is removed."""
        with suppress(OSError):
            self.file.close()
        if self._folder is not None:
            if self._name:
                with suppress(OSError):
                    self._folder.remove(self._name)
            self._folder.close()


class _Folder:
    """A folder that is held open where the system can do that, so that nobody can put another one in its place."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._number: int | None = None
        if {os.open, os.stat, os.unlink, os.rename} <= os.supports_dir_fd:
            how = getattr(os, "O_PATH", os.O_RDONLY)
            self._number = os.open(path, how | os.O_DIRECTORY | BINARY)

    def path_of(self, name: str) -> str:
        """What to call a file of the folder: its name where the folder is held, else its path."""
        return name if self._number is not None else os.path.join(self._path, name)

    def create(self, mode: int) -> tuple[str, int]:
        """The name and the descriptor of a new file."""
        name = f".postrunner-{os.getpid()}-{os.urandom(6).hex()}.part"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | BINARY
        return name, os.open(self.path_of(name), flags, mode, dir_fd=self._number)

    def stat(self, name: str) -> os.stat_result | None:
        """What has this name, links not followed."""
        with suppress(FileNotFoundError):
            return os.stat(self.path_of(name), dir_fd=self._number, follow_symlinks=False)
        return None

    def replace(self, name: str, target: str) -> None:
        """Give a file the name of another."""
        os.replace(self.path_of(name), self.path_of(target), src_dir_fd=self._number, dst_dir_fd=self._number)

    def remove(self, name: str) -> None:
        """Remove a file."""
        os.unlink(self.path_of(name), dir_fd=self._number)

    def close(self) -> None:
        """Hold the folder no longer."""
        if self._number is not None:
            os.close(self._number)
            self._number = None


def _stat(path: str) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return os.stat(path)
    return None


def _is_replaceable(there: os.stat_result) -> bool:
    """Whether this is a regular file with one name: another name would go on to show the old text."""
    return stat.S_ISREG(there.st_mode) and there.st_nlink <= 1


def _copy_attributes(old: int, new: int, there: os.stat_result, mode: int) -> bool:
    """Copy owner, extended attributes (access lists among them) and permissions; False when one of them is refused."""
    mine = os.fstat(new)
    try:
        if (mine.st_uid, mine.st_gid) != (there.st_uid, there.st_gid):
            os.fchown(new, there.st_uid, there.st_gid)
        if sys.platform == "linux":
            _copy_extended(old, new)
        os.fchmod(new, mode)
    except OSError:
        return False
    return True


if sys.platform == "linux":

    def _copy_extended(old: int, new: int) -> None:
        try:
            names = os.listxattr(old)
        except OSError:  # a file system without them
            return
        known = set(os.listxattr(new))
        for name in names:
            value = os.getxattr(old, name)
            if name not in known or os.getxattr(new, name) != value:
                os.setxattr(new, name, value)
