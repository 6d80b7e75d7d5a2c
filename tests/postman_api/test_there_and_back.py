"""Every collection in this repository, pushed to the stand-in as a copy and pulled again, is equal but for a listed set."""

import json
import shutil
from pathlib import Path

import pytest

import runner
from runner.deep_json import same
from runner.errors import RemoteError
from runner.formats.postman.upgrade import upgraded
from runner.standins import start

ROOT = Path(__file__).parents[2]
FLOWS = {path.stem: json.loads(path.read_bytes()) for path in sorted(ROOT.glob("collections/*.json"))}
SAMPLES = {path.stem: json.loads(path.read_bytes())["source"] for path in sorted(ROOT.glob("tests/v3/samples/*.json"))}
REFUSED = {"01-auth-types", "10-scripts", "19-names", "64-more"}
"""What has values that are not of the format: Postman does not take it."""

DOCUMENTS = {name: one for name, one in (FLOWS | SAMPLES).items() if "name" in one["info"] and name not in REFUSED}
FOLDERS = sorted(path.parents[1] for path in ROOT.glob("collections/*/.resources/definition.yaml"))
KEY = {"postman_api_key": "PMAK-stand-in-key"}

GIVEN = {"id", "_postman_id"}
"""What Postman gives anew."""

LEFT_OUT = {"uid", "createdAt", "updatedAt", "lastUpdatedBy", "fork", "_exporter_id", "_collection_link", "_postrunner_v3"}
"""What the API adds, what exports say of themselves, and what only files have."""


@pytest.fixture(scope="module")
def standin():
    """A stand-in of the Postman API without limits."""
    with start("postman", rate=0) as found:
        yield found


@pytest.fixture
def lines(standin, monkeypatch):
    """The lines that a push tells."""
    monkeypatch.setenv("POSTRUNNER_POSTMAN_API_URL", standin.url)
    return []


def listed_aside(document):
    """The document without what is in the listed set."""
    waiting = [document, document["info"]]
    while waiting:
        node = waiting.pop()
        for key in GIVEN | LEFT_OUT:
            node.pop(key, None)
        for event in node.get("event", ()):
            event.pop("id", None)
            if isinstance(event.get("script"), dict):
                event["script"].pop("id", None)
        waiting += [*node.get("item", ()), *node.get("response", ())]
    return document


@pytest.mark.parametrize("original", DOCUMENTS.values(), ids=list(DOCUMENTS))
def test_a_collection_comes_back_as_it_went(original, lines, tmp_path):
    file = tmp_path / "c.json"
    file.write_text(json.dumps(original))
    copied = runner.push(file, copy=True, export_secrets=True, **KEY)
    assert not runner.push(file, export_secrets=True, tell=lines.append, **KEY).changes
    assert lines == [f"{file}: Postman has the same already"]
    for name in ("v21/c.json", "v3/c"):
        pulled = tmp_path / name
        runner.pull(copied.uid, output=pulled, **KEY)
        assert not runner.push(pulled, dry_run=True, **KEY).changes
        assert not runner.pull(pulled, **KEY).done
    got = json.loads((tmp_path / "v21/c.json").read_bytes())
    assert same(listed_aside(upgraded(original)), listed_aside(got), ordered=False)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_postman_does_not_take_leaves_no_trace(name, lines, tmp_path):
    file = tmp_path / "c.json"
    file.write_text(json.dumps(SAMPLES[name]))
    with pytest.raises(RemoteError, match="400 Bad Request: Found 1 errors") as error:
        runner.push(file, copy=True, export_secrets=True, **KEY)
    assert error.value.status == 400
    assert [path.name for path in tmp_path.iterdir()] == ["c.json"]
    assert json.loads(file.read_text()) == SAMPLES[name]


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
def test_a_folder_of_v3_comes_back_as_it_went(path, lines, tmp_path):
    folder = tmp_path / "there" / path.name
    shutil.copytree(path, folder)
    copied = runner.push(folder, copy=True, export_secrets=True, **KEY)
    assert not runner.push(folder, export_secrets=True, **KEY).changes
    runner.pull(copied.uid, output=tmp_path / "back" / path.name, to="v3", **KEY)
    files = [
        {file.relative_to(root).as_posix() for file in root.rglob("*.yaml")}
        for root in (folder, tmp_path / "back" / path.name)
    ]
    assert files[0] == files[1]
