"""The keywords of `runner.run`: their types, and what may be given for them."""

import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest

import runner
from runner.errors import UsageError
from runner.model.variable import Environment
from runner.options import RunOptions
from runner.python.given import collections_of, options_from
from runner.python.keywords import Keywords
from tests.python.conftest import document, item


def options(**given):
    return options_from(given, RunOptions(reporters=()))


def test_every_option_is_a_keyword_but_those_of_the_command_line():
    names = {field.name for field in fields(RunOptions)} - {"dry_run", "list_items"}
    assert set(get_type_hints(Keywords)) == names


GOOD = """
from pathlib import Path
from typing import assert_type
import httpx
import runner

async def later() -> None:
    assert_type(await runner.arun("c.json", folder="Users"), runner.Result)

def now(transport: httpx.ASGITransport) -> None:
    data = {"a": 1}
    result = runner.run(
        Path("c.json"), environment={"base_url": "http://x", "n": 1}, folder="Users", iteration_data=[data],
        transport=transport, env_var={"a": "b", "n": 1}, bail=True, reporters="html", export_environment=Path("e.json"),
        allow_read=[Path(".")], reporter_options={"html": {"export": Path("r.html")}}, timeout=None,
    )
    assert_type(result, runner.Result)
    for execution in result.executions:
        if execution.response is not None:
            assert_type(execution.response.status_code, int)
    result.raise_for_failures()
    runner.run([Path("a.json"), {"info": {}}], runner.RunOptions(iteration_count=3))
    runner.run("c.json", env_var=(("base_url", "http://x"),), environment=("a.json", "b.json"), folder=("Smoke",))
"""
BAD = """
import runner
runner.run("c.json", foldr="Users")
runner.run("c.json", folder=1)
runner.run("c.json", iteration_count="3")
runner.run("c.json", color="blue")
runner.run("c.json", jobs="many")
runner.run("c.json", dry_run=True)
runner.run(3)
runner.run("c.json", iteration_data=[1])
runner.run("c.json").executions[0].respnse
"""


def test_mypy_accepts_what_is_meant_and_finds_wrong_names_and_types(tmp_path):
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "bad.py").write_text(BAD)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file=", "good.py", "bad.py"]
    done = subprocess.run([*command, f"--cache-dir={tmp_path / 'cache'}"], capture_output=True, text=True, cwd=tmp_path)
    found = [line.split(" error: ")[0] for line in done.stdout.splitlines() if " error: " in line]
    lines = range(3, 3 + BAD.count("runner.run("))
    assert list(dict.fromkeys(found)) == [f"bad.py:{line}:" for line in lines], done.stdout


@pytest.mark.parametrize(
    ("name", "given", "taken"),
    [
        ("folder", "Users", ("Users",)),
        ("folder", ["a", "b"], ("a", "b")),
        ("folder", (name for name in "ab"), ("a", "b")),
        ("env_file", Path("x.env"), ("x.env",)),
        ("allow_read", [Path("a"), "b"], ("a", "b")),
        ("cookie_jar", Path("jar.json"), "jar.json"),
        ("environment", "a.json", ("a.json",)),
        ("environment", [Path("a.json"), "b.json"], ("a.json", "b.json")),
        ("globals", Path("g.json"), "g.json"),
        ("iteration_data", Path("d.csv"), "d.csv"),
        ("iteration_data", [{"a": 1}, {"a": Path("x")}], ({"a": 1}, {"a": "x"})),
        ("iteration_data", {"a": None}, ({"a": None},)),
        ("env_var", {"a": "b", "n": 1.5, "t": True}, (("a", "b"), ("n", "1.5"), ("t", "true"))),
        ("env_var", [("a", "b"), "c=d"], (("a", "b"), ("c", "d"))),
        ("env_var", "a=b", (("a", "b"),)),
        ("env_var", [{"key": "a", "value": "b"}], (("a", "b"),)),
        ("bail", True, "failure"),
        ("bail", False, None),
        ("bail", ["folder", "failure"], "folder,failure"),
        ("reporters", "html,junit", ("html", "junit")),
        ("reporters", ["html"], ("html",)),
        ("reporters", [], ()),
        ("reporter_options", {"junit": {"export": Path("x.xml")}, "b": 1}, (("junit-export", "x.xml"), ("b", "1"))),
        ("reporter_options", (("junit-export", "x"),), (("junit-export", "x"),)),
        ("max_response_size", "10kB", 10240),
        ("retry_on", "429,5xx", ("429", "5xx")),
        ("seed", 7, "7"),
        ("folder", None, ()),
    ],
)  # fmt: skip
def test_a_keyword_takes_whatever_can_be_meant(name, given, taken):
    assert getattr(options(**{name: given}), name) == taken


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("iteration_count", 0),
        ("iteration_count", True),
        ("color", "blue"),
        ("folder", ""),
        ("folder", 5j),
        ("environment", 5),
        ("environment", {"a": object()}),
        ("environment", ""),
        ("globals", [1]),
        ("iteration_data", [1]),
        ("iteration_data", 5),
        ("env_var", {"a": None}),
        ("env_var", [("a",)]),
        ("bail", "sometimes"),
        ("retry_on", "sometimes"),
    ],
)
def test_a_value_that_cannot_be_meant_is_named(name, given):
    with pytest.raises(UsageError) as caught:
        options(**{name: given})
    assert caught.value.where.split(".")[0] == name


def test_an_unknown_keyword_names_the_nearest():
    with pytest.raises(TypeError, match=r"'foldr': did you mean 'folder'\?"):
        runner.run(document(), foldr="Users")


def test_keywords_win_over_options():
    taken = options_from({"folder": "b"}, RunOptions(folder=("a",), iteration_count=2))
    assert (taken.folder, taken.iteration_count) == (("b",), 2)


def test_variables_of_a_mapping_keep_their_types_and_those_that_name_a_secret_are_one():
    (environment,) = options(environment={"n": 1, "list": [1], "api_key": "k"}).environment
    assert [(one.key, one.value, one.secret) for one in environment.values] == [
        ("n", 1, False),
        ("list", [1], False),
        ("api_key", "k", True),
    ]


@pytest.mark.parametrize("form", [dict, list])
def test_what_a_file_of_variables_holds_may_be_given_in_its_place(form):
    rows = [{"key": "a", "value": "1"}, {"key": "b", "value": "2", "enabled": False}]
    given = {"name": "ci", "values": rows} if form is dict else rows
    (environment,) = options(environment=given).environment
    assert isinstance(environment, Environment)
    assert [(one.key, one.disabled) for one in environment.values] == [("a", False), ("b", True)]


def test_collections_are_one_or_whatever_holds_several():
    assert collections_of(Path("a.json")) == ["a.json"]
    assert collections_of(Path(name) for name in ("a.json", "b.json")) == ["a.json", "b.json"]
    with pytest.raises(UsageError, match="a number is not a collection"):
        collections_of(3)
    with pytest.raises(UsageError, match="null is not a collection"):
        collections_of([None])


def test_variables_and_rows_given_by_value_reach_the_requests(app):
    runner.run(
        document(item("a", path="/{{version}}/{{user}}")),
        environment=[{"version": "v1"}, {"version": "v2"}],
        iteration_data=[{"user": "ann"}, {"user": "bob"}],
        transport=app,
    )
    assert app.seen == ["/v2/ann", "/v2/bob"]


def test_no_rows_are_one_iteration_and_a_warning(app):
    result = runner.run(document(item("a")), iteration_data=[], transport=app)
    assert app.seen == ["/"]
    assert [warning.code for warning in result.warnings] == ["no-data"]


def test_a_secret_given_by_value_is_masked_in_reports(app, tmp_path):
    runner.run(
        document(item("a", path="/{{api_key}}")),
        environment={"api_key": "wonderful-key"},
        reporters="json,html",
        reporter_options={"json": {"export": tmp_path / "r.json"}, "html": {"export": tmp_path / "r.html"}},
        transport=app,
    )
    assert app.seen == ["/wonderful-key"]
    assert not any("wonderful" in (tmp_path / name).read_text() for name in ("r.json", "r.html"))
