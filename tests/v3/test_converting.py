"""`postrunner convert`: what one format holds and the other cannot is kept, and put back on the way home."""

import json
import subprocess
from pathlib import Path

import pytest

from runner.deep_json import same
from runner.formats.postman.upgrade import upgraded
from runner.formats.v3.converting import to_v3, to_v21
from runner.formats.v3.kept import differences, saying
from runner.formats.v3.reading import read_folder, read_written
from tests.v3.conftest import request
from tests.v3.test_samples import SAMPLES

SHIPPED = sorted(Path(__file__).parents[2].glob("collections/*.postman_collection.json"))


def home(document):
    return to_v21(read_written(to_v3(document).files)).document


def assert_same(one, other):
    """Both say the same in the one form of v2.1."""
    assert list(differences(saying(upgraded(one)), saying(upgraded(other)))) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_collection_comes_back_as_it_was(name):
    assert_same(SAMPLES[name]["source"], home(SAMPLES[name]["source"]))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_collections_come_back_as_they_were(path):
    document = json.loads(path.read_text("utf-8"))
    assert_same(document, home(document))


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "19-names"])  # one file of it is never run
def test_a_folder_comes_back_as_it_was(name):
    read = read_written(SAMPLES[name]["files"])
    given = {path: file.data for path, file in read.files.items()}
    back = read_written(to_v3(to_v21(read).document).files)
    assert same({path: file.data for path, file in back.files.items()}, given, ordered=False)


ITEM = {"name": "a", "request": {"method": "GET", "header": [], "url": {"raw": "http://h", "host": ["h"]}}, "response": []}


def document(**more):
    return {"info": {"name": "c"}, "item": [{**ITEM, **more}]}


@pytest.mark.parametrize(
    "more",
    [
        {"event": [{"listen": "test", "disabled": True, "script": {"exec": ["a"]}}]},
        {"event": [{"listen": "test", "script": {"src": "x.js"}}, {"listen": "test", "script": {"exec": ["b", "c"]}}]},
        {"protocolProfileBehavior": {"disableBodyPruning": True, "own": [1, {"x": None}]}},
        {"request": {"method": "get", "header": [{"key": "A", "value": None, "x": 1}], "url": "http://h/?a=1&a=2"}},
        {"request": {"url": {"raw": "http://other/x?q=1", "host": ["h"], "query": [{"key": "z", "value": None}]}}},
        {"request": {"method": "GET", "url": "http://h", "body": {"mode": "raw", "raw": "x", "disabled": True}}},
        {"request": {"method": "GET", "url": "http://h", "body": {"mode": "raw", "raw": "pruned"}}},
        {"request": {"url": "h", "auth": {"type": "basic", "basic": [{"key": "u", "value": "x", "type": "any"}], "x": 1}}},
        {"response": [{"name": "r", "code": 404, "cookie": [{"a": 1}], "responseTime": 3, "body": None}]},
        {"x/y~z": {"deep": [[], {}]}, "_own": None},
    ],
)
def test_what_v3_has_no_place_for_comes_back(more):
    assert_same(document(**more), home(document(**more)))


def test_an_old_collection_becomes_v21(postrunner, tmp_path):
    old = {
        "id": "c",
        "name": "Old",
        "order": ["r"],
        "requests": [{"id": "r", "name": "a", "url": "http://h/x", "method": "GET"}],
    }
    (tmp_path / "old.json").write_text(json.dumps(old))
    assert postrunner("convert", "old.json", "new.json").code == 0
    (item,) = json.loads((tmp_path / "new.json").read_text())["item"]
    assert item["request"]["url"]["host"] == ["h"]


WEBSOCKET = {
    "w.request.yaml": "$kind: websocket-request\nurl: ws://h\norder: 7\n",
    ".resources/w.resources/messages/m.message.yaml": "$kind: websocket-message\ncontent: hi # there\n",
    "g.request.yml": "$kind: graphql-request\nurl: http://h\nquery: '{a}'\nschema: {source: auto}\n",
    "F/a.request.yaml": "$kind: http-request\nname: Another\nurl: http://h/?x=1\norder: -2.5\n",
}


def test_what_v21_has_no_place_for_comes_back(postrunner, folder, tmp_path):
    root = folder(WEBSOCKET)
    assert postrunner("convert", root, "c.json").code == 0
    assert postrunner("convert", "c.json", "back").code == 0
    given, back = read_folder(str(root)).files, read_folder(str(tmp_path / "back")).files
    assert same(
        {p: f.data for p, f in back.items() if "definition" not in p}, {p: f.data for p, f in given.items()}, ordered=False
    )
    message = ".resources/w.resources/messages/m.message.yaml"
    assert (tmp_path / "back" / message).read_text() == WEBSOCKET[message]


def test_converted_json_runs_by_the_rules_of_v3(postrunner, folder, server):
    script = "scripts: [{type: beforeRequest, code: throw new Error('no')}]"
    body = "body: {type: text, content: hello}"
    files = {"a.request.yaml": request(f"{server.url}/a", script), "b.request.yaml": request(f"{server.url}/b", body)}
    postrunner("convert", folder({**files, "w.request.yaml": WEBSOCKET["w.request.yaml"]}), "c.json")
    done = postrunner("run", "c.json")
    assert done.code == 1
    assert [(path, body) for _, path, _, body in server.seen] == [("/b", b"hello")]
    assert "websocket-request cannot be sent yet" in done.out


def test_what_is_kept_and_lost_is_listed(postrunner, folder, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps(document(protocolProfileBehavior={"disableBodyPruning": True})))
    done = postrunner("convert", "c.json", "c")
    assert "kept in .resources/postrunner.yaml" in done.out
    assert "protocolProfileBehavior" in done.out
    done = postrunner("convert", folder({"a.request.yaml": request("http://h") + "# why\n"}), "a.json")
    assert "lost: a.request.yaml: its comments" in done.out


def test_check_writes_nothing_and_fails_for_what_would_be_lost(postrunner, folder, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps(document()))
    assert postrunner("convert", "c.json", "c", "--check").code == 0
    assert not (tmp_path / "c").exists()
    root = folder({"a.request.yaml": "# why\n" + request("http://h")})
    done = postrunner("convert", root, "--to", "v2.1", "--check")
    assert done.code == 1
    assert "would lose what is listed" in done.out


def test_nothing_is_replaced_without_force(postrunner, folder, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps(document()))
    root = folder({"old.request.yaml": request("http://h"), "README.md": "mine"})
    done = postrunner("convert", "c.json", root)
    assert done.code == 2
    assert "is there already" in done.err
    assert postrunner("convert", "c.json", root, "--force").code == 0
    assert sorted(path.name for path in root.iterdir()) == [".resources", "README.md", "a.request.yaml"]


def git(folder, *args):
    own = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *own, *args], cwd=folder, check=True, capture_output=True)


def test_in_place_needs_what_git_can_bring_back(postrunner, tmp_path):
    file = tmp_path / "Shop.postman_collection.json"
    file.write_text(json.dumps(document()))
    done = postrunner("convert", file.name, "--to", "v3", "--in-place")
    assert done.code == 2
    assert "no repository of git" in done.err
    git(tmp_path, "init", "-q")
    assert "git does not know" in postrunner("convert", file.name, "--to", "v3", "--in-place").err
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "x")
    file.write_text(json.dumps(document(x=1)))
    assert "was changed since the last commit" in postrunner("convert", file.name, "--to", "v3", "--in-place").err
    assert postrunner("convert", file.name, "--to", "v3", "--in-place", "--force").code == 0
    assert not file.exists()
    assert (tmp_path / "Shop" / "a.request.yaml").exists()
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "y")
    assert postrunner("convert", "Shop", "--to", "v2.1", "--in-place").code == 0
    assert not (tmp_path / "Shop").exists()
    assert json.loads(file.read_text())["item"][0]["x"] == 1


@pytest.mark.parametrize("scope", ["environment", "globals"])
def test_variables_become_yaml_and_json_again(postrunner, tmp_path, scope):
    values = [
        {"key": "a", "value": "1", "enabled": True, "type": "default"},
        {"key": "b", "value": "", "enabled": False, "type": "secret"},
    ]
    (tmp_path / f"x.postman_{scope}.json").write_text(json.dumps({"name": "x", "values": values}))
    assert postrunner("convert", f"x.postman_{scope}.json", f"x.{scope}.yaml", "--to", "v3").code == 0
    assert postrunner("convert", f"x.{scope}.yaml", f"back.{scope}.json").code == 0
    assert json.loads((tmp_path / f"back.{scope}.json").read_text())["values"] == values


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("nothing.json", "x"), "does not exist"),
        (("c.json",), "give a TARGET, or --in-place"),
        (("Shop", "Shop2"), "is of the format v3 already"),
        (("c.json", "--check"), "give --to"),
        (("c.json", "x", "--in-place"), "give a TARGET, or --in-place"),
    ],
)
def test_mistakes_are_told(postrunner, folder, tmp_path, args, message):
    (tmp_path / "c.json").write_text(json.dumps(document()))
    folder({"a.request.yaml": request("http://h")})
    done = postrunner("convert", *args)
    assert done.code == 2
    assert message in done.err


@pytest.mark.parametrize(("ending", "scope"), [("yml", "environment"), ("yaml", "globals"), ("yml", "globals")])
def test_in_place_a_file_of_variables_is_named_as_postman_names_it(postrunner, tmp_path, ending, scope):
    (tmp_path / f"x.{scope}.{ending}").write_text("name: x\nvalues: []\n")
    assert postrunner("convert", f"x.{scope}.{ending}", "--to", "v2.1", "--in-place", "--force").code == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"x.postman_{scope}.json"]
