"""`runner.pull()` and `runner.push()`."""

import json

import pytest

import runner
from runner.errors import RemoteError, UsageError
from runner.standins import start


@pytest.fixture
def postman(monkeypatch, tmp_path):
    """A stand-in of the Postman API, which the environment names, and an empty folder."""
    with start("postman", rate=0) as standin:
        monkeypatch.setenv("POSTRUNNER_POSTMAN_API_URL", standin.url)
        monkeypatch.delenv("POSTMAN_API_KEY", raising=False)
        monkeypatch.chdir(tmp_path)
        yield {"postman_api_key": "PMAK-stand-in-key"}


def rename(path):
    document = json.loads(path.read_text())
    document["item"][1]["name"] = "Alive"
    path.write_text(json.dumps(document))


def test_what_is_pulled_is_pushed_without_a_question(postman, tmp_path):
    path = tmp_path / "api.json"
    pulled = runner.pull("Sample Collection", output=path, **postman)
    assert (pulled.path, pulled.kind, pulled.done) == (str(path), "collection", True)
    rename(path)
    lines = []
    pushed = runner.push(path, tell=lines.append, **postman)
    assert (pushed.uid, pushed.done) == (pulled.uid, True)
    assert [(one["change"], one["name"], one["was"]) for one in pushed.changes] == [("changed", "Alive", "Health")]
    assert lines[-1] == f"{path} pushed: 1 changed"
    assert not runner.pull(path, **postman).done


def test_a_file_without_a_link_is_refused(postman, tmp_path):
    path = tmp_path / "api.json"
    path.write_text('{"info": {"name": "n"}, "item": []}')
    with pytest.raises(UsageError, match="was never pulled"):
        runner.push(path, **postman)
    assert runner.push(path, copy=True, **postman).done


def test_changes_in_postman_are_not_overwritten(postman, tmp_path):
    paths = [tmp_path / name / "api.json" for name in ("a", "b")]
    for path in paths:
        runner.pull("Sample Collection", output=path, **postman)
    rename(paths[0])
    runner.push(paths[0], **postman)
    paths[1].write_text(paths[1].read_text().replace("Users", "People"))
    with pytest.raises(RemoteError, match="changed since the pull: Alive"):
        runner.push(paths[1], **postman)
    assert runner.push(paths[1], force=True, dry_run=True, **postman).done is False


def test_keywords_are_checked(postman):
    with pytest.raises(TypeError, match="environment"):
        runner.pull("Sample Collection", environment="e.json", **postman)
    with pytest.raises(UsageError, match="'v4' is none of"):
        runner.pull("Sample Collection", to="v4", **postman)


def test_a_key_is_needed(postman):
    with pytest.raises(UsageError, match="needs a key"):
        runner.pull("Sample Collection")
