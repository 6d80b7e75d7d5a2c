"""Every call to the system that the writer makes fails once, for each reason: the old text or the new one is there."""

import errno
import os
import shutil

import pytest

from runner.errors import ExportError
from runner.outputs import folder as folder_module
from runner.outputs import write_text
from tests.outputs.places import NEW, OLD, PLACES, SHORT, parts, whole

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows makes other calls")
CALLS = ("open", "write", "fsync", "fstat", "stat", "link", "rename", "replace", "unlink", "close", "ftruncate", "lseek")
CALLS += ("fchmod", "fchown", "listdir", "makedirs", "readlink", "lstat", "exchange")
REASONS = {"write": (errno.ENOSPC, errno.EDQUOT), "exchange": (errno.EBUSY, errno.EPERM), "link": (errno.EPERM, errno.EIO)}
REASONS |= {
    "rename": (errno.EBUSY, errno.EXDEV),
    "replace": (errno.EBUSY, errno.EACCES),
    "open": (errno.EACCES, errno.EMFILE),
}


class Faults:
    """Fails the call of this number and lets all others through."""

    def __init__(self, monkeypatch, calls):
        self.made, self.at, self.reason = 0, None, 0
        for name in calls:
            home = folder_module if name == "exchange" else os
            monkeypatch.setattr(home, name, self.guarded(name, getattr(home, name)))

    def guarded(self, name, real):
        def call(*args, **more):
            self.made += 1
            if self.made == self.at:
                self.at = None
                if name == "close":
                    real(*args, **more)
                raise OSError(self.reason, os.strerror(self.reason))
            return real(*args, **more)

        return call


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("place", PLACES)
def test_a_call_that_fails_leaves_the_old_text_or_the_new(monkeypatch, tmp_path, place, call):
    for reason in REASONS.get(call, (errno.EIO, errno.ENOSPC)):
        for text in (NEW, SHORT):
            count = 0
            while True:
                count += 1
                folder = tmp_path / f"{reason}-{len(text)}-{count}"
                folder.mkdir()
                path = PLACES[place](folder)
                with monkeypatch.context() as patch:
                    faults = Faults(patch, (call,))
                    faults.at, faults.reason = count, reason
                    try:
                        write_text(path, text)
                        done = path.read_text() == text
                    except ExportError as error:
                        done = str(error).startswith(f"{path}: cannot be written: ")
                    reached = faults.at is None
                assert done, (call, count)
                assert whole(path), (call, count)
                assert call == "unlink" or parts(folder) == []
                shutil.rmtree(folder)
                if not reached:
                    break


@pytest.mark.parametrize("place", PLACES)
def test_a_file_that_may_not_grow_leaves_the_old_text(tmp_path, place):
    import resource

    path = PLACES[place](tmp_path)
    before = path.read_text() if path.exists() else None
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(OLD) + 10, hard))
    try:
        with pytest.raises(ExportError, match="cannot be written: file too large"):
            write_text(path, NEW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (path.read_text() if path.exists() else None) == before
    assert parts(tmp_path) == []
