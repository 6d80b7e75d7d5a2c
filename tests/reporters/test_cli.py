import io
import re
from pathlib import Path

import pytest

from runner.errors import Interrupted, RunAborted
from runner.options import RunOptions
from runner.reporters.cli.report import Cli
from tests.reporters.conftest import TOKEN, Scenario

EXPECTED = Path(__file__).parent / "expected"


def expected(name):
    return (EXPECTED / f"{name}.txt").read_text("utf-8")


def options(*flags, **fields):
    return RunOptions(reporter_options=tuple((f"cli-{flag}", "true") for flag in flags), **fields)


def troubled():
    """Two iterations with warnings, failed and skipped requests, a wrong next request, and a time limit."""
    scenario = Scenario(2).start().whole().iteration(1).begin().warn("{{nope}} has no value", where="List users")
    scenario.broken().unsigned().log("'a very long text " + "that goes on " * 12 + "'", level="warn").script().end()
    scenario.begin(scenario.deep).broken("script").end(skipped=True).next("zzz", found=False).warn(
        "no request is called zzz"
    ).end_iteration()
    return scenario.finish(RunAborted("the time limit of 1000 ms is over", hint="raise it with --timeout"))


def test_a_whole_run_reads_like_newmans(scenario):
    assert scenario.whole().finish().report(Cli) == expected("whole")


def test_everything_that_goes_wrong_has_its_line():
    assert troubled().report(Cli) == expected("troubled")


def test_ascii_mode_prints_ascii_only():
    assert troubled().report(Cli, unicode=False) == expected("ascii")
    assert expected("ascii").isascii()


def test_verbose_shows_heads_bodies_and_phases(scenario):
    scenario.begin().request(posted=b'{"a": 1}', method="POST").end().finish()
    assert scenario.report(Cli, options=options(verbose=True)) == expected("verbose")


def test_colours_change_nothing_but_colours():
    plain, colored = troubled().report(Cli), troubled().report(Cli, color=True)
    assert "\x1b[31m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


@pytest.mark.parametrize(
    "flags", [{}, {"color": True}, {"unicode": False}, {"options": RunOptions(verbose=True)}, {"width": 40}]
)
def test_no_secret_is_ever_printed(flags):
    scenario = troubled()
    scenario.begin().request(url=f"http://me:{TOKEN}@h/{TOKEN}", body=f'{{"t": "{TOKEN}"}}'.encode(), posted=TOKEN.encode())
    scenario.check(TOKEN, f"expected {TOKEN} to be {TOKEN}").log(f"'{TOKEN}'").script(error=TOKEN).warn(TOKEN, where=TOKEN)
    scenario.broken(message=f"getaddrinfo ENOTFOUND {TOKEN}").next(TOKEN, found=False).finish(RunAborted(TOKEN, hint=TOKEN))
    text = scenario.report(Cli, **flags)
    assert TOKEN not in text
    assert "5f2a" not in text


@pytest.mark.parametrize("option", ["silent", "reporter"])
def test_silent_prints_nothing(scenario, option):
    chosen = options(silent=True) if option == "silent" else options("silent")
    assert scenario.whole().finish().report(Cli, options=chosen) == ""


@pytest.mark.parametrize(
    ("flag", "gone", "kept"),
    [
        ("no-banner", "postrunner\n\n", "Sample API"),
        ("no-summary", "iterations", "failure"),
        ("no-failures", "detail", "iterations"),
        ("no-assertions", "status is 200", "2⠄ ReferenceError"),
        ("no-success-assertions", "status is 200", "  1. body is eql"),
        ("no-console", "'hello'", "status is 200"),
    ],
)
def test_a_part_can_be_left_out(scenario, flag, gone, kept):
    text = scenario.whole().finish().report(Cli, options=options(flag))
    assert gone not in text
    assert kept in text


def test_timestamps_stand_before_requests_and_tests(scenario):
    text = scenario.whole().finish().report(Cli, options=options("show-timestamps"))
    assert re.search(r"^  \[\d\d:\d\d:\d\d\] GET http", text, re.MULTILINE)
    assert re.search(r"^  \[\d\d:\d\d:\d\d\] ✓  status is 200$", text, re.MULTILINE)


def test_numbers_in_the_text_are_those_of_the_table(scenario):
    for number in range(12):
        scenario.begin().check(f"test {number}", "no").end()
    text = scenario.finish().report(Cli)
    assert "\n 12. test 11\n" in text
    assert "\n 12.  AssertionError  test 11\n" in text


def test_a_warning_is_shown_once(scenario):
    text = scenario.begin().warn("{{x}} has no value").warn("{{x}} has no value").end().finish().report(Cli)
    assert text.count("{{x}} has no value") == 1
    assert "\n1 warning\n" in text


def test_an_interrupted_run_says_so(scenario):
    assert scenario.begin().finish(Interrupted()).report(Cli).endswith("\nerror: interrupted\n")


def test_nothing_that_is_received_steers_the_terminal(scenario):
    scenario.begin().request(status="OK\x1b[2J", url="http://h/%1b[2J").check("\x1b]0;x\x07").log("\x1b[31m").end()
    text = scenario.warn("\r\x1b[K").finish().report(Cli)
    assert "\x1b" not in text
    assert "\r" not in text


def test_lines_are_broken_between_words_at_the_width(scenario):
    scenario.begin().check("t", "expected " + "word " * 60).log("'" + "word " * 60 + "'").script(error="many " * 60).end()
    lines = scenario.finish().report(Cli, width=70).splitlines()
    assert max(map(len, lines)) <= 70
    assert set(re.findall(r"\bw\w*|\bman\w*", "\n".join(lines))) == {"word", "many"}


def test_expected_and_actual_of_a_diff_keep_their_lines(scenario):
    text = scenario.begin().check("t", "expected\n  { a: 1 }\nto equal\n  { a: 2 }").end().finish().report(Cli)
    assert re.search(r"\n +expected\n +  \{ a: 1 \}\n +to equal\n +  \{ a: 2 \}\n", text)


def test_a_long_body_is_clipped(scenario):
    text = scenario.begin().request(body=b"x" * 3000).end().finish().report(Cli, options=options(verbose=True))
    assert "x" * 2048 in text
    assert "x" * 2049 not in text
    assert "... 952 more characters" in text


def test_a_body_that_is_no_text_is_not_printed(scenario):
    text = scenario.begin().request(body=b"\x89PNG\x00\xff").end().finish().report(Cli, options=options(verbose=True))
    assert "<6B that are not text>" in text


def test_half_a_surrogate_pair_can_be_printed(scenario):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="utf-8")
    context = scenario.context(stream=stream)
    reporter = Cli(context)
    scenario.begin().check("\ud83d").tell(reporter)
    stream.flush()
    assert b"\\ud83d" in raw.getvalue()
