"""A mistyped command line: one message in one form, what to type instead, exit code 2; and the command `help`."""

import re

import pytest

from runner.cli.app import COMMANDS
from runner.options import all_options

FORM = re.compile(r"error: (?![A-Z][a-z])[^\n]*[^.\n]\n(  hint: [^\n]*[^.\n]\n)?")
"""One line, begun with a small letter and without a full stop, and at most one hint."""

MISTAKES = [
    ("ok.json", "there is no command 'ok.json'", "to run a collection write postrunner run ok.json"),
    ("ok.json -e e.json", "no command 'ok.json'", "postrunner run ok.json -e e.json"),
    ("https://h/c", "no command", "postrunner run https://h/c"),
    ("rnu c.json", "there is no command 'rnu'", "did you mean postrunner run?"),
    ("RUN", "'RUN'", "the commands are: run, request, watch,"),
    ("standin", "'standin'", "did you mean postrunner stand-in?"),
    ("version", "'version'", "did you mean postrunner --version?"),
    ("walk", "'walk'", "the commands are: run, "),
    ("collection run c.json -n 2", "'collection'", "write postrunner run c.json -n 2"),
    ("--verison", "there is no option '--verison'", "did you mean --version?"),
    ("-r cli c.json", "there is no option '-r'", "postrunner run -r …"),
    ("--environment e.json run c.json", "no option '--environment'", "postrunner run --environment …"),
    ("run c.json --timeuot 3", "there is no option '--timeuot'", "did you mean --timeout"),
    ("run c.json --zzz", "there is no option '--zzz'", "see postrunner run --help"),
    ("run c.json -e", "-e: needs a value", ""),
    ("run c.json --insecure=1", "--insecure: takes no value", ""),
    ("run c.json --color blue", "--color: 'blue' is none of auto, on, off", ""),
    ("run c.json --record-mode x", "--record-mode: 'x' is none of once, new, all, none", ""),
    ("check-users-file", "FILE is missing", "see postrunner check-users-file --help"),
    ("export c.json", "--to is missing", "see postrunner export --help"),
    ("demo x", "got unexpected extra argument (x)", "see postrunner demo --help"),
    ("stand-in tori", "there is no command 'tori'", "see postrunner stand-in --help"),
    ("stand-in torii --port x", "--port: 'x' is not a valid", ""),
    ("diff a.json", "A B: has 1 of the two that are compared", "or one collection with --against-environment"),
    (
        "diff a.json b.json -n 2",
        "--iteration-count: is for two runs, and nothing is run here",
        "--against-environment runs a collection",
    ),
    ("diff a.json b.json --fail-on speed", "--fail-on: has 'speed'", "it takes status, headers, body,"),
    ("diff a.json b.json --fail-on body --only status", "--fail-on: names 'body', which --only leaves out", ""),
    ("diff a.json b.json --fail-on slower:1x", "--fail-on: 'slower:1x' says no ratio above 1", "slower:2x is twice"),
    ("diff a.json b.json --only x", "--only: has 'x'", "it takes status, headers, body, assertions, times"),
    ("diff a.json b.json --ignore a.b", "--ignore: 'a.b' is not a path", "header.NAME leaves out a header"),
    ("diff a.json b.json --tolerance $.a", "--tolerance: '$.a' says no tolerance", ""),
    ("diff a.json b.json -r junit", "-r: has no 'junit'", "a comparison has cli, json, markdown, html"),
    ("diff a.json b.json -r cli,json", "-r: json and cli both go to standard output", "--reporter-json-export FILE"),
    ("diff a.json b.json --reporter-json-omit-bodies", "--reporter-json-omit-bodies: is for runs", ""),
    ("diff gone.json gone.json", "gone.json: ", ""),
    ("help nope", "there is no command 'nope'", ""),
]


@pytest.mark.parametrize(("line", "message", "hint"), MISTAKES, ids=lambda value: value)
def test_a_mistake_is_one_message_with_what_to_type_instead(postrunner, line, message, hint):
    done = postrunner(*line.split())
    assert (done.code, done.out) == (2, "")
    assert FORM.fullmatch(done.err)
    assert message in done.err
    assert not hint or f"  hint: {hint}" in done.err or hint in done.err.partition("hint: ")[2]


def test_a_file_of_any_name_is_taken_for_a_collection(postrunner, tmp_path):
    (tmp_path / "smoke").write_text("{}")
    assert "postrunner run smoke" in postrunner("smoke").err


@pytest.mark.parametrize("value", ["", "x", "-1", "1.5"])
@pytest.mark.parametrize("option", all_options(), ids=lambda option: option.name)
def test_a_bad_value_of_any_option_names_the_option(postrunner, option, value):
    if option.kind in ("flag", "bail"):
        return
    done = postrunner("run", "gone.json", f"{option.flag}={value}")
    assert done.code == 2
    assert FORM.fullmatch(done.err)
    assert option.flag in done.err or "gone.json" in done.err


def test_help_is_a_command(postrunner):
    assert postrunner("help").code == 0
    assert postrunner("help").out == postrunner("--help").out == postrunner("-h").out
    for name in COMMANDS:
        assert name in postrunner("help").out


@pytest.mark.parametrize(
    "words", [["run"], ["stand-in"], ["stand-in", "torii"], ["demo"], ["check-users-file"]], ids=" ".join
)
def test_help_of_a_command_is_what_the_command_says(postrunner, words):
    done = postrunner("help", *words)
    assert done.code == 0
    assert done.out == postrunner(*words, "--help").out
    assert done.out.startswith(f"Usage: postrunner {' '.join(words)}")
