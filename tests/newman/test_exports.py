"""Files that a run leaves: what a job that had Newman before reads from them, and where it looks for them."""

import json
import re

import pytest

from tests.cli.conftest import item

STAMP = r"\d{4}(-\d\d){5}-\d{3}-0"
TWO = [{"key": "one", "value": "1"}, {"key": "two", "value": "2"}]


def typed(*entries):
    return [{**entry, "type": "any"} for entry in entries]


def only_file(folder):
    [path] = folder.iterdir()
    return path


def read(path):
    return json.loads(path.read_text("utf-8"))


@pytest.fixture
def variables(tmp_path):
    (tmp_path / "vars.json").write_text(json.dumps({"name": "mine", "values": TWO}))
    return "vars.json"


@pytest.mark.parametrize(("flag", "kind"), [("-e", "environment"), ("-g", "globals")])
@pytest.mark.parametrize("path", ["/status/200", "/status/500"])
def test_an_export_says_what_it_is_and_when_it_was_written(
    postrunner, collection, server, variables, tmp_path, flag, kind, path
):
    one = item("a", server.url + path, "pm.test('ok', () => pm.response.to.be.ok)")
    done = postrunner("run", collection(one), flag, variables, f"--export-{kind}", "out.json")
    found = read(tmp_path / "out.json")
    assert done.code == (0 if path == "/status/200" else 1)
    assert (found["name"], found["values"], found["_postman_variable_scope"]) == ("mine", typed(*TWO), kind)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z", found["_postman_exported_at"])


@pytest.mark.parametrize("kind", ["environment", "globals"])
def test_a_folder_gets_one_file_with_newmans_name(postrunner, collection, server, tmp_path, kind):
    (tmp_path / "out").mkdir()
    postrunner("run", collection(item("a", server.url)), f"--export-{kind}", "out")
    assert re.fullmatch(rf"newman-{kind}-{STAMP}\.json", only_file(tmp_path / "out").name)


@pytest.mark.parametrize(("flag", "kind"), [("--env-var", "environment"), ("--global-var", "globals")])
def test_variables_of_the_command_line_are_exported_under_the_default_name(
    postrunner, collection, server, tmp_path, flag, kind
):
    postrunner("run", collection(item("a", server.url)), flag, "color=dark=blue", f"--export-{kind}", "out.json")
    found = read(tmp_path / "out.json")
    assert found["name"] == kind
    assert found["values"] == typed({"key": "color", "value": "dark=blue"})


def test_variables_of_the_command_line_come_after_those_of_the_file(postrunner, collection, server, variables, tmp_path):
    postrunner(
        "run", collection(item("a", server.url)), "-g", variables, "--global-var", "x=y", "--export-globals", "o.json"
    )
    assert read(tmp_path / "o.json")["values"] == typed(*TWO, {"key": "x", "value": "y"})


@pytest.mark.parametrize(("kind", "name"), [("environment", "environment"), ("globals", "globals")])
def test_a_file_without_a_name_gets_one(postrunner, collection, server, tmp_path, kind, name):
    (tmp_path / "vars.json").write_text(json.dumps({"values": TWO}))
    postrunner("run", collection(item("a", server.url)), f"--{kind}", "vars.json", f"--export-{kind}", "out.json")
    assert read(tmp_path / "out.json")["name"] == name


def test_what_scripts_set_without_any_file_is_exported(postrunner, collection, server, tmp_path):
    script = "pm.environment.set('made', 'here'); pm.globals.set('also', 7)"
    postrunner(
        "run", collection(item("a", server.url, script)), "--export-environment", "e.json", "--export-globals", "g.json"
    )
    assert read(tmp_path / "e.json")["values"] == typed({"key": "made", "value": "here"})
    assert read(tmp_path / "g.json")["values"] == typed({"key": "also", "value": 7})


def test_exporting_over_the_file_that_was_read_changes_nothing_the_second_time(
    postrunner, collection, server, variables, tmp_path
):
    command = ("run", collection(item("a", server.url)), "-e", variables, "--export-environment", variables)
    postrunner(*command)
    first = (tmp_path / variables).read_bytes()
    postrunner(*command)
    assert (tmp_path / variables).read_bytes() == first


@pytest.mark.parametrize(("reporter", "extension"), [("json", "json"), ("junit", "xml"), ("html", "html")])
def test_a_report_without_a_path_goes_into_newmans_folder(postrunner, collection, server, tmp_path, reporter, extension):
    postrunner("run", collection(item("a", server.url)), "-r", reporter)
    assert re.fullmatch(rf"newman-run-report-{STAMP}\.{extension}", only_file(tmp_path / "newman").name)


@pytest.mark.parametrize("reporter", ["json", "junit", "html"])
def test_a_report_into_a_folder_is_one_file(postrunner, collection, server, tmp_path, reporter):
    (tmp_path / "out").mkdir()
    done = postrunner("run", collection(item("a", server.url)), "-r", reporter, f"--reporter-{reporter}-export=out")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert only_file(tmp_path / "out").stat().st_size


def test_cookies_of_a_run_can_be_loaded_by_the_next(postrunner, collection, server, tmp_path):
    script = f"pm.cookies.jar().set({server.url!r}, 'taste', 'sweet', () => {{}})"
    (tmp_path / "out").mkdir()
    postrunner("run", collection(item("a", server.url, prerequest=script)), "--export-cookie-jar", "out")
    jar = only_file(tmp_path / "out")
    assert re.fullmatch(rf"newman-cookie-jar-{STAMP}\.json", jar.name)
    assert [cookie["key"] for cookie in read(jar)["cookies"]] == ["taste"]
