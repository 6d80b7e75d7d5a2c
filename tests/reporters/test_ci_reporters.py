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
from runner.reporters.ci.markdown import LARGEST, LISTED, Markdown, code, fenced
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


def test_markdown_names_the_iteration_where_there_are_several():
    run = Scenario(2).start()
    for number in range(2):
        run.iteration(number).begin().request(time=70 + number).request("script", time=90 + number).check("a", "no").end()
    text = run.end_iteration().finish().report(Markdown)
    assert [line for line in text.splitlines() if line.startswith("**")] == [
        "**1.** `List users`: `a` (iteration 1)",
        "**2.** `List users`: `a` (iteration 2)",
    ]
    assert "| 91ms | `List users (iteration 2)` | `pm.sendRequest GET http://api.test/users` |" in text
    assert "| 70ms | `List users (iteration 1)` | `GET http://api.test/users` |" in text


@pytest.mark.parametrize(("count", "more"), [(LISTED, 0), (LISTED + 2, 2)])
def test_markdown_lists_so_many_failures_and_counts_the_rest(count, more):
    run = Scenario().start().iteration().begin()
    for number in range(count):
        run.check(f"n{number}", "no")
    text = run.end().end_iteration().finish().report(Markdown)
    assert f"### Failures ({count})" in text
    assert text.count("\n**") == LISTED
    assert ("\nand 2 more\n" in text) == bool(more)


def test_markdown_says_what_ended_a_run_early():
    begun = Scenario().start().iteration().begin().finish(RunAborted("too `long`"))
    assert "\n\n**The run did not come to its end:** `` too `long` ``\n\n" in begun.report(Markdown)
    assert (
        Scenario()
        .start()
        .iteration()
        .begin()
        .interrupted()
        .report(Markdown)
        .startswith("## ❌ `Sample API`: interrupted\n")
    )


def test_markdown_of_a_run_that_never_ended_is_no_success():
    assert Scenario().start().iteration().begin().report(Markdown).startswith("## ❌ `Sample API`: failed in ")


def test_markdown_tells_a_warning_once_and_as_a_failure_where_it_is_one():
    run = Scenario().start().iteration().warn("odd").warn("odd").warn("odd", where="URL").begin().end().finish()
    assert "### Warnings (2)\n\n- `odd`\n- `URL: odd`\n" in run.report(Markdown)
    failing = run.report(Markdown, {"fail_on_warning": True})
    assert ("### Warnings" in failing, "### Failures (" in failing) == (False, True)


def test_markdown_tells_what_is_flaky_as_a_failure_where_it_is_one():
    text = flaky().report(Markdown, {"fail_on_flaky": True})
    assert ("### Flaky" in text, "### Failures (1)" in text) == (False, True)


def test_markdown_has_hints_and_cuts_long_messages_short():
    run = Scenario().start().iteration().begin().unsigned().check("a", "x" * 3000).end().end_iteration().finish()
    text = run.report(Markdown)
    assert "hint: set it in the auth tab" in text
    assert "x" * 1999 + "…\nat assertion" in text


def test_a_silent_run_prints_no_markdown_but_writes_its_file(run, tmp_path):
    assert run.report(Markdown, options=RunOptions(silent=True)) == ""
    options = RunOptions(silent=True, reporter_options=(("markdown-export", str(tmp_path / "run.md")),))
    run.report(Markdown, options=options)
    assert (tmp_path / "run.md").exists()


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


def test_github_tells_what_ended_a_run_early_before_the_failures():
    run = Scenario().start().iteration().begin()
    for number in range(SHOWN):
        run.check(f"n{number}", f"no {number}")
    lines = run.finish(RunAborted("too long")).report(GitHub).splitlines()
    assert lines[0] == "::error title=The run did not come to its end::too long"
    assert len(lines) == SHOWN
    assert lines[-1] == "::error title=More::2 more kinds of failures are in the other reports"


def test_github_shows_as_many_annotations_as_fit_and_no_line_about_more():
    run = Scenario().start().iteration().begin()
    for number in range(SHOWN):
        run.check(f"n{number}", f"no {number}")
    assert "More" not in run.end().end_iteration().finish().report(GitHub)


@pytest.mark.parametrize("name", ["fail_on_warning", "fail_on_flaky"])
def test_github_tells_as_an_error_only_what_is_one(name):
    run = flaky()
    if name == "fail_on_warning":
        run = Scenario().start().iteration().warn("odd").warn("odd").begin().end().end_iteration().finish()
    assert [line.split()[0] for line in run.report(GitHub).splitlines()] == ["::warning"]
    assert [line.split()[0] for line in run.report(GitHub, {name: True}).splitlines()] == ["::error"]


def test_github_adds_the_hint_of_a_failure():
    text = Scenario().start().iteration().begin().unsigned().end().end_iteration().finish().report(GitHub)
    assert text.rstrip().endswith("%0Ahint: set it in the auth tab")


def test_annotations_name_files_from_the_root_of_the_repository_and_others_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    document = {"info": {"name": "c"}, "item": [{"name": "a", "request": "http://127.0.0.1:1/"}]}
    for folder in ("inside", "outside"):
        (tmp_path / folder / "in").mkdir(parents=True)
        (tmp_path / folder / "in" / "c.json").write_text(json.dumps(document))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "inside"))
    shown = []
    for folder in ("inside", "outside"):
        told = io.StringIO()
        runner.run(tmp_path / folder / "in" / "c.json", reporters=("github",), stream=told)
        shown.append(re.match("::error file=(.*?),line=1,", told.getvalue())[1])
    assert shown == ["in/c.json", str(tmp_path / "outside" / "in" / "c.json")]


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


def test_teamcity_shows_the_console_of_a_test_and_how_long_it_took():
    run = Scenario().start().iteration().begin()
    run.log("hello", "you").request(time=40)
    run.now += 1.5
    run.end()
    told = dict(messages(run.end_iteration().finish().report(TeamCity)))
    assert told["testStdOut"]["out"].rstrip() == "hello, you"
    assert told["testFinished"]["duration"] == "1500"
    assert told["buildStatisticValue"] == {"key": "averageResponseTime", "value": "40"}


def test_teamcity_takes_a_test_as_ignored_only_where_every_assertion_was_skipped():
    run = Scenario().start().iteration().begin().check("a").check("later", skipped=True).end().end_iteration().finish()
    assert "testIgnored" not in dict(messages(run.report(TeamCity)))


@pytest.mark.parametrize("fails", [False, True])
def test_teamcity_tells_a_warning_once_as_a_message_or_as_a_problem_of_the_build(fails):
    run = Scenario().start().iteration().warn("odd").warn("odd").begin().end().end_iteration().finish()
    told = [(kind, values) for kind, values in messages(run.report(TeamCity, {"fail_on_warning": fails}))]
    warned = [values for kind, values in told if kind == "message"]
    assert warned == ([] if fails else [{"text": "odd", "status": "WARNING"}])
    assert [kind for kind, _ in told].count("buildProblem") == (1 if fails else 0)


def test_a_silent_run_tells_teamcity_nothing(run):
    assert run.report(TeamCity, options=RunOptions(silent=True)) == ""


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
