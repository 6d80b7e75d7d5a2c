"""Unfinished files: locked by their writer, removed by a later run when it is dead, never mistaken for others' files."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runner.errors import UsageError
from runner.outputs import name_outputs, streaming, write_text
from tests.outputs.places import parts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks: nothing is removed there")
ROOT = Path(__file__).parents[2]
LEFT = ".postrunner-1-0123456789ab.part"
WRITER = """
import sys
from runner.outputs import writing
with writing(sys.argv[1]) as file:
    file.write("half")
    file.flush()
    print("begun", flush=True)
    sys.stdin.read()
"""


def writer(path):
    """A process that has begun to write and waits."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT, **pipes)
    assert process.stdout.readline() == b"begun\n"
    return process


def test_what_a_killed_run_left_is_removed_by_a_later_one(tmp_path):
    (tmp_path / "out").write_text("old")
    with writer(tmp_path / "out") as process:
        process.send_signal(signal.SIGKILL)
    assert len(parts(tmp_path)) == 1
    assert (tmp_path / "out").read_text() == "old"
    write_text(tmp_path / "other", "text")
    assert sorted(os.listdir(tmp_path)) == ["other", "out"]


def test_what_a_living_run_writes_is_not_removed(tmp_path):
    with writer(tmp_path / "out") as process:
        write_text(tmp_path / "other", "text")
        assert len(parts(tmp_path)) == 1
        process.communicate(timeout=60)
    assert (process.returncode, (tmp_path / "out").read_text()) == (0, "half")
    assert sorted(os.listdir(tmp_path)) == ["other", "out"]


def stranger(folder):
    (folder / LEFT).write_text("x")
    os.chown(folder / LEFT, 12345, 12345)


OTHERS = {
    "a link": lambda folder: (folder / LEFT).symlink_to("kept"),
    "a pipe": lambda folder: os.mkfifo(folder / LEFT),
    "a folder": lambda folder: os.mkdir(folder / LEFT),
    "another user's": pytest.param(
        stranger, marks=pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root may do this")
    ),
    "another name": lambda folder: (folder / ".postrunner-notes.part").write_text("x"),
}


@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_what_is_no_regular_file_of_this_user_under_such_a_name_stays(tmp_path, make):
    (tmp_path / "kept").write_text("kept")
    make(tmp_path)
    before = sorted(os.listdir(tmp_path))
    write_text(tmp_path / "out", "text")
    assert sorted(os.listdir(tmp_path)) == sorted([*before, "out"])
    assert (tmp_path / "kept").read_text() == "kept"


MANY = """
import sys
from runner.outputs import write_text, streaming
text = sys.argv[2] * 300_000
for _ in range(40):
    write_text(sys.argv[1], text)
    stream = streaming(sys.argv[1])
    stream.write(text)
    stream.close()
"""


@pytest.mark.parametrize("names", [1, 2])
def test_runs_into_one_file_leave_the_whole_text_of_one(tmp_path, names):
    (tmp_path / "out").write_text("a" * 300_000)
    if names == 2:
        os.link(tmp_path / "out", tmp_path / "other")
    runs = [subprocess.Popen([sys.executable, "-c", MANY, str(tmp_path / "out"), mark], cwd=ROOT) for mark in "abcd"]
    while names == 1 and any(run.poll() is None for run in runs):
        text = (tmp_path / "out").read_text()
        assert (len(text), len(set(text))) == (300_000, 1)
    assert [run.wait(60) for run in runs] == [0] * 4
    assert len(set((tmp_path / "out").read_text())) == 1
    assert parts(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux leads to the open files of another process")
def test_a_file_that_has_no_name_any_more_is_written_through_the_process_that_has_it_open(tmp_path):
    with (tmp_path / "out").open("w+") as file:
        file.write("old text, which is longer")
        file.flush()
        os.unlink(tmp_path / "out")
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file) as holder:
            write_text(f"/proc/{holder.pid}/fd/1", "new text")
            holder.stdin.close()
        file.seek(0)
        assert file.read() == "new text"
    assert os.listdir(tmp_path) == []


# -- a report that is written line by line ------------------------------------------------------------------------------


def test_a_new_file_can_be_followed_and_an_old_one_stays_until_the_end(tmp_path):
    (tmp_path / "old").write_text("old")
    new, old = streaming(tmp_path / "new"), streaming(tmp_path / "old")
    for stream in (new, old):
        stream.write("line\n")
    assert (tmp_path / "new").read_text() == "line\n"
    assert (tmp_path / "old").read_text() == "old"
    for stream in (new, old):
        stream.close()
    assert {name: (tmp_path / name).read_text() for name in os.listdir(tmp_path)} == {"new": "line\n", "old": "line\n"}


def test_half_of_a_new_report_is_removed_and_another_file_under_its_name_is_not(tmp_path):
    first, second = streaming(tmp_path / "first"), streaming(tmp_path / "second")
    for stream in (first, second):
        stream.write("half")
    os.unlink(tmp_path / "second")
    (tmp_path / "second").write_text("somebody's")
    for stream in (first, second):
        stream.discard()
    assert {name: (tmp_path / name).read_text() for name in os.listdir(tmp_path)} == {"second": "somebody's"}


@pytest.mark.parametrize("remove", [lambda path: path.unlink(), lambda path: shutil.rmtree(path.parent)])
def test_a_new_report_that_somebody_removes_meanwhile_is_written_once_more(tmp_path, remove):
    path = tmp_path / "folder" / "new"
    stream = streaming(path)
    stream.write("first\n")
    remove(path)
    stream.write("second\n")
    stream.close()
    assert path.read_text() == "first\nsecond\n"
    assert os.listdir(path.parent) == ["new"]


# -- two options for one file -------------------------------------------------------------------------------------------


def test_one_file_for_two_outputs_is_refused_however_it_is_spelled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to("file")
    os.link("file", "other")
    (tmp_path / "dangling").symlink_to("new")
    for one, other in (("file", "./file"), ("file", "link"), ("file", "other"), ("new", "dangling"), ("a/../new", "new")):
        with pytest.raises(UsageError, match="--a and --b name the same file"):
            name_outputs([("--a", one), ("--b", other)])
    name_outputs([("--a", "/dev/null"), ("--b", "/dev/null"), ("--c", "-"), ("--d", "/dev/stdout"), ("--e", "new")])
