"""Reporters of npm packages by their names: every option that they document is taken, and hides what it hides there."""

import json
from pathlib import Path

import pytest

from runner.errors import UsageError
from runner.options import RunOptions
from runner.reporters.known_options import find_option
from runner.reporters.npm.aliases import html_extra, junit_full
from runner.reporters.option_table import TABLES
from tests.cli.conftest import collection, item, postrunner, server
from tests.reporters.conftest import TOKEN, Scenario

__all__ = ["collection", "postrunner", "server"]  # fixtures
DOCUMENTED = json.loads((Path(__file__).parent / "npm_options.json").read_text())
PAIRS = [(name, option) for name, options in DOCUMENTED.items() for option in options]


@pytest.mark.parametrize(("name", "option"), PAIRS)
def test_every_option_that_a_package_documents_is_one(name, option):
    found = find_option(f"{name}-{option}")
    assert (found.reporter, found.key.replace("-", "")) == (name, option.replace("-", "").lower())


def test_htmlextra_has_all_26_and_no_other():
    assert len(DOCUMENTED["htmlextra"]) == len(TABLES["htmlextra"]) == 26


@pytest.fixture
def page(tmp_path):
    """The page of a run with these options."""

    def write(scenario, **given):
        pairs = {"htmlextra-export": str(tmp_path / "r.html")}
        pairs |= {f"htmlextra-{name.replace('_', '-')}": value for name, value in given.items()}
        scenario.report(html_extra, options=RunOptions(reporter_options=tuple(pairs.items())))
        return (tmp_path / "r.html").read_text("utf-8")

    return write


@pytest.fixture
def run():
    """A request that passes and one in a folder that fails, each with a body of its own."""
    run = Scenario().start().iteration().begin().request(body=b"first answer", posted=b"first question").check("ok").end()
    run.begin(run.deep).request(body=b"second answer", posted=b"second question").check("bad", "no luck").end()
    return run.end_iteration().finish()


WORDS = ["first question", "first answer", "second question", "second answer", "no luck", "application/json", "api.test"]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, []),
        ({"show_only_fails": "true"}, ["first question", "first answer"]),
        ({"hide_request_body": "List users,x"}, ["first question"]),
        ({"hide_response_body": "Add user"}, ["second answer"]),
        ({"skip_folders": "Admin"}, ["second question", "second answer", "no luck"]),
        ({"skip_requests": "List users, Add user"}, WORDS[:6]),
        ({"omit_request_bodies": "true"}, ["first question", "second question"]),
        ({"omit_response_bodies": "true"}, ["first answer", "second answer"]),
        ({"skip_sensitive_data": "true"}, [*WORDS[:4], "application/json"]),
    ],
    ids=str,
)
def test_what_an_option_hides_is_not_in_the_page(page, run, given, missing):
    text = page(run, **given)
    assert [word for word in WORDS[:5] if word not in text] == [word for word in missing if word in WORDS[:5]]


def test_headers_can_be_left_out_by_name(page, run):
    assert "charset=utf-8" in page(run)
    text = page(run, skip_headers="content-type, AUTHORIZATION")
    assert '"Content-Type"' not in text
    assert '"Authorization"' not in text
    assert '"Set-Cookie"' in text
    assert '"curl"' not in text


def test_variables_can_be_left_out_by_name(page, run):
    assert '<th scope="row">base' in page(run)
    assert '<th scope="row">base' not in page(run, skip_environment_vars="base")


def test_titles_and_the_time_zone(page, run):
    text = page(run, title="Nightly", browser_title=f"Tab {TOKEN}", timezone="Australia/Sydney")
    assert "<title>Tab ••••</title>" in text
    assert "<h1>Nightly</h1>" in text
    assert "19:00:00 Australia/Sydney</time>" in text
    with pytest.raises(UsageError, match="no time zone 'Mars'"):
        page(run, timezone="Mars")


def test_junitfull_is_junit(run, tmp_path):
    run.report(junit_full, options=RunOptions(reporter_options=(("junitfull-export", str(tmp_path / "r.xml")),)))
    assert "<testsuites" in (tmp_path / "r.xml").read_text()


def test_a_line_of_newman_runs_when_one_word_has_changed(postrunner, collection, server, tmp_path):
    words = []
    for option in DOCUMENTED["htmlextra"]:
        name = next(one.name for one in TABLES["htmlextra"] if one.name.replace("-", "") == option.lower())
        declared = next(one for one in TABLES["htmlextra"] if one.name == name)
        value = {"export": "r.html", "timezone": "UTC", "titleSize": "4"}.get(option, "x")
        words += [f"--reporter-htmlextra-{option}", *([] if declared.is_flag else [value])]
    done = postrunner("run", collection(item("a", server.url)), "-r", "htmlextra", *words)
    assert done.code == 0
    assert (tmp_path / "r.html").exists()
    (note,) = done.err.splitlines()
    assert note.count("--reporter-htmlextra-") == 10
    assert note.endswith("changed the looks of another report, and change nothing in this one")
