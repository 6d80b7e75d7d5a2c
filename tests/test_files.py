import os

import pytest

from runner.errors import FileUnreadable
from runner.files import STEPWISE, Files, is_device


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


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="only Linux lists what is open")
@pytest.mark.parametrize("allow_outside", [True, False])
def test_a_read_leaves_nothing_open(folder, allow_outside):
    files = Files(str(folder), allow_outside=allow_outside)
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "b").write_bytes(b"b")
    files.read("a.bin")
    before = os.listdir("/proc/self/fd")
    files.read("deep/er/b")
    for wrong in ("deep/none", "deep/er", "deep/er/b/c"):
        with pytest.raises(FileUnreadable):
            files.read(wrong)
    assert os.listdir("/proc/self/fd") == before


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


def test_a_path_of_a_script_is_held_to_the_working_directory(folder):
    files = Files(str(folder))
    assert files.read("a.bin", by_script=True) == b"\0a\r\n"
    with pytest.raises(FileUnreadable, match=r"PPERM.*--allow-read"):
        files.read("../outside.txt", by_script=True)
    assert Files(str(folder), allow_read=[str(folder.parent)]).read("../outside.txt", by_script=True) == b"out"


def test_whether_a_file_outside_is_there_is_not_told(folder):
    found = []
    for name in ("../outside.txt", "../missing.txt"):
        with pytest.raises(FileUnreadable) as caught:
            Files(str(folder)).read(name, by_script=True)
        found.append(caught.value.message)
    assert found[0] == found[1]


def test_the_root_of_the_disk_is_no_working_directory_for_scripts(folder, monkeypatch):
    monkeypatch.chdir(os.path.abspath(os.sep))
    with pytest.raises(FileUnreadable, match="PPERM"):
        Files().read(str(folder / "a.bin"), by_script=True)
    assert Files(os.path.abspath(os.sep)).read(str(folder / "a.bin"), by_script=True) == b"\0a\r\n"


def test_a_collection_at_the_root_of_the_disk_may_not_require_all_of_it(folder):
    (folder / "a.json").write_text("{}")
    root, path = os.path.abspath(os.sep), str(folder / "a.json")
    with pytest.raises(FileUnreadable, match="see --allow-read"):
        Files().read_code(path, root)
    assert Files(allow_read=[root]).read_code(path, root) == b"{}"


@pytest.mark.skipif(not STEPWISE, reason="folders cannot be opened one by one here")
@pytest.mark.parametrize("swapped", ["inside/deep/a.bin", "inside/deep"])
def test_a_link_that_comes_between_the_look_and_the_opening_is_not_followed(folder, monkeypatch, swapped):
    (folder / "deep").mkdir()
    (folder / "deep" / "a.bin").write_bytes(b"inside")
    (folder.parent / "a.bin").write_bytes(b"secret")
    looked = os.path.realpath

    def look(path, **more):
        found = looked(path, **more)
        target = folder.parent / swapped
        if found == looked(str(folder / "deep" / "a.bin")) and not target.is_symlink():
            target.rename(folder.parent / "away")
            target.symlink_to(folder.parent if target.suffix == "" else folder.parent / "a.bin")
        return found

    monkeypatch.setattr(os.path, "realpath", look)
    with pytest.raises(FileUnreadable):
        Files(str(folder)).read("deep/a.bin", by_script=True)


@pytest.mark.parametrize(
    "name", ["nul", "C:\\x\\CON", "aux.js", "com1", "COM¹.txt", "lpt9 .x", "\\\\.\\pipe\\x", "//?/C:/x", "conin$"]
)
def test_devices_of_windows_are_known_by_name(name):
    assert is_device(name)


@pytest.mark.parametrize("name", ["null.js", "C:\\console\\x.js", "com.js", "lib/auxiliary.json", "/srv/x.js", "com12"])
def test_other_names_are_no_devices(name):
    assert not is_device(name)
