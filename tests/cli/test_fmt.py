"""`postrunner fmt` on the command line."""

import json
import os

WRONG = '{"item": [], "info": {"name": "c"}}'
RIGHT = '{\n\t"info": {\n\t\t"name": "c"\n\t},\n\t"item": []\n}'


def test_files_of_a_folder_are_formatted_once(postrunner, tmp_path):
    (tmp_path / "a.postman_collection.json").write_text(WRONG)
    (tmp_path / "in/.resources/r.resources/examples").mkdir(parents=True)
    (tmp_path / "in/r.request.yaml").write_text("url: x\n$kind: http-request\n")
    (tmp_path / "in/.resources/definition.yaml").write_text("name: n\n$kind: collection\n")
    (tmp_path / "in/.resources/r.resources/examples/e.example.yaml").write_text("name: n\n$kind: http-example\n")
    for other in ("other.json", "definition.yaml", ".hidden/b.request.yaml", "node_modules/c.request.yaml"):
        (tmp_path / other).parent.mkdir(exist_ok=True)
        (tmp_path / other).write_text("{")
    done = postrunner("fmt")
    assert (done.code, done.out.splitlines()[-1]) == (0, "4 files formatted, 0 left unchanged")
    assert (tmp_path / "a.postman_collection.json").read_text() == RIGHT
    assert (tmp_path / "in/r.request.yaml").read_text() == "$kind: http-request\nurl: x\n"
    assert postrunner("fmt", ".").out == "0 files formatted, 4 left unchanged\n"


def test_check_lists_what_is_not_formatted_and_changes_nothing(postrunner, tmp_path):
    (tmp_path / "a.json").write_text(WRONG)
    (tmp_path / "b.json").write_text(RIGHT)
    done = postrunner("fmt", "--check", "a.json", "b.json")
    assert (done.code, done.out) == (1, "would format a.json\n1 file would be formatted, 1 left unchanged\n")
    assert (tmp_path / "a.json").read_text() == WRONG
    assert postrunner("fmt", "--check", "b.json").code == 0


def test_diff_shows_the_change_without_secrets(postrunner, tmp_path):
    auth = {"bearer": [{"value": "qwertz-12345", "key": "token"}], "type": "bearer"}
    values = [{"enabled": True, "type": "secret", "value": "asdfgh-67890", "key": "x"}]
    (tmp_path / "a.json").write_text(json.dumps({"item": [], "auth": auth}))
    (tmp_path / "e.json").write_text(json.dumps({"values": values, "name": "e"}))
    (tmp_path / "r.request.yaml").write_text("headers: {X-Api-Key: yxcvbn-24680}\n$kind: http-request\n")
    done = postrunner("fmt", "--diff", "a.json", "e.json", "r.request.yaml")
    assert done.code == 0
    assert '+\t"auth": {' in done.out
    assert "-headers: {X-Api-Key: " in done.out
    assert not any(secret in done.out + done.err for secret in ("qwertz", "asdfgh", "yxcvbn"))
    assert "--check" not in done.out
    assert (tmp_path / "r.request.yaml").read_text().startswith("headers")


def test_what_cannot_be_formatted_is_told_and_the_others_are_formatted(postrunner, tmp_path):
    (tmp_path / "a.json").write_text('{"item": [], "item": []}')
    (tmp_path / "b.json").write_text(WRONG)
    (tmp_path / "c.json").write_bytes(b'{"item": [], "info": {"name": "\xe9"}}')
    os.mkfifo(tmp_path / "pipe")
    done = postrunner("fmt", "a.json", "b.json", "c.json", "pipe", "missing.json")
    assert (done.code, (tmp_path / "b.json").read_text()) == (2, RIGHT)
    assert 'error: a.json:1:2: the key "item" is there twice' in done.err
    assert "error: c.json: is not in UTF-8" in done.err
    assert "error: pipe: is not a regular file" in done.err
    assert "error: missing.json: does not exist" in done.err


def test_a_folder_without_files_is_a_mistake(postrunner, tmp_path):
    (tmp_path / "in").mkdir()
    done = postrunner("fmt", "in")
    assert (done.code, done.err.splitlines()[0]) == (2, "error: in: holds nothing to format")
