"""`postrunner flows`: the shipped collections become files of one's own, and no file of the user is lost."""

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "torii": {
        "collections/torii-custom-integration.postman_collection.json",
        "environments/torii.postman_environment.json",
        "environments/torii-local.postman_environment.json",
        "collections/samples/torii-users.json",
    },
    "truto": {
        "collections/truto-integrated-accounts.postman_collection.json",
        "environments/truto.postman_environment.json",
        "environments/truto-local.postman_environment.json",
    },
}


def files_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_list_names_every_file(postrunner):
    done = postrunner("flows", "list")
    assert done.code == 0
    assert all(file in done.out for files in FILES.values() for file in files)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("folder", ["", "my flows/ä"])
def test_a_flow_is_copied(postrunner, tmp_path, name, folder):
    done = postrunner("flows", "copy", name, *([folder] if folder else []))
    assert done.code == 0
    assert files_in(tmp_path / folder) == FILES[name]
    assert all((tmp_path / folder / file).read_bytes() == (ROOT / file).read_bytes() for file in FILES[name])
    assert all(Path(folder, file).as_posix() in done.out.replace(os.sep, "/") for file in FILES[name])


def test_both_flows_fit_into_one_folder_and_copying_again_changes_nothing(postrunner, tmp_path):
    for name in ("torii", "truto", "torii"):
        done = postrunner("flows", "copy", name, "x")
        assert done.code == 0
    assert "is there already" in done.out
    assert files_in(tmp_path / "x") == FILES["torii"] | FILES["truto"]


def test_a_changed_file_is_kept_and_nothing_else_is_copied(postrunner, tmp_path):
    own = tmp_path / "environments" / "torii.postman_environment.json"
    own.parent.mkdir()
    own.write_text("mine")
    done = postrunner("flows", "copy", "torii")
    assert done.code == 2
    assert "environments" in done.err
    assert "--force" in done.err
    assert files_in(tmp_path) == {"environments/torii.postman_environment.json"}
    assert own.read_text() == "mine"
    assert postrunner("flows", "copy", "torii", "--force").code == 0
    assert json.loads(own.read_text())["name"] == "Torii"


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_a_dangling_link_is_not_written_through(postrunner, tmp_path):
    (tmp_path / "collections" / "samples").mkdir(parents=True)
    (tmp_path / "collections" / "samples" / "torii-users.json").symlink_to(tmp_path / "elsewhere")
    assert postrunner("flows", "copy", "torii").code == 2
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("args", [("copy",), ("copy", "nope"), ("copy", "torii", "a", "b"), ("remove",)])
def test_a_wrong_call_is_refused(postrunner, args):
    assert postrunner("flows", *args).code == 2


def test_a_folder_that_is_a_file(postrunner, tmp_path):
    (tmp_path / "collections").write_text("")
    done = postrunner("flows", "copy", "truto")
    assert done.code in (1, 2)
    assert "collections" in done.err
    assert "Traceback" not in done.err
