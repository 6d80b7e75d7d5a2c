"""`postrunner export`: what a writer is given, and where its texts go."""

import json
import sys
from types import ModuleType

import pytest

from runner.cli.commands.files.export import command
from runner.foreign.exporting import export_collection
from runner.foreign.imported import Note
from runner.foreign.table import WRITERS, Writer
from runner.foreign.written import Written
from runner.formats.load import read_collection
from runner.options import RunOptions


def collection(*items, **more):
    return {"info": {"name": "C", "schema": "x"}, "item": list(items), **more}


def item(name, request="http://h/", **more):
    return {"name": name, "request": request, **more}


@pytest.fixture
def given(monkeypatch):
    """What the writer of the format `fake` was given."""
    taken = []
    module = ModuleType("fake_writer")

    def write(collection, options):
        taken[:] = [collection, options]
        return Written(files={"a.txt": "text\n"})

    module.write = write
    monkeypatch.setitem(sys.modules, "fake_writer", module)
    monkeypatch.setitem(WRITERS, "fake", Writer("fake", "fake_writer"))
    return taken


def exported(given, document, **options):
    export_collection(read_collection(document), "fake", RunOptions(**options))
    return given


def names(found):
    return [one.name for one in found.items]


def test_only_what_is_selected_is_exported_in_the_order_of_the_collection(given):
    folder = {"name": "F", "item": [item("b"), item("c")]}
    found, _ = exported(given, collection(item("a"), folder, {"name": "G", "item": [item("d")]}), folder=("d", "F"))
    assert names(found) == ["F", "G"]
    assert names(found.items[0]) == ["b", "c"]


def test_a_secret_variable_keeps_its_name_and_loses_its_value(given):
    variables = [{"key": "apiKey", "value": "s3cr3t-value"}, {"key": "host", "value": "h"}]
    found, options = exported(given, collection(item("a"), variable=variables))
    assert {one.key: one.value for one in found.variables} == {"apiKey": "", "host": "h"}
    assert options.secrets == {"apiKey": "API_KEY"}
    assert "s3cr3t-value" not in json.dumps(found.source)


def test_a_secret_of_an_environment_is_in_no_environment(given):
    _, options = exported(given, collection(item("a")), env_var=(("token", "s3cr3t-value"), ("plain", "text")))
    assert {one.key: one.value for one in options.environment.values} == {"token": "", "plain": "text"}
    assert options.secrets == {"token": "TOKEN"}


def literal(key):
    return [{"key": key, "value": "abcdef123456"}]


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ({"header": literal("X-Api-Key")}, "{{X_API_KEY}}"),
        ({"header": [{"key": "Authorization", "value": "Bearer abcdef123456"}]}, "Bearer {{AUTHORIZATION}}"),
        ({"body": {"mode": "raw", "raw": '{"password": "abcdef123456", "a": 1}'}}, '{"password": "{{PASSWORD}}", "a": 1}'),
        ({"body": {"mode": "urlencoded", "urlencoded": literal("client_secret")}}, "{{CLIENT_SECRET}}"),
        ({"url": "http://h/?api_key=abcdef123456"}, "http://h/?api_key={{API_KEY}}"),
        ({"auth": {"type": "bearer", "bearer": literal("token")}}, "{{TOKEN}}"),
        ({"auth": {"type": "apikey", "apikey": [{"key": "key", "value": "X-Own"}, *literal("value")]}}, "{{X_OWN}}"),
    ],
)
def test_a_secret_that_is_written_into_a_request_becomes_a_variable(given, part, shown):
    found, options = exported(given, collection(item("a", {"url": "http://h/", "method": "POST", **part})))
    text = json.dumps(found.source)
    assert json.dumps(shown)[1:-1] in text
    assert "abcdef123456" not in text
    assert f"{{{{{next(iter(options.secrets))}}}}}" in shown


def test_a_secret_in_a_text_never_gets_the_name_of_a_variable(given):
    document = collection(
        item("a", {"url": "http://h/", "header": literal("X-Api-Key")}), variable=[{"key": "X_API_KEY", "value": "1"}]
    )
    found, options = exported(given, document)
    assert found.items[0].request.headers[0].value == "{{X_API_KEY_2}}"
    assert options.secrets == {"X_API_KEY": "X_API_KEY", "X_API_KEY_2": "X_API_KEY_2"}


def test_variables_in_a_secret_text_stay_variables(given):
    headers = [{"key": "Authorization", "value": value} for value in ("Bearer{{token}}", "abcdef-{{token}}")]
    found, _ = exported(given, collection(item("a", {"url": "http://h/", "header": headers})))
    assert [one.value for one in found.items[0].request.headers] == ["Bearer{{token}}", "{{AUTHORIZATION}}{{token}}"]


def test_two_secrets_of_one_name_get_two_names_and_one_secret_has_one(given):
    headers = [[{"key": "X-Api-Key", "value": value}] for value in ("abcdef123456", "other1234567", "abcdef123456")]
    items = [item(str(at), {"url": "http://h/", "header": header}) for at, header in enumerate(headers)]
    found, _ = exported(given, collection(*items))
    assert [one.request.headers[0].value for one in found.items] == ["{{X_API_KEY}}", "{{X_API_KEY_2}}", "{{X_API_KEY}}"]


def test_a_name_that_the_shell_uses_itself_is_no_environment_variable(given):
    _, options = exported(given, collection(item("a")), env_var=(("path", "s3cr3t-value"),), secret=("path",))
    assert options.secrets == {"path": "POSTMAN_PATH"}


@pytest.fixture
def file(given, monkeypatch, tmp_path):
    monkeypatch.setattr(next(one for one in command.params if one.name == "format").type, "choices", ["fake"])
    path = tmp_path / "c.json"
    path.write_text(json.dumps(collection(item("a"))))
    return path


def test_the_text_goes_to_standard_output(postrunner, file):
    done = postrunner("export", file, "--to", "fake")
    assert (done.code, done.out, done.err) == (0, "text\n", "")


def test_a_file_that_is_there_is_replaced_only_with_force(postrunner, file, tmp_path):
    target = tmp_path / "out.txt"
    target.write_text("mine")
    done = postrunner("export", file, "--to", "fake", "-o", target)
    assert (done.code, target.read_text()) == (2, "mine")
    assert postrunner("export", file, "--to", "fake", "-o", target, "--force").code == 0
    assert target.read_text() == "text\n"


def test_several_files_go_into_a_folder_and_never_to_standard_output(postrunner, file, monkeypatch, tmp_path):
    monkeypatch.setitem(WRITERS, "fake", Writer("fake", "fake_writer", folder=True))
    assert postrunner("export", file, "--to", "fake").code == 2
    assert postrunner("export", file, "--to", "fake", "-o", tmp_path / "new").code == 0
    assert (tmp_path / "new" / "a.txt").read_text() == "text\n"


def test_what_is_not_carried_over_is_told_and_fails_with_strict(postrunner, file, given):
    sys.modules["fake_writer"].write = lambda *_: Written(files={"a": "x"}, notes=[Note("is lost", item="a")])
    done = postrunner("export", file, "--to", "fake")
    assert (done.code, done.err) == (0, "a: is lost\n")
    assert postrunner("export", file, "--to", "fake", "--strict").code == 1
