"""The folder of an output, held open, and the unfinished file in it that will take the output's place."""

from __future__ import annotations

import errno
import os
import re
import select
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from runner.outputs.exchange import exchange

BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
NOT_FOLLOWED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | BINARY
PART = re.compile(r"\.postrunner-[0-9]+-[0-9a-f]{12}\.part")
TRIES = 100
PAUSE = 0.01
"""Seconds between two attempts at a lock."""

HOLDS = {os.open, os.stat, os.unlink, os.rename, os.link} <= os.supports_dir_fd
"""Whether files can be named relative to an open folder."""

NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL})
"""Errors of file systems without hard links."""


class Folder:
    """A folder that is held open if the system supports it, so that nobody can put another one in its place."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._number: int | None = None
        if HOLDS:
            how = getattr(os, "O_PATH", os.O_RDONLY)
            self._number = os.open(path, how | os.O_DIRECTORY | BINARY)

    def is_at(self, path: str) -> bool:
        """Whether this is still the folder of that path."""
        if self._number is None:
            return self._path == path
        try:
            return os.path.samestat(os.fstat(self._number), os.stat(path))
        except OSError:
            return False

    def path_of(self, name: str) -> str:
        """How to name a file of the folder: by its name if the folder is held open, else by its path."""
        return name if self._number is not None else os.path.join(self._path, name)

    def create(self, mode: int) -> tuple[str, int]:
        """The name and descriptor of a new file, which is locked as long as it is open."""
        self._sweep()
        while True:
            name = f".postrunner-{os.getpid()}-{os.urandom(6).hex()}.part"
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | NOT_FOLLOWED
            number = os.open(self.path_of(name), flags, mode, dir_fd=self._number)
            try:
                # Another run may have swept the file away before it was locked: then it has no name any more.
                if lock(number) is not False and self._is(name, os.fstat(number)):
                    return name, number
            except BaseException:
                os.close(number)
                self.remove(name)
                raise
            os.close(number)

    def create_named(self, name: str, mode: int) -> int:
        """The descriptor of a new file of this name; raises `FileExistsError`."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | NOT_FOLLOWED
        return os.open(self.path_of(name), flags, mode, dir_fd=self._number)

    def stat(self, name: str) -> os.stat_result | None:
        """What has this name, without following links."""
        with suppress(FileNotFoundError):
            return os.stat(self.path_of(name), dir_fd=self._number, follow_symlinks=False)
        return None

    def _is(self, name: str, found: os.stat_result) -> bool:
        there = self.stat(name)
        return there is not None and os.path.samestat(there, found)

    def add(self, name: str, target: str) -> None:
        """Give a file an unused name; raises `FileExistsError`."""
        if os.name != "nt":
            try:
                os.link(
                    self.path_of(name), self.path_of(target), src_dir_fd=self._number, dst_dir_fd=self._number,
                    follow_symlinks=False,
                )  # fmt: skip
            except OSError as error:
                if error.errno not in NO_LINKS:
                    raise
                if self.stat(target) is not None:
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
            else:
                with suppress(OSError):  # then a later run removes it
                    self.remove(name)
                return
        self._rename(name, target)  # which, on Windows, replaces nothing

    def replace(self, name: str, target: str, old: os.stat_result) -> bool:
        """Give a file the name of the regular file `old`; False if something else has that name by now.

        If the system can exchange two names, nothing else is ever replaced; elsewhere the check comes just before.
        """
        mine = self.stat(name)
        if mine is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
        if not self._is_like(target, old):
            return False
        with self._locked(shared=True):  # the replaced file has our name for a moment: no other run may sweep it away
            return self._exchange(name, target, old, mine)

    def _exchange(self, name: str, target: str, old: os.stat_result, mine: os.stat_result) -> bool:
        if not exchange(self._number, name, target):
            if not self._is_like(target, old):
                return False
            os.replace(self.path_of(name), self.path_of(target), src_dir_fd=self._number, dst_dir_fd=self._number)
            return True
        try:
            replaced = self._is_like(name, old)
        except OSError:
            self._give_back(name, target, mine)
            raise
        if replaced:
            with suppress(OSError):  # then a later run removes it
                self.remove(name)
        else:
            self._give_back(name, target, mine)
        return replaced

    def _is_like(self, name: str, old: os.stat_result) -> bool:
        there = self.stat(name)
        return there is not None and is_like(there, old)

    def _give_back(self, name: str, target: str, mine: os.stat_result) -> None:
        """Put a file that must not be replaced back into its place, and likewise whatever has been put there meanwhile."""
        for _ in range(TRIES):
            try:
                exchange(self._number, name, target)
            except FileNotFoundError:  # our file is gone from there
                self._rename(name, target)
                return
            if self._is(name, mine):
                return
        raise OSError(errno.EBUSY, f"somebody goes on replacing it; what was there is {name}")

    def _rename(self, name: str, target: str) -> None:
        os.rename(self.path_of(name), self.path_of(target), src_dir_fd=self._number, dst_dir_fd=self._number)

    def remove_own(self, name: str, mine: os.stat_result) -> None:
        """Remove a file if it is this one; what another process put under its name stays."""
        if not self._is(name, mine):
            return
        taken = f".postrunner-{os.getpid()}-{os.urandom(6).hex()}.part"
        self._rename(name, taken)
        if self._is(taken, mine):
            self.remove(taken)
        else:
            self.add(taken, name)

    def remove(self, name: str) -> None:
        """Remove a file."""
        os.unlink(self.path_of(name), dir_fd=self._number)

    def close(self) -> None:
        """Close the folder."""
        if self._number is not None:
            os.close(self._number)
            self._number = None

    def _sweep(self) -> None:
        """Remove the files of killed runs: regular files of this user with our names that no process has locked.

        The system releases a lock when its process ends, however it ends; a process number proves nothing. If files and
        folders cannot be locked, all of them stay.
        """
        with self._locked(shared=False) as alone, suppress(OSError):
            for name in filter(PART.fullmatch, os.listdir(self._path) if alone else ()):
                with suppress(OSError):
                    self._remove_if_left(name)

    @contextmanager
    def _locked(self, *, shared: bool) -> Iterator[bool]:
        """Lock the folder against other runs, or (`shared`) only against exclusive locks; gives whether it is locked.

        A shared lock waits at most a second: another program may keep the folder locked for ever.
        """
        try:
            number = None if self._number is None else os.open(self._path, os.O_RDONLY | os.O_DIRECTORY | BINARY)
        except OSError:
            number = None
        if number is None:
            yield False
            return
        try:
            same = os.path.samestat(os.fstat(number), os.fstat(self._number or 0))
            yield same and lock(number, shared=shared, seconds=1 if shared else 0) is True
        finally:
            os.close(number)

    def _remove_if_left(self, name: str) -> None:
        there = self.stat(name)
        if there is None or not stat.S_ISREG(there.st_mode) or there.st_uid != os.geteuid():
            return
        number = os.open(self.path_of(name), os.O_RDWR | NOT_FOLLOWED, dir_fd=self._number)
        try:
            if os.path.samestat(os.fstat(number), there) and lock(number) and self._is(name, there):
                self.remove(name)
        finally:
            os.close(number)


def real_path(path: str) -> str:
    """The path without links; looks again if a link is removed while it is followed. Raises `OSError`."""
    for _ in range(TRIES):
        with suppress(OSError):
            return os.path.realpath(path)
    return os.path.realpath(path)


def is_like(there: os.stat_result, old: os.stat_result) -> bool:
    """Whether this is a regular file with one name, and with the owner and the permissions of `old`.

    It need not be the same file: another run that writes the same output may have replaced it.
    """
    rights = (there.st_mode, there.st_uid, there.st_gid) == (old.st_mode, old.st_uid, old.st_gid)
    return rights and stat.S_ISREG(there.st_mode) and there.st_nlink <= 1


def lock(number: int, *, shared: bool = False, seconds: float = 0) -> bool | None:
    """Lock an open file for this process, alone or with others, until it is closed.

    False if another process holds it for longer than `seconds`, None if locks are not supported.
    """
    try:
        import fcntl
    except ImportError:
        return None
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(number, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            select.select([], [], [], PAUSE)
        except OSError:
            return None
        else:
            return True
