"""The reporters for CI servers: Markdown, annotations and summaries of GitHub, messages of TeamCity."""

import io
import json
import re

import pytest

import runner
from runner.errors import RunAborted
from runner.logs import Markers
from runner.options import RunOptions
from runner.reporters.ci.github import SHOWN, GitHub, command
from runner.reporters.ci.markdown import LARGEST, Markdown, code, fenced
from runner.reporters.ci.teamcity import TeamCity, message
from runner.reporters.json.short import JsonSummary
from runner.reporters.registry import chosen_reporters
from runner.reporters.text import clean
from runner.results.figures import Slowest
from tests.reporters.conftest import TOKEN, Scenario

HOSTILE = "a`b``c | <img src=x> @team ![x](http://h) ::error::x\r\n::add-mask::y ##[error] %0A"
GITHUB = {"GITHUB_ACTIONS": "true"}


@pytest.fixture
def run():
    """A run with a failed test, a failed script, a failed request and a warning."""
    run = Scenario().start().iteration().warn("no value", where="URL").begin()
    run.request().check("status", "expected 500 to equal 200").script(error="x is not defined", line=2).end()
    return run.begin(run.deep).broken().end().end_iteration().finish()


def flaky():
    run = Scenario().start().iteration().begin().attempts(2).request(code=503).check("status", "no").again()
    return run.request().check("status").end().end_iteration().finish()


def export(name, path):
    return RunOptions(reporter_options=((f"{name}-export", str(path)),))


def test_markdown_has_verdict_totals_failures_and_the_slowest(run):
    text = run.report(Markdown)
    assert text.startswith("## ❌ `Sample API`: failed with 3 failures in 296ms\n\n| | executed | failed |\n")
    assert "| requests | 2 | 1 |" in text
    assert "### Failures (3)\n\n**1.** `List users`: `status`\n\n```text\nexpected 500 to equal 200\nat assertion:0" in text
    assert "**3.** `Users / Admin / Add user`" in text
    assert "<details><summary>Request and response</summary>\n\n```text\n> GET http://api.test/users" in text
    assert "### Slowest requests (1)\n\n| time | request | sent |\n|---:|---|---|\n| 79ms | `List users` |" in text
    assert "### Warnings (1)\n\n- `URL: no value`" in text
    assert TOKEN not in text


def test_markdown_of_a_run_that_passed_is_short():
    text = Scenario().start().iteration().begin().request().check("a").end().end_iteration().finish().report(Markdown)
    assert text.startswith("## ✅ `Sample API`: passed in 296ms")
    assert "Failures" not in text


def test_markdown_lists_what_is_flaky():
    assert "### Flaky requests (1)\n\n- `List users` `passed at attempt 2 of 2" in flaky().report(Markdown)


def test_markdown_goes_into_a_file_or_a_folder(run, tmp_path):
    assert run.report(Markdown, options=export("markdown", tmp_path / "run.md")) == ""
    assert (tmp_path / "run.md").read_text("utf-8").startswith("## ❌")
    run.report(Markdown, options=export("markdown", f"{tmp_path}/out/"))
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".md"]


def test_markdown_lists_as_many_slow_requests_as_asked_for(run):
    assert "Slowest" not in run.report(Markdown, options=RunOptions(slowest=0))
    assert "Slowest" in run.report(Markdown, summary={"slowest": Slowest(3)}, options=RunOptions(slowest=3))


@pytest.mark.parametrize("text", [HOSTILE, "`", "``", "a`", "```\n# x", "", "\\"])
def test_no_text_leaves_its_code_span_or_block(text):
    span = code(text)
    fence = re.match("`+", span)[0]
    assert span.endswith(fence)
    assert fence not in re.findall("`+", span[len(fence) : -len(fence)])
    assert "\n" not in span
    block = fenced(text)
    fence = re.match("`+", block)[0]
    assert all(len(ticks) < len(fence) for ticks in re.findall("`+", block[len(fence) : -len(fence)]))


def test_a_summary_stays_below_the_limit_of_github(tmp_path):
    run = Scenario().start().iteration()
    for _ in range(20):
        run.begin().request(body=b"\xc3\xa9" * 900).check("a" * 9000, "é" * 9000).end()
    run.end_iteration().finish()
    path = tmp_path / "summary.md"
    path.write_text("x" * (LARGEST - 9000))
    run.report(GitHub, environ={"GITHUB_STEP_SUMMARY": str(path)})
    assert path.stat().st_size < 1_048_576
    assert path.read_text("utf-8").endswith("The rest is left out: it would be longer than a job summary may be.\n\n")


def test_github_tells_each_failure_and_appends_the_summary(run, tmp_path):
    (tmp_path / "s.md").write_text("before\n")
    text = run.report(GitHub, environ={"GITHUB_STEP_SUMMARY": str(tmp_path / "s.md")}, markers=Markers(GITHUB))
    assert text.splitlines() == [
        "::error title=List users::status%0Aexpected 500 to equal 200",
        "::error title=List users::ReferenceError: x is not defined",
        "::error title=Users / Admin / Add user::Error: connect ECONNREFUSED 127.0.0.1:1",
        "::warning title=Warning::URL: no value",
    ]
    assert (tmp_path / "s.md").read_text("utf-8").startswith("before\n## ❌ `Sample API`")


def test_github_can_leave_out_either(run, tmp_path):
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "s.md")}
    options = RunOptions(reporter_options=(("github-no-annotations", "true"), ("github-no-summary", "true")))
    assert run.report(GitHub, environ=environ, options=options) == ""
    assert not (tmp_path / "s.md").exists()
    assert run.report(GitHub, environ=environ, options=RunOptions(silent=True)) == ""
    assert (tmp_path / "s.md").exists()


def test_github_warns_of_what_is_flaky():
    assert flaky().report(GitHub).startswith("::warning title=Flaky%3A List users::passed at attempt 2 of 2 (before")


def test_github_tells_the_same_failure_once_and_how_many_are_left_out():
    run = Scenario(40).start()
    for number in range(40):
        run.iteration(number).begin().request().check("same", "no").check(f"n{number}", f"no {number}").end()
    lines = run.end_iteration().finish().report(GitHub).splitlines()
    assert len(lines) == SHOWN
    assert lines[0] == "::error title=List users::same%0Ano%0Aand 39 more like it"
    assert lines[-1] == "::error title=More::32 more kinds of failures are in the other reports"


def test_no_text_makes_a_command_or_a_property():
    line = command("error", HOSTILE, title=HOSTILE + ",file=x::y")
    assert "\n" not in line
    assert "\r" not in line
    assert line.count("::error") == 2
    assert line.startswith("::error title=a`b``c | <img src=x> @team ![x](http%3A//h) %3A%3Aerror")
    title = re.match("::error title=(.*?)::", line)[1]
    assert "," not in title
    assert "%250A" in line


@pytest.mark.parametrize("wrapped", [False, True])
def test_annotations_point_into_the_file(tmp_path, monkeypatch, wrapped):
    monkeypatch.chdir(tmp_path)
    script = {"exec": ["// ", "missing()"]}
    item = {"name": "a", "request": "http://127.0.0.1:1/", "event": [{"listen": "prerequest", "script": script}]}
    document = {"info": {"name": "c"}, "item": [{"name": "f", "item": [item, {**item, "name": "b", "event": []}]}]}
    text = json.dumps({"collection": document, "more": 1} if wrapped else document, indent=1)
    (tmp_path / "c.json").write_text(text)
    told = io.StringIO()
    runner.run("c.json", reporters=("github",), stream=told)
    lines = text.splitlines()
    (called,) = (number for number, line in enumerate(lines, 1) if "missing()" in line)
    (named,) = (number for number, line in enumerate(lines, 1) if '"name": "b"' in line)
    first, *_, last = told.getvalue().splitlines()
    assert first.startswith(f"::error file=c.json,line={called},title=f / a::ReferenceError")
    assert last.startswith(f"::error file=c.json,line={named - 1},title=f / b::Error: connect")


def test_a_command_begins_a_line_of_its_own(run):
    context = run.context(markers=Markers(GITHUB))
    context.stream.write("text ::error::no")
    context.command("::error::yes")
    context.stream.write("::error::no\n")
    assert context.stream.getvalue() == "text ::error::no\n::error::yes\n: :error::no\n"


def messages(text):
    """The service messages of a log: kind and values, unescaped as TeamCity does it."""
    for line in text.splitlines():
        kind, rest = re.fullmatch(r"##teamcity\[(\w+) (.*)\]", line).groups()
        pairs = re.findall(r"(\w+)='((?:[^'|\[\]\n]|\|[^0]|\|0x[0-9A-F]{4})*)'", rest)
        assert " ".join(f"{key}='{value}'" for key, value in pairs) == rest
        yield kind, {key: plain(value) for key, value in pairs if key != "flowId"}


def plain(value):
    value = re.sub(r"\|0x(....)", lambda found: chr(int(found[1], 16)), value)
    return re.sub(r"\|(.)", lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), value)


def test_teamcity_has_a_test_for_each_request(run):
    told = list(messages(run.report(TeamCity, markers=Markers({"TEAMCITY_VERSION": "1"}))))
    assert [kind for kind, _ in told] == [
        *("testSuiteStarted", "testStarted", "testFailed", "testFinished", "testStarted", "testFailed", "testFinished"),
        *("testSuiteFinished", "message", "buildStatisticValue"),
    ]
    failed = told[2][1]
    assert failed["message"] == "status: expected 500 to equal 200 (and 1 more failure)"
    assert failed["details"].startswith("status: expected 500 to equal 200\ntest-script:2: x is not defined\n")
    assert "> GET http://api.test/users" in failed["details"]
    assert TOKEN not in str(told)
    assert told[5][1]["name"] == "Users / Admin / Add user"


def test_teamcity_tells_attempts_as_retries_of_the_same_test():
    told = [(kind, values.get("name", values.get("enabled"))) for kind, values in messages(flaky().report(TeamCity))]
    assert told[1:-2] == [
        ("testRetrySupport", "true"),
        *[(kind, "List users") for kind in ("testStarted", "testFailed", "testFinished", "testStarted", "testFinished")],
        ("testRetrySupport", "false"),
    ]
    options = RunOptions(fail_on_flaky=True)
    assert sum(kind == "testFailed" for kind, _ in messages(flaky().report(TeamCity, options=options))) == 2


def test_teamcity_ignores_what_was_skipped_and_has_problems_for_what_is_about_no_request():
    run = Scenario(2).start().iteration().begin().check("later", skipped=True).end().begin().end(skipped=True).begin()
    told = list(messages(run.finish(RunAborted("too long")).report(TeamCity)))
    ignored = [values["message"] for kind, values in told if kind == "testIgnored"]
    assert ignored == ["skipped: later", "skipped by pm.execution.skipRequest", "the run ended before it did"]
    assert told[1][1]["name"] == "List users (iteration 1)"
    assert ("buildProblem", {"description": "too long"}) in told


@pytest.mark.parametrize("text", [HOSTILE, "'] ##teamcity[x y='", "|", "é\u2028😀\x00"])
def test_no_text_leaves_a_service_message(text):
    ((kind, values),) = messages(message("message", text=text))
    shown = values["text"].encode("utf-16", "surrogatepass").decode("utf-16")
    assert (kind, shown) == ("message", clean(text))


def test_json_summary_has_the_keys_of_its_package(run, tmp_path):
    run.report(JsonSummary, options=RunOptions(reporter_options=(("summary-json-export", str(tmp_path / "s.json")),)))
    found = json.loads((tmp_path / "s.json").read_text())
    assert found["Collection"] == {"Info": {"Name": "Sample API", "Id": "c1"}}
    assert list(found["Run"]) == ["Stats", "Failures", "Timings"]
    assert found["Run"]["Stats"]["Requests"] == {"total": 2, "pending": 0, "failed": 1}
    assert found["Run"]["Failures"][0] == {
        "Parent": {"Name": "Sample API", "Id": "c1"},
        "Source": {"Name": "List users", "Id": "i1"},
        "Error": {"Message": "expected 500 to equal 200", "Test": "status"},
    }
    assert "Test" not in found["Run"]["Failures"][1]["Error"]
    assert {"responseAverage", "started", "completed"} <= set(found["Run"]["Timings"])


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, ("cli",)),
        (GITHUB, ("cli", "github")),
        ({"TEAMCITY_VERSION": "1"}, ("cli", "teamcity")),
        ({"GITLAB_CI": "true"}, ("cli", "junit")),
        ({"CI": "true"}, ("cli", "junit")),
        ({"CI": "false"}, ("cli",)),
    ],
)
def test_auto_chooses_by_the_variables_of_the_server(environ, names):
    assert chosen_reporters(["auto"], environ) == names
    assert chosen_reporters([" html", "auto", "cli", "auto"], environ) == ("html", *names)
