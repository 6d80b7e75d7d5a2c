"""`--export-variable NAME=FILE`: what a run found out, as a file and nothing else."""

import json

import pytest


@pytest.fixture
def export(postrunner, tmp_path):
    """Run a script, then export: gives the result and what is in the file, None without one."""

    def run(script, name, *options, file="out.json", **more):
        request = {"method": "GET", "url": "http://127.0.0.1:9/"}
        event = {"listen": "prerequest", "script": {"exec": [script, "pm.execution.skipRequest();"]}}
        collection = {"info": {"name": "c"}, "item": [{"name": "one", "event": [event], "request": request}], **more}
        (tmp_path / "c.json").write_text(json.dumps(collection))
        done = postrunner("run", "c.json", "--export-variable", f"{name}={file}", *options)
        path = tmp_path / file
        return done, path.read_bytes() if path.is_file() else None

    return run


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('"as it is\\r\\n ä 🙂"', "as it is\r\n ä 🙂"),
        ("JSON.stringify([{id: 1}])", '[{"id":1}]'),
        ("[{id: 1.0, b: null}]", '[{"id":1,"b":null}]'),
        ("[1, 2]", "[1,2]"),
        ("0", "0"),
        ("false", "false"),
    ],
)
@pytest.mark.parametrize("scope", ["environment", "collectionVariables", "globals"])
def test_the_value_is_the_file(export, scope, value, text):
    done, written = export(f"pm.{scope}.set('v', {value});", "v")
    assert done.code == 0, done.out + done.err
    assert written == text.encode()


def test_the_environment_wins_over_the_collection_and_that_over_the_globals(export):
    sets = [f"pm.{scope}.set('v', '{scope}');" for scope in ("globals", "collectionVariables", "environment")]
    assert export(" ".join(sets), "v")[1] == b"environment"
    assert export(" ".join(sets[:2]), "v")[1] == b"collectionVariables"


@pytest.mark.parametrize(
    "script", ["", "pm.environment.set('v', '');", "pm.environment.set('v', null);", "pm.variables.set('v', 1);"]
)
def test_without_a_value_nothing_is_written_and_the_run_fails(export, tmp_path, script):
    (tmp_path / "out.json").write_text("old")
    done, written = export(script, "v")
    assert done.code == 1
    assert "the variable v has no value" in done.out + done.err
    assert written == b"old"


def test_several_variables(export, tmp_path):
    script = "pm.environment.set('a', 'A'); pm.environment.set('b', 'B');"
    done, written = export(script, "a", "--export-variable", "b=folder/b.txt")
    assert (done.code, written) == (0, b"A")
    assert (tmp_path / "folder" / "b.txt").read_bytes() == b"B"


SECRET = [{"key": "k", "value": "s3cret-value", "type": "secret"}]


def test_a_secret_variable_is_not_written(export):
    done, written = export("", "k", variable=SECRET)
    assert done.code == 1
    assert "--export-secrets" in done.out + done.err
    assert written is None
    assert export("pm.environment.set('v', 'x');", "v", "--secret", "v")[1] is None


def test_export_secrets_writes_it(export):
    done, written = export("", "k", "--export-secrets", variable=SECRET)
    assert (done.code, written) == (0, b"s3cret-value")


def test_secrets_within_a_value_are_masked(export):
    script = (
        "pm.environment.set('v', JSON.stringify([{note: 'has ' + pm.variables.get('k'), password: 'open-sesame', id: 1}]));"
    )
    done, written = export(script, "v", variable=SECRET)
    assert done.code == 0
    assert json.loads(written) == [{"note": "has ••••", "password": "••••", "id": 1}]
    assert json.loads(export(script, "v", "--export-secrets", variable=SECRET)[1])[0]["password"] == "open-sesame"


@pytest.mark.parametrize("file", [".", "folder/"])
def test_a_folder_is_refused_before_the_run(export, file):
    done, _ = export("", "v", file=file)
    assert done.code == 2


def test_one_file_for_several_collections_is_refused(postrunner, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.json").write_text(json.dumps({"info": {"name": name}, "item": []}))
    assert postrunner("run", "a.json", "b.json", "--export-variable", "v=out").code == 2


def test_a_name_without_a_file_is_refused(postrunner):
    assert postrunner("run", "c.json", "--export-variable", "v").code == 2
