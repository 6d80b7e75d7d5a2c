"""Configuration files and environment variables: order, forms, and what is wrong with them."""

import json
import os
from dataclasses import fields

import pytest

from runner.cli import config
from runner.cli.config import load_config
from runner.errors import UsageError
from runner.options import RunOptions
from tests.cli.conftest import item


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty current folder and home, and a function that writes files there."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))

    def write(path, content):
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content if isinstance(content, str) else json.dumps(content))

    return write


def refused(environ=None):
    with pytest.raises(UsageError) as caught:
        load_config(environ or {})
    return f"{caught.value} {caught.value.hint}"


def test_without_any_file_nothing_is_set(folder):
    assert load_config({}) == config.Config()


def test_each_place_wins_over_the_one_before(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(config, "FILES", ((str(tmp_path / "etc" / "newmanrc"), "rc"), *config.FILES[1:]))
    places = ["etc/newmanrc", "home/.postman/newmanrc", ".newmanrc", "pyproject.toml", "postrunner.toml"]
    for number, path in enumerate(places, 1):
        table = "[tool.postrunner]\n" if path == "pyproject.toml" else ""
        folder(path, f"{table}timeout = {number}\n" if path.endswith("toml") else {"timeout": number})
        assert load_config({}).values == {"timeout": number}
    assert load_config({"POSTRUNNER_TIMEOUT": "6"}).values == {"timeout": 6}


def test_the_command_line_wins_and_its_defaults_do_not(postrunner, collection, server, tmp_path):
    (tmp_path / "postrunner.toml").write_text(
        'reporters = ["json"]\niteration-count = 2\n[reporter.json]\nexport = "r.json"\n'
    )
    assert postrunner("run", collection(item("a", server.url))).out == ""
    assert len(server.seen) == 2
    assert "Iteration 3/3" in postrunner("run", collection(item("a", server.url)), "-n", "3", "-r", "cli").out


def test_newmans_file_has_its_options_at_the_top_or_below_run(folder):
    folder(".newmanrc", {"delayRequest": 1, "bail": True, "run": {"delayRequest": 2, "insecureFileRead": False}})
    assert load_config({}).values == {"delay_request": 2, "bail": "failure", "no_insecure_file_read": True}


def test_a_list_replaces_a_lower_one_and_options_of_reporters_are_merged(folder):
    folder(".newmanrc", {"reporters": ["json", "junit"], "reporter": {"json": {"export": "a"}, "cli": {"noBanner": True}}})
    folder("postrunner.toml", 'reporters = "cli"\n[reporter.json]\nexport = "b"\n')
    found = load_config({"POSTRUNNER_REPORTER_JUNIT_EXPORT": "c"})
    assert found.values == {"reporters": ("cli",)}
    assert found.reporter_options == {"json-export": "b", "cli-no-banner": "true", "junit-export": "c"}


@pytest.mark.parametrize(
    "value", [["a=1", "b=x=y"], {"a": 1, "b": "x=y"}, [{"key": "a", "value": 1}, {"key": "b", "value": "x=y"}]]
)
def test_variables_may_be_written_in_three_ways(folder, value):
    folder(".newmanrc", {"envVar": value})
    assert load_config({}).values == {"env_var": (("a", "1"), ("b", "x=y"))}


def test_environment_variables_have_one_value_a_line(folder):
    environ = {"POSTRUNNER_FOLDER": "a, b\nc", "POSTRUNNER_ENV_VAR": "x=1\ny=2", "POSTRUNNER_INSECURE": "yes"}
    assert load_config(environ).values == {
        "folder": ("a, b", "c"),
        "env_var": (("x", "1"), ("y", "2")),
        "insecure": True,
    }


def test_the_collections_to_run_may_stand_in_the_file(postrunner, collection, server, tmp_path):
    collection(item("a", server.url + "/a"), name="one")
    (tmp_path / "pyproject.toml").write_text('[tool.postrunner]\ncollection = "one.json"\n')
    assert postrunner("run").code == 0
    assert len(server.seen) == 1


def test_a_pyproject_of_another_project_is_not_even_parsed(folder):
    folder("pyproject.toml", "this is [ broken")
    assert load_config({}).values == {}


@pytest.mark.parametrize("key", [f.name for f in fields(RunOptions) if f.metadata])
def test_every_option_is_a_key_in_each_of_the_spellings(folder, key):
    names = config._names()
    first, *rest = key.split("_")
    assert {
        names[config._plain(k)] for k in (key, key.upper(), key.replace("_", "-"), first + "".join(map(str.title, rest)))
    } == {key}


BAD = {
    "broken-json": (".newmanrc", '{"timeout": }', ".newmanrc:1:13"),
    "a-list": (".newmanrc", "[]", ".newmanrc: options are an object"),
    "broken-toml": ("postrunner.toml", "timeout = \n", "postrunner.toml: not valid TOML"),
    "broken-pyproject": ("pyproject.toml", "[tool.postrunner\n", "pyproject.toml: not valid TOML"),
    "tool-is-no-table": ("pyproject.toml", "[tool]\npostrunner = 1\n", "is a table"),
    "unknown-key": ("postrunner.toml", "iteration_cuont = 2\n", "did you mean iteration-count?"),
    "unknown-key-far-off": (".newmanrc", {"zzz": 1}, "--help"),
    "number-as-text": (".newmanrc", {"timeout": "soon"}, ".newmanrc: timeout: 'soon' is not a whole number"),
    "negative": (".newmanrc", {"timeoutRequest": -1}, "timeoutRequest"),
    "count-zero": (".newmanrc", {"iterationCount": 0}, "from 1"),
    "true-as-count": (".newmanrc", {"iterationCount": True}, "True is not a whole number"),
    "switch": (".newmanrc", {"insecure": "maybe"}, "neither true nor false"),
    "choice": (".newmanrc", {"color": "pink"}, "none of auto, on, off"),
    "bail": (".newmanrc", {"bail": ["failure", "never"]}, "'never' is none of"),
    "pair": (".newmanrc", {"envVar": ["novalue"]}, "not KEY=VALUE"),
    "pair-without-key": (".newmanrc", {"envVar": [{"value": 1}]}, "needs a key"),
    "no-names": (".newmanrc", {"reporters": " , "}, "names nothing"),
    "object-as-text": (".newmanrc", {"environment": {"a": 1}}, "is not text"),
    "size": (".newmanrc", {"maxResponseSize": "big"}, "is not a size"),
    "reporter-is-no-object": (".newmanrc", {"reporter": "cli"}, "options of reporters"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_in_a_file_is_told_with_its_place(folder, case):
    path, content, text = BAD[case]
    folder(path, content)
    assert text in refused()


def test_a_misspelt_environment_variable_is_an_error_and_a_strange_one_a_warning(folder, postrunner, monkeypatch):
    assert "POSTRUNNER_TIMEOUT_REQUEST" in refused({"POSTRUNNER_TIMEOUT_REQEST": "1"})
    monkeypatch.setenv("POSTRUNNER_MASCOT", "owl")
    assert "POSTRUNNER_MASCOT is not an option" in postrunner("run", "gone.json").err


def test_a_bad_environment_variable_names_itself(folder):
    assert "POSTRUNNER_TIMEOUT: 'x'" in refused({"POSTRUNNER_TIMEOUT": "x"})


def test_reading_configuration_costs_no_toml_parser(folder):
    import subprocess
    import sys

    code = "import sys; from runner.cli.config import load_config; load_config({}); print('tomllib' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(config.__file__).rsplit("runner", 1)[0]}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    "text", ["[tool]\npostrunner = {timeout = 1}", "tool.postrunner.timeout = 1", "[ tool . postrunner ]\ntimeout = 1"]
)
def test_the_table_in_pyproject_may_be_written_in_every_form_of_toml(folder, text):
    folder("pyproject.toml", text)
    assert load_config({}).values == {"timeout": 1}
