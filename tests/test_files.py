import os

import pytest

from runner.errors import FileUnreadable
from runner.files import Files


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a.bin").write_bytes(b"\0a\r\n")
    (tmp_path / "outside.txt").write_bytes(b"out")
    return tmp_path / "inside"


def test_relative_paths_start_at_the_working_directory(folder):
    assert Files(str(folder)).read("a.bin") == b"\0a\r\n"


def test_the_default_working_directory_is_the_current_one(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert Files().read("./a.bin") == b"\0a\r\n"


def test_absolute_and_parent_paths_are_allowed_by_default(folder):
    files = Files(str(folder))
    assert files.read("../outside.txt") == files.read(str(folder.parent / "outside.txt")) == b"out"


@pytest.mark.parametrize("path", ["../outside.txt", "../inside/../outside.txt", "{parent}/outside.txt", "../missing.txt"])
def test_nothing_outside_is_read_when_it_is_forbidden(folder, path):
    with pytest.raises(FileUnreadable, match="PPERM: insecure file access outside working directory"):
        Files(str(folder), allow_outside=False).read(path.format(parent=folder.parent))


def test_inside_stays_allowed_when_outside_is_forbidden(folder):
    files = Files(str(folder), allow_outside=False)
    assert files.read("a.bin") == files.read(str(folder / "a.bin")) == files.read("../inside/a.bin")


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_a_symbolic_link_does_not_lead_outside(folder):
    (folder / "link").symlink_to(folder.parent / "outside.txt")
    assert Files(str(folder)).read("link") == b"out"
    with pytest.raises(FileUnreadable, match="PPERM"):
        Files(str(folder), allow_outside=False).read("link")


def test_a_folder_with_the_same_beginning_is_outside(folder):
    (folder.parent / "inside2").mkdir()
    (folder.parent / "inside2" / "x").write_text("x")
    with pytest.raises(FileUnreadable, match="PPERM"):
        Files(str(folder), allow_outside=False).read("../inside2/x")


@pytest.mark.parametrize(
    ("path", "message"),
    [("no.txt", "ENOENT: no such file"), ("", "no file is chosen"), (".", "is a folder"), ("a\0b", "null")],
)
def test_what_cannot_be_read_is_said_clearly(folder, path, message):
    with pytest.raises(FileUnreadable, match=message):
        Files(str(folder)).read(path)


def test_a_missing_relative_file_hints_at_the_working_directory(folder):
    with pytest.raises(FileUnreadable) as caught:
        Files(str(folder)).read("no.txt")
    assert str(folder) in caught.value.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_instead_of_waited_for(folder):
    os.mkfifo(folder / "pipe")
    with pytest.raises(FileUnreadable, match="not a regular file"):
        Files(str(folder)).read("pipe")
