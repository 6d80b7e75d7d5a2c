import json
import os
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from runner.clock import Clock
from runner.errors import ExportError
from runner.export import documents, left_out
from runner.formats.json_text import JsonOrigin
from runner.formats.load import load_collection, load_environment
from runner.formats.table import dump
from runner.model.variable import Environment, Variable
from runner.options import all_options
from runner.outputs import write_text, writing
from runner.secrets import Secrets, Unmasked
from runner.version import __version__

SECRET = Variable("token", "file-value", "secret", source={"key": "token", "value": "file-value", "type": "secret"})
PLAIN = Variable("base", "http://h", source={"key": "base", "value": "http://h"})


def broken_after(text):
    """What looks like a text on its way and breaks."""
    raise OSError(f"something else broke after {text}")


def text_in(path):
    return Path(path).read_text("utf-8")


def values(path):
    return {entry["key"]: entry["value"] for entry in json.loads(text_in(path))["values"]}


def exported(tmp_path, *variables, **more):
    return values(documents.export_environment(str(tmp_path / "e.json"), Environment(values=variables), **more))


MARKS = {"_postman_variable_scope": "environment", "_postman_exported_at": "2024-01-01T00:00:00.000Z"}
CLOCK = Clock(lambda: 1_800_000_000.5)


def marked(environment):
    return json.loads(dump(environment, environment.origin, "environment", exported_at=CLOCK.iso_now()))


def test_an_unchanged_environment_is_the_same_file(tmp_path):
    document = {"name": "é", "values": [{"key": "a", "type": "default", "value": "1"}], **MARKS}
    text = json.dumps(document, indent="\t", ensure_ascii=False) + "\n"
    (tmp_path / "e.json").write_bytes(text.encode())
    documents.export_environment(str(tmp_path / "out.json"), load_environment(str(tmp_path / "e.json")))
    assert (tmp_path / "out.json").read_bytes() == text.encode()


def test_a_changed_environment_says_when_and_by_what_it_was_written():
    source = {"name": "E", "values": [PLAIN.source], **MARKS, "color": "red"}
    environment = Environment(name="E", values=(replace(PLAIN, value="http://i"),), source=source)
    assert marked(environment) == {
        **source,
        "values": [{"key": "base", "value": "http://i", "type": "any"}],
        "_postman_exported_at": "2027-01-15T08:00:00.500Z",
        "_postman_exported_using": f"postrunner/{__version__}",
    }


def test_an_environment_of_the_barest_kind_gets_a_name_types_and_marks():
    document = marked(Environment(name="environment", values=(PLAIN,), source={"values": [PLAIN.source]}))
    assert document["name"] == document["_postman_variable_scope"] == "environment"
    assert document["values"] == [{"key": "base", "value": "http://h", "type": "any"}]
    assert document["_postman_exported_at"] == "2027-01-15T08:00:00.500Z"


def test_a_bare_list_stays_a_list():
    environment = Environment(values=(PLAIN,), origin=JsonOrigin(format="environment", bare_list=True))
    assert marked(environment) == [PLAIN.source]


def test_an_unchanged_collection_is_the_same_file(tmp_path):
    text = json.dumps({"info": {"name": "c", "x": 1.50}, "item": [], "variable": [{"key": "a", "value": "1"}]}, indent=4)
    (tmp_path / "c.json").write_text(text)
    collection = load_collection(str(tmp_path / "c.json"))
    path = documents.export_collection(str(tmp_path / "out.json"), collection, collection.variables)
    assert text_in(path) == text


def test_a_secret_of_the_file_itself_is_kept(tmp_path):
    assert exported(tmp_path, SECRET, PLAIN) == {"token": "file-value", "base": "http://h"}


@pytest.mark.parametrize("secret", [replace(SECRET, value="new-value"), Variable("token", "new-value", "secret")])
def test_a_secret_from_elsewhere_is_left_out(tmp_path, secret):
    exported(tmp_path, secret)
    assert "new-value" not in (tmp_path / "e.json").read_text()
    assert exported(tmp_path, secret, export_secrets=True) == {"token": "new-value"}


def test_a_variable_that_the_command_line_calls_secret_is_one(tmp_path):
    changed = replace(PLAIN, value="new-value")
    assert exported(tmp_path, changed, Variable("made", "new"), secret_names=("base", "made")) == {
        "base": "http://h",
        "made": "",
    }


def test_a_reference_to_a_vault_is_written_as_it_was_read(tmp_path):
    entry = {"key": "token", "secret": True, "source": {"provider": "vault"}, "enabled": True}
    (tmp_path / "in.json").write_text(json.dumps({"values": [entry]}))
    documents.export_environment(str(tmp_path / "e.json"), load_environment(str(tmp_path / "in.json")))
    assert json.loads((tmp_path / "e.json").read_text())["values"] == [entry]


def test_null_is_written_as_null(tmp_path):
    assert exported(tmp_path, Variable("a", None)) == {"a": None}


def test_a_variable_that_became_secret_keeps_its_mark_but_not_its_new_value(tmp_path):
    exported(tmp_path, replace(PLAIN, value="new-value", type="secret"))
    entry = json.loads((tmp_path / "e.json").read_text())["values"][0]
    assert (entry["type"], entry["value"]) == ("secret", "http://h")


@pytest.mark.parametrize(
    "value",
    [
        "open-Sesame-77",
        "Bearer open-Sesame-77",
        {"deep": ["open-Sesame-77"]},
        "b3Blbi1TZXNhbWUtNzc=",
        "6f70656e2d536573616d652d3737",
        "http://ada:other-pass@h/",
        '{"access_token": "found-by-its-field"}',
        "a=1&client_secret=found-by-its-field",
    ],
    ids=str,
)
def test_a_plain_variable_that_a_script_gave_a_known_secret_is_left_out(tmp_path, value):
    for secrets in (Secrets(["open-Sesame-77"]), Unmasked(["open-Sesame-77"])):
        made, changed = Variable("made", value), replace(PLAIN, value=value)
        assert exported(tmp_path, made, changed, secrets=secrets) == {"made": "", "base": "http://h"}
        warning = next(left_out.left_out("environment", [made, changed], (), secrets))
        assert '"made", "base"' in warning.message
        assert exported(tmp_path, made, export_secrets=True, secrets=secrets) == {"made": value}


def test_a_known_secret_that_stood_in_the_file_stays(tmp_path):
    held = replace(PLAIN, value="open-Sesame-77", source={"key": "base", "value": "open-Sesame-77"})
    assert exported(tmp_path, held, secrets=Secrets(["open-Sesame-77"])) == {"base": "open-Sesame-77"}
    assert not list(left_out.left_out("environment", [held], (), Secrets(["open-Sesame-77"])))


@pytest.mark.parametrize(("name", "value"), [("access_token", "abc"), ("pin", 1234), ("clientSecret", ["x-y-z"])])
def test_a_variable_whose_name_says_secret_is_left_out(tmp_path, name, value):
    kept = {"is_token": True, "token_type": "Bearer", "max_tokens": 4096, "token": "{{other}}", "password": None}
    plain = [Variable(key, given) for key, given in kept.items()]
    assert exported(tmp_path, Variable(name, value), *plain) == {name: "", **kept}


def test_a_variable_that_has_a_secret_in_its_name_is_left_out_wholly(tmp_path):
    secrets, made = Secrets(["open-Sesame-77"]), Variable("is open-Sesame-77", 1)
    assert exported(tmp_path, made, secrets=secrets) == {}
    assert "open-Sesame-77" not in next(left_out.left_out("environment", [made], (), secrets)).message


SENTENCE = (
    "every value that is secret by any rule (type or name of its variable, `--secret`, a known secret in it) and that the"
    " loaded file did not hold"
)


def test_all_pages_and_the_help_say_the_same_about_secrets_in_exports():
    docs = Path(__file__).resolve().parents[1] / "docs"
    for name in ("files", "secrets", "compatibility"):
        page = " ".join((docs / f"{name}.md").read_text("utf-8").split())
        assert f"Exports leave out {SENTENCE}; a warning names the variables, and `--export-secrets` writes them." in page
    assert SENTENCE.replace("`", "") in next(option.help for option in all_options() if option.name == "export_secrets")


def test_secret_collection_variables_are_left_out_too(tmp_path):
    (tmp_path / "c.json").write_text('{"item": [], "variable": [{"key": "k", "type": "secret", "value": ""}]}')
    collection = load_collection(str(tmp_path / "c.json"))
    changed = [replace(collection.variables[0], value="new-value")]
    path = str(tmp_path / "out.json")
    documents.export_collection(path, collection, changed)
    assert "new-value" not in text_in(path)
    documents.export_collection(path, collection, changed, export_secrets=True)
    assert "new-value" in text_in(path)


def test_a_folder_gets_newmans_name_with_the_time(tmp_path):
    stamp, folder = "2027-01-15-08-00-00-500-0", str(tmp_path)
    assert documents.export_globals(folder, Environment(), clock=CLOCK) == str(tmp_path / f"newman-globals-{stamp}.json")
    path = documents.export_environment(str(tmp_path / "new") + os.sep, Environment(), clock=CLOCK)
    assert path == str(tmp_path / "new" / f"newman-environment-{stamp}.json")


def test_missing_folders_are_made_and_nothing_else_is_left(tmp_path):
    write_text(str(tmp_path / "a" / "b" / "c.txt"), "é\n")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == "é\n".encode()
    assert os.listdir(tmp_path / "a" / "b") == ["c.txt"]


@pytest.mark.skipif(os.name == "nt", reason="permissions are different on Windows")
def test_permissions_and_links_of_an_existing_file_are_kept(tmp_path):
    (tmp_path / "real").write_text("old")
    os.chmod(tmp_path / "real", 0o600)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_text(str(tmp_path / "link"), "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    assert stat.S_IMODE(os.stat(tmp_path / "real").st_mode) == 0o600


def test_a_failure_is_clear_and_leaves_the_old_file(tmp_path):
    (tmp_path / "file").write_text("old")
    with pytest.raises(ExportError, match="cannot be written") as caught:
        write_text(str(tmp_path / "file" / "below.txt"), "x")
    assert "below.txt" in caught.value.where
    with pytest.raises(ExportError, match="something else broke"), writing(tmp_path / "file") as file:
        file.write(broken_after("half"))
    assert (tmp_path / "file").read_text() == "old"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="no devices here")
def test_a_device_is_written_to_and_not_replaced():
    write_text("/dev/null", "x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_the_page_about_files_has_every_export():
    page = (Path(__file__).resolve().parents[1] / "docs" / "files.md").read_text("utf-8")
    flags = {option.flag for option in all_options() if option.name.startswith("export_")}
    assert set(re.findall(r"--export-[a-z-]+", page)) == flags
    assert all(f"`newman-{kind}-<time>.json`" in page for kind in ("environment", "globals", "collection", "cookie-jar"))
