"""Several files of a folder that are written together."""

import os

import pytest

from runner.errors import ExportError
from runner.outputs import ANYONE
from runner.outputs.tree import write_tree


def tree(folder):
    """The regular files below a folder with their texts."""
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_files_are_added_replaced_and_removed_with_the_folders_that_they_leave_empty(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/old").write_text("1")
    (tmp_path / "same").write_text("2")
    (tmp_path / "else").write_text("3")
    write_tree(str(tmp_path), {"same": "4", "new/deep/file": "5"}, ["a/b/old", "a/b/never"], mode=ANYONE)
    assert tree(tmp_path) == {"else": "3", "new/deep/file": "5", "same": "4"}
    assert not (tmp_path / "a").exists()


def test_a_file_that_has_its_text_is_not_touched(tmp_path):
    (tmp_path / "a").write_text("x\r\n", newline="")
    before = os.stat(tmp_path / "a")
    write_tree(str(tmp_path), {"a": "x\r\n"}, mode=ANYONE)
    assert os.stat(tmp_path / "a") == before


@pytest.mark.parametrize("path", ["link", "linked/x", "folder", "../out", "/etc/x"])
def test_nothing_is_written_if_one_path_is_no_file_of_the_folder(tmp_path, path):
    inside, outside = tmp_path / "in", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "x").write_text("mine")
    (inside / "link").symlink_to(outside / "x")
    (inside / "linked").symlink_to(outside)
    (inside / "folder").mkdir()
    (inside / "a").write_text("old")
    for texts, gone in (({"a": "new", path: "y"}, []), ({"a": "new"}, [path])):
        with pytest.raises(ExportError):
            write_tree(str(inside), texts, gone, mode=ANYONE)
    assert (tree(outside), (inside / "a").read_text()) == ({"x": "mine"}, "old")


def test_what_was_done_is_undone_when_a_file_fails(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "gone").write_text("g")
    (tmp_path / "z").write_text("file")
    with pytest.raises(ExportError):
        write_tree(
            str(tmp_path), {"a": "new", "fresh/b": "new", "fresh/b/c": "a file is in its way"}, ["gone"], mode=ANYONE
        )
    assert {name: text for name, text in tree(tmp_path).items() if text} == {"a": "old", "gone": "g", "z": "file"}
