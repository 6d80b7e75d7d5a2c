"""Which saves count: of files that were read, and of all documents in a collection that is a folder."""

import os

import pytest

from runner.cli.watch.files import WatchedFiles


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A collection that is a folder, in the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop" / ".resources").mkdir(parents=True)
    (tmp_path / "shop" / ".resources" / "definition.yaml").write_text("name: shop\n")
    (tmp_path / "shop" / "users").mkdir()
    (tmp_path / "shop" / "users" / "list.request.yaml").write_text("a: 1\n")
    return tmp_path / "shop"


@pytest.fixture
def files(folder):
    """The files of a round that runs this collection and has read the file `read.txt`."""
    (folder.parent / "read.txt").write_text("")
    files = WatchedFiles()
    files.begin()
    files.take_collections(["shop"])
    files.reads("read.txt")
    return files


def saved(files, change):
    """What counts as saved after a change."""
    round_ = files.begin()
    change()
    files.look()
    return files.saved if round_.is_set else []


def test_every_document_in_the_folder_counts_however_deep_and_new_ones_do(files, folder):
    definition = folder / ".resources" / "definition.yaml"
    assert saved(files, lambda: os.utime(definition)) == [os.path.join("shop", ".resources", "definition.yaml")]
    assert saved(files, lambda: (folder / "users" / "new.yaml").write_text("")) == [
        os.path.join("shop", "users", "new.yaml")
    ]
    assert saved(files, (folder / "users" / "new.yaml").unlink) == [os.path.join("shop", "users", "new.yaml")]
    (folder / "more").mkdir()
    assert str(folder / "more") in files.folders()


@pytest.mark.parametrize(
    "name", [".list.request.yaml.swp", "list.request.yaml~", "4913", ".git/a.yaml", ".postrunner/a.json"]
)
def test_what_editors_and_git_leave_there_does_not(files, folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    assert saved(files, lambda: (folder / name).write_text("")) == []


def test_what_the_run_writes_does_not_count_and_what_it_reads_does(files, folder):
    files.writes("shop/report.json")
    assert saved(files, lambda: (folder / "report.json").write_text("{}")) == []
    assert saved(files, lambda: os.utime("read.txt")) == ["read.txt"]


def test_a_save_between_two_rounds_counts_for_none(files, folder):
    os.utime("read.txt")
    assert saved(files, lambda: None) == []


def test_a_link_is_watched_at_both_of_its_ends(files, folder):
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere" / "env.json").write_text("")
    os.symlink("elsewhere/env.json", "env.json")
    files.reads("env.json")
    assert str(folder.parent / "elsewhere") in files.folders()
    assert saved(files, lambda: os.utime("elsewhere/env.json")) == ["env.json"]


def test_a_folder_that_was_made_anew_is_another_one(files, folder):
    (folder.parent / "up").mkdir()
    files.reads("up/body.txt")
    before = files.folders()
    (folder.parent / "up").rename(folder.parent / "old")
    assert str(folder.parent / "up") not in files.folders()
    (folder.parent / "up").mkdir()
    assert files.folders()[str(folder.parent / "up")] != before[str(folder.parent / "up")]
