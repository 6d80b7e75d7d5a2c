"""Somebody changes the place of an output between two calls of the writer, at every one of them in turn."""

import contextlib
import os
import shutil
import socket
import stat

import pytest

from runner.errors import ExportError
from runner.outputs import folder as folder_module
from runner.outputs import name_outputs, streaming, write_text
from tests.outputs.places import NEW, OLD, PLACES, parts, state, whole

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps others from most of these")
CALLS = ("open", "write", "fsync", "fstat", "stat", "link", "rename", "replace", "unlink", "close", "ftruncate", "lseek")
CALLS += ("fchmod", "listdir", "makedirs", "readlink", "exchange")


def away(path):
    """Move what is at the place out of the way."""
    if os.path.lexists(path):
        os.rename(path, f"{path}.away")


def to_pipe(path):
    away(path)
    os.mkfifo(path)


def to_folder(path):
    away(path)
    os.mkdir(path)


def to_socket(path):
    away(path)
    # The name of a socket must be short.
    with socket.socket(socket.AF_UNIX) as own, contextlib.chdir(path.parent):
        own.bind(path.name)


def to_link_to_pipe(path):
    away(path)
    os.mkfifo(path.parent / "pipe")
    path.symlink_to("pipe")


def to_link_to_file(path):
    away(path)
    (path.parent / "elsewhere").write_text(OLD)
    path.symlink_to("elsewhere")


def to_dangling_link(path):
    away(path)
    path.symlink_to("nowhere")


def to_other_file(path):
    away(path)
    path.write_text(OLD)


def to_nothing(path):
    if os.path.lexists(path):
        os.unlink(path)


def to_two_names(path):
    if os.path.exists(path):
        os.link(path, f"{path}.second", follow_symlinks=True)


def without_folder(path):
    shutil.rmtree(path.parent)


def other_folder(path):
    os.rename(path.parent, f"{path.parent}.away")
    os.mkdir(path.parent)


def link_to_other_folder(path):
    os.rename(path.parent, f"{path.parent}.away")
    os.mkdir(f"{path.parent}.other")
    path.parent.symlink_to(f"{path.parent}.other")


SWAPS = {name: make for name, make in list(globals().items()) if name.startswith(("to_", "with", "other_", "link_"))}

HARMLESS = ("to_nothing", "to_other_file", "to_two_names")
"""After these the place is one for a file as before: nothing is a reason to write none."""


class Swapper:
    """Makes the swap before the call of this number and lets all calls through."""

    def __init__(self, monkeypatch, at, swap):
        self.made, self.at, self.swap, self.reached = 0, at, swap, False
        for name in CALLS:
            home = folder_module if name == "exchange" else os
            monkeypatch.setattr(home, name, self.guarded(getattr(home, name)))

    def guarded(self, real):
        def call(*args, **more):
            self.made += 1
            if self.made == self.at:
                self.reached = True
                self.swap()
            return real(*args, **more)

        return call


def writes(path):
    write_text(path, NEW)


def streams(path):
    stream = streaming(path)
    for start in range(0, len(NEW), 40_000):
        stream.write(NEW[start : start + 40_000])
    stream.close()


@pytest.mark.parametrize("write", [writes, streams])
@pytest.mark.parametrize("swap", SWAPS)
@pytest.mark.parametrize("place", [name for name in PLACES if name != "deep"])
def test_what_somebody_puts_there_stays_unless_it_is_a_file(monkeypatch, tmp_path, place, swap, write):
    count, reached = 0, True
    while reached:
        count += 1
        top = tmp_path / str(count)
        (top / "folder").mkdir(parents=True)
        path = PLACES[place](top / "folder")
        name_outputs([("--export", str(path))])
        seen = {}

        def change(path=path, top=top, seen=seen):
            SWAPS[swap](path)
            seen |= state(top)

        with monkeypatch.context() as patch:
            swapper = Swapper(patch, count, change)
            try:
                write(path)
                done = True
            except ExportError as error:
                done = swap not in HARMLESS and "cannot be written" in str(error)
            reached = swapper.reached
        assert done
        assert {name: found for name, found in state(top).items() if name in seen} == seen, count
        assert not seen or state(top).keys() == seen.keys()
        assert parts(top) == []
        for folder, _, names in os.walk(top):
            for name in names:
                if stat.S_ISREG(os.lstat(os.path.join(folder, name)).st_mode):
                    assert whole(path.__class__(folder) / name), (count, name)
        shutil.rmtree(top)
