"""What is told of a failure: line of the script, exchange, curl command; and the line at the foot of a terminal."""

import io
import shlex
import subprocess
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.events import RequestFinished
from runner.model.collection import Event as ScriptEvent
from runner.model.collection import Item, Script
from runner.model.request import Body, FormParam, Header, Request, Url
from runner.options import RunOptions
from runner.reporters.cli.report import Cli
from runner.reporters.context import is_watched
from runner.reporters.curl import curl_arguments, curl_command, quoted
from runner.reporters.details import exchange_text, source_line
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker
from tests.reporters.conftest import TOKEN, Scenario, exchanged


def sent(secrets=(), **fields):
    request, exchange = exchanged(**fields)
    return Masker(Secrets(secrets)).masked(RequestFinished(item=None, source="item", request=request, exchange=exchange))


def script(text, secrets=()):
    return Masker(Secrets(secrets)).masked(Script(id="s1", exec=text))


def unsent(**fields):
    request = Request(url=Url(protocol="http", host=("h",), path=("p",)), **fields)
    return RequestFinished(item=None, source="item", request=request)


# -- curl -------------------------------------------------------------------------------------------------------------


def test_a_command_splits_into_its_arguments():
    event = sent(method="POST", posted=b'it\'s $HOME "x" `y` \\z', sent=(("X-A", "b c'd"), ("Content-Type", "text/plain")))
    assert shlex.split(curl_command(event)) == ["curl", *curl_arguments(event)]
    assert curl_arguments(event) == [
        *("-H", "X-A: b c'd", "-H", "Content-Type: text/plain"),
        *("--data-raw", 'it\'s $HOME "x" `y` \\z', "http://api.test/users"),
    ]


@given(st.text())
def test_any_text_is_one_argument(text):
    if quoted(text).startswith("$'"):
        assert "\n" not in quoted(text)
    else:
        assert shlex.split(quoted(text)) == [text]


@pytest.mark.skipif(which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("text", ["a\nb", "it's\r\n\t\\n", "\x01\x7f\x85 é €", "\x1b[2J'\"", "\x011"])
def test_control_characters_come_back_from_a_shell(text):
    command = [which("bash"), "-c", f"printf %s {quoted(text)}"]
    assert subprocess.run(command, capture_output=True, check=True).stdout.decode() == text


def test_secrets_of_a_command_are_masked():
    event = sent(
        [TOKEN], method="PUT", url=f"http://me:{TOKEN}@h/x?sig=abc&t={TOKEN}", posted=f'{{"a": "{TOKEN}"}}'.encode()
    )
    assert TOKEN not in curl_command(event)
    assert "Authorization: Bearer ••••" in curl_arguments(event)
    assert "http://me:••••@h/x?sig=••••&t=••••" in curl_arguments(event)


@pytest.mark.parametrize(
    ("method", "posted", "options"),
    [
        ("GET", b"", []),
        ("GET", b"x", ["-X", "GET"]),
        ("POST", b"x", []),
        ("POST", b"", ["-X", "POST"]),
        ("HEAD", b"", ["--head"]),
        ("PURGE", b"", ["-X", "PURGE"]),
    ],
)
def test_the_method_is_named_where_curl_would_take_another(method, posted, options):
    found = curl_arguments(sent(method=method, posted=posted, sent=()))
    assert found[: len(options)] == options
    assert ("-X" in found) == ("-X" in options)


def test_what_only_the_runner_added_is_left_out():
    headers = (Header("Accept", "*/*", system=True), Header("Accept-Encoding", "gzip", system=True), Header("X-Own", ""))
    assert curl_arguments(unsent(headers=headers)) == ["--compressed", "-H", "X-Own;", "http://h/p"]


def test_form_data_is_given_field_by_field():
    fields = (
        FormParam(key="a", value="@b"),
        FormParam(key="f", type="file", src=("x.txt", "y.txt")),
        FormParam(key="z", disabled=True),
    )
    found = curl_arguments(unsent(method="POST", body=Body(mode="formdata", formdata=fields)))
    assert found == ["--form-string", "a=@b", "-F", "f=@x.txt", "-F", "f=@y.txt", "http://h/p"]


def test_a_body_that_is_no_text_and_brackets_in_urls_are_said():
    found = curl_arguments(sent(method="POST", posted=b"\xff\x00", url="http://h/[1]", sent=(("Content-Type", "x/y"),)))
    assert found[-4:] == ["--data-binary", "@FILE", "--globoff", "http://h/[1]"]


def test_a_run_without_verification_is_repeated_without():
    assert curl_arguments(sent(sent=()), insecure=True)[0] == "--insecure"


# -- the line of the script -------------------------------------------------------------------------------------------


def test_the_caret_stands_under_the_column():
    assert source_line(script("a\n   user.nothing.here();\nb"), 2, 17) == ["2 | user.nothing.here();", "                 ^"]


def test_of_a_long_line_the_part_around_the_column_is_shown():
    text = "x" * 5000 + "!" + "y" * 5000
    line, caret = source_line(script(text), 1, 5001, 60)
    assert len(line) <= 60
    assert line[caret.index("^")] == "!"


@pytest.mark.parametrize("line", [None, 0, 3])
def test_a_line_that_is_not_there_is_not_shown(line):
    assert source_line(script("a\nb"), line, 1) == []


def test_a_secret_in_the_line_is_masked_and_has_no_caret():
    assert source_line(script(f"login('{TOKEN}')", [TOKEN]), 1, 4) == ["1 | login('••••')"]


def with_script(text):
    scenario = Scenario()
    events = (ScriptEvent(listen="test", script=Script(id="s1", exec=text)),)
    scenario.root = Item(
        id="i1", name="List users", request=scenario.root.request, source=scenario.root.source, events=events
    )
    scenario.collection = type(scenario.collection)(id="c1", name="Sample API", items=(scenario.root,))
    return scenario.start()


def test_the_table_of_failures_shows_line_exchange_and_command():
    scenario = with_script("one();\n  two();").begin().request(body=b'{"id": 7}').script(error="no", line=2, column=3).end()
    text = scenario.finish().report(Cli)
    assert "\n    2 | two();\n        ^\n" in text
    assert "\n    > GET http://api.test/users\n    > Authorization: Bearer ••••\n" in text
    assert "    < {\"id\": 7}\n\n    curl -H 'Authorization: Bearer ••••'" in text


def test_details_can_be_left_out(scenario):
    options = RunOptions(reporter_options=(("cli-no-failure-details", "true"),))
    text = scenario.begin().request().check("a", "no").end().finish().report(Cli, options=options)
    assert "curl" not in text
    assert "at assertion:0" in text


def test_details_of_thousands_of_failures_are_those_of_the_first():
    scenario = Scenario(cycles=300).start()
    for number in range(300):
        scenario.iteration(number).begin().request().check("a", "no").end().end_iteration()
    assert scenario.finish().report(Cli).count("    curl ") == 20


def test_an_exchange_is_shortened():
    lines = list(exchange_text(sent(body=b"x" * 5000, sent=(("X-Long", "y" * 5000),))))
    assert lines[1] == "> X-Long: " + "y" * 292 + "..."
    assert lines[-1] == "< ... 4000 more characters"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_nothing_but_words_and_commands_is_wider_than_the_screen(scenario, width):
    scenario.whole().finish()
    lines = scenario.report(Cli, width=width, options=RunOptions(verbose=True)).splitlines()
    wide = [line for line in lines if len(line) > width and "curl" not in line and line.strip().count(" ") > 3]
    assert wide == []


# -- the line at the foot ---------------------------------------------------------------------------------------------


def screen(text):
    """What a terminal shows after this text, for carriage returns and line feeds."""
    lines, column = [""], 0
    for char in text:
        if char == "\n":
            lines, column = [*lines, ""], 0
        elif char == "\r":
            column = 0
        else:
            lines[-1] = lines[-1][:column].ljust(column) + char + lines[-1][column + 1 :]
            column += 1
    return [line.rstrip() for line in lines]


def test_the_status_line_disturbs_no_other_line():
    plain = Scenario(2).start().whole().finish().report(Cli)
    drawn = Scenario(2).start().whole().finish().report(Cli, live=True)
    assert "request 3 of 4, 0s, 2 failures" in drawn
    assert screen(drawn) == plain.split("\n")


def test_the_status_line_is_no_wider_than_the_screen(scenario):
    drawn = scenario.begin().finish().report(Cli, live=True, width=12)
    assert "  request 1" in drawn
    assert "  request 1 " not in drawn


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "watched"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"CI": "false"}, True),
        (Terminal(), {"CI": "true"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_only_a_terminal_that_a_person_watches_has_a_status_line(stream, environ, watched):
    assert is_watched(stream, environ) == watched
