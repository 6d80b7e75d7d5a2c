"""A text before it is in its place, and how it gets there."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from typing import IO

from runner.descriptors import own_descriptor, tell_written
from runner.outputs.folder import Folder, is_like, real_path
from runner.outputs.place import CHUNK, WRITE, fill, may_be, open_to_write, to_disk
from runner.outputs.scratch import scratch

OWNER_ONLY = 0o600
TRIES = 20
"""How often to look again if another process changes the place during the write."""
MOVES = 3
"""How often a path may lead elsewhere than its links say before it is opened directly."""


class Draft:
    """A text that gets to its place as a whole.

    It is written beside its place where it can take that place, else into a scratch file. The place is examined when the
    text is ready, and again whenever it turns out to have changed.
    """

    def __init__(self, path: str, mode: int, keep_mode: bool) -> None:
        tell_written(path)
        self._path = path
        self._mode = mode
        self._keep_mode = keep_mode
        self._folder: Folder | None = None
        self._name = ""
        self._strange = 0
        self._before = there = _stat(path)
        self._text: IO[bytes] | None = None
        beside = own_descriptor(path, 1) is None and (there is None or _is_replaceable(there))
        if not (beside and self._begin_beside(there)):
            self._text = scratch()

    @property
    def file(self) -> IO[bytes]:
        """Where the text is written."""
        assert self._text is not None
        return self._text

    def settle(self) -> None:
        """Get the text to its place."""
        for _ in range(TRIES):
            if self._settle_once():
                return
        raise OSError(errno.EBUSY, "somebody goes on changing what is there")

    def _settle_once(self) -> bool:
        """Get the text to its place; False if the place has changed meanwhile."""
        self.file.flush()
        if own_descriptor(self._path, 1) is not None:
            return self._fill(None)
        there = _stat(self._path)
        may_be(self._path, there)
        if there is None:
            return self._add()
        self._before = there
        if _is_replaceable(there) and self._begin_beside(there):
            done = self._replace(there)
            if done is not None:
                return done
        return self._fill(there)

    def _begin_beside(self, there: os.stat_result | None) -> bool:
        """Put the text into a file beside the target; False if that is impossible and the target can be written into."""
        folder = os.path.dirname(real_path(self._path))
        if self._name and self._folder and self._folder.is_at(folder):
            return True
        try:
            if there is None:
                os.makedirs(folder, exist_ok=True)
            held = Folder(folder)
        except OSError:
            if there is None:
                raise
            return False
        try:
            # the replacement of a private file must never be readable by others
            name, number = held.create(OWNER_ONLY if there else self._mode)
        except OSError:
            held.close()
            if there is None:
                raise
            return False
        file = os.fdopen(number, "w+b")
        try:
            if self._text is not None:
                self._text.seek(0)
                while chunk := self._text.read(CHUNK):
                    file.write(chunk)
                file.flush()
        except BaseException:
            with suppress(OSError):
                file.close()
            held.remove(name)
            held.close()
            raise
        self.discard()
        self._folder, self._name, self._text = held, name, file
        return True

    def _add(self) -> bool:
        """Become the file if there is none; False if there is one by now."""
        self._begin_beside(None)
        assert self._folder is not None
        to_disk(self.file.fileno())
        if hasattr(os, "fchmod") and self._before is not None:  # somebody removed it since
            os.fchmod(self.file.fileno(), self._mode_of(self._before))
        self._let_move()
        try:
            self._folder.add(self._name, os.path.basename(real_path(self._path)))
        except (FileExistsError, FileNotFoundError):  # FileNotFoundError: the folder was removed
            self._open_again()
            return False
        self._name = ""
        return True

    def _replace(self, there: os.stat_result) -> bool | None:
        """Replace a regular file: False if it is another by now, None if it has to be written into."""
        assert self._folder is not None
        target = os.path.basename(real_path(self._path))
        here = self._folder.stat(target)
        if here is None or not is_like(here, there):
            self._strange += 1  # a link that only the system can follow (/proc), or one that has just changed
            return None if self._strange > MOVES else False
        to_disk(self.file.fileno())
        if not self._take_over(there):
            return None
        self._let_move()
        try:
            done = self._folder.replace(self._name, target, there)
        except FileNotFoundError:
            self._open_again()
            return False
        except OSError:  # a mounted file, or one that another program has open (Windows)
            self._open_again()
            return None
        if done:
            self._name = ""
        else:
            self._open_again()
        return done

    def _let_move(self) -> None:
        """Windows cannot move an open file."""
        if os.name == "nt":
            self.file.close()

    def _open_again(self) -> None:
        if self.file.closed and self._folder is not None:
            self._text = open(self._folder.path_of(self._name), "r+b")  # noqa: SIM115

    def _take_over(self, there: os.stat_result) -> bool:
        """Copy permissions, owner and attributes of the replaced file; False if that is refused.

        The old file is opened by the user's path: only what could be written into may be replaced.
        """
        try:
            old = os.open(self._path, WRITE | getattr(os, "O_NONBLOCK", 0))
        except FileNotFoundError:  # somebody removed it since
            return False
        try:
            if not is_like(os.fstat(old), there):
                return False
            return os.name == "nt" or _copy_attributes(old, self.file.fileno(), there, self._mode_of(there))
        finally:
            os.close(old)

    def _mode_of(self, there: os.stat_result) -> int:
        return stat.S_IMODE(there.st_mode) if self._keep_mode else self._mode

    def _fill(self, there: os.stat_result | None) -> bool:
        """Write into what is at the place; False if that is no longer `there`."""
        try:
            number = open_to_write(self._path, there)
        except FileNotFoundError:
            return False
        except OSError:
            if there is None or _is_same(there, _stat(self._path)):
                raise
            return False
        try:
            return fill(self.file, self._path, number, there, mode=None if self._keep_mode else self._mode)
        finally:
            os.close(number)

    def discard(self) -> None:
        """Close everything; remove a text that is not in its place yet."""
        if self._text is not None:
            with suppress(OSError):
                self._text.close()
        if self._folder is not None:
            if self._name:
                with suppress(OSError):
                    self._folder.remove(self._name)
                self._name = ""
            self._folder.close()
            self._folder = None


def _stat(path: str) -> os.stat_result | None:
    """What is at a path, following links; None if nothing is. Raises `IsADirectoryError` for a folder."""
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(there.st_mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder, not a file")
    return there


def _is_same(there: os.stat_result, now: os.stat_result | None) -> bool:
    return now is not None and os.path.samestat(there, now)


def _is_replaceable(there: os.stat_result) -> bool:
    """Whether this is a regular file with one name: a second name would keep showing the old text."""
    return stat.S_ISREG(there.st_mode) and there.st_nlink <= 1


def _copy_attributes(old: int, new: int, there: os.stat_result, mode: int) -> bool:
    """Copy owner, extended attributes (such as access lists) and permissions; False if one of them is refused."""
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
