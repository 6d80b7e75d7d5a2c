"""Every reporter shows an item that was run again once, with what came of its attempts."""

import json
from xml.etree import ElementTree

import pytest

from runner.options import RunOptions
from runner.reporters.cli.report import Cli
from runner.reporters.emojitrain import EmojiTrain
from runner.reporters.html.report import HtmlReport
from runner.reporters.json.report import JsonReport
from runner.reporters.junit.report import Junit
from runner.reporters.ndjson import NdJson
from runner.reporters.progress import Progress
from runner.results.fold import Fold
from runner.results.summary import Summary
from tests.reporters.browser import browser, needs_browser, started, written
from tests.reporters.conftest import Scenario, tell

__all__ = ["browser", "started"]  # fixtures
SAID = '"Users / Admin / Add user" passed at attempt 3 of 3 (before: 503 Service Unavailable; a timeout)'


@pytest.fixture
def flaky():
    """A request that passes, and one that passes at its third attempt."""
    run = Scenario().start().iteration().begin().request().check("a").end()
    run.begin(run.deep).attempts(3).request(code=503).check("status", "no 503").log("one").again()
    run.broken(code="ETIMEDOUT", message="ESOCKETTIMEDOUT").script(error="no response").again("a timeout", 1500)
    return run.request().check("status").check("body").log("three").end().end_iteration().finish()


@pytest.fixture
def failed():
    """A request that fails in both of its attempts."""
    run = Scenario().start().iteration().begin().attempts(2).request(code=503).check("status", "no 503").again()
    return run.request(code=503).check("status", "no 503").end().end_iteration().finish()


def file_of(scenario, reporter, name, path):
    scenario.report(reporter, options=RunOptions(reporter_options=((f"{name}-export", str(path)),)))
    return path.read_text("utf-8")


def test_cli_shows_a_line_for_each_attempt_and_what_is_flaky(flaky):
    text = flaky.report(Cli)
    assert "  ↻ attempt 1 of 3: 503 Service Unavailable, again at once\n" in text
    assert "  ↻ attempt 2 of 3: a timeout, again in 1500ms\n" in text
    assert "\n  flaky: passed at attempt 3 of 3\n" in text
    assert "\n1 flaky request\n" in text
    assert SAID in " ".join(text.split())
    assert text.count("Add user\n") == 1
    assert "one" not in text
    assert "no 503" not in text


def test_cli_numbers_what_counts(failed):
    text = failed.report(Cli)
    assert "  1. status\n" in text
    assert "  2." not in text


def test_cli_shows_what_is_flaky_as_a_failure_with_fail_on_flaky(flaky):
    options = RunOptions(fail_on_flaky=True)
    context = flaky.context(options=options)
    reporter, fold = Cli(context), Fold(flaky.masker, Summary(fail_on_flaky=True))
    tell(flaky.masker, fold, flaky.events, reporter)
    reporter.close(fold.summary)
    text = context.stream.getvalue()
    assert "\n  1. flaky: passed at attempt 3 of 3\n" in text
    assert " 1.  Flaky" in text
    assert fold.summary.failed


def test_progress_counts_and_lists_what_is_flaky(flaky):
    text = flaky.report(Progress)
    assert text.startswith("Sample API: 2 requests, 3 assertions, 0 failures, 1 flaky in ")
    assert f"\nflaky: {SAID}" in text


def test_the_train_has_a_face_for_what_is_flaky(flaky):
    assert flaky.report(EmojiTrain) == "😀 😅  😍\n"


def test_ndjson_tells_of_each_attempt_in_one_line(flaky):
    lines = [json.loads(line) for line in flaky.report(NdJson).splitlines()]
    again = [line for line in lines if line["event"] == "itemRetried"]
    assert [(line["cursor"]["attempt"], line["reason"], line["delay"]) for line in again] == [
        (0, "503 Service Unavailable", 0.0),
        (1, "a timeout", 1500),
    ]
    assert [line["cursor"].get("attempt") for line in lines if line["event"] == "itemFinished"] == [None, 2]
    assert sum(line["event"] == "requestFinished" for line in lines) == 2
    assert {"flaky": 1, "retries": 2, "exitCode": 0}.items() <= lines[-1].items()


def test_json_has_the_attempts_of_an_execution(flaky, tmp_path):
    run = json.loads(file_of(flaky, JsonReport, "json", tmp_path / "r.json"))["run"]
    passed, again = run["executions"]
    assert "attempts" not in passed
    assert "attempt" not in passed["cursor"]
    assert (again["flaky"], again["cursor"]["attempt"], again["response"]["code"]) == (True, 2, 200)
    first, second = again["attempts"]
    assert (first["reason"], first["response"]["code"]) == ("503 Service Unavailable", 503)
    assert first["assertions"][0]["error"]["message"] == "no 503"
    assert first["response"]["stream"]["data"]
    assert (second["delay"], second["requestError"]["code"], "testScript" in second) == (1500, "ETIMEDOUT", True)
    assert (run["stats"]["requests"]["total"], run["failures"], run["retries"]) == (2, [], 2)
    assert [(one["item"]["name"], one["reasons"]) for one in run["flaky"]] == [
        ("Add user", ["503 Service Unavailable", "a timeout"])
    ]


def test_a_report_without_retries_is_as_it_was(tmp_path):
    scenario = Scenario().start().iteration().begin().request().end().end_iteration().finish()
    text = file_of(scenario, JsonReport, "json", tmp_path / "r.json")
    assert '"attempt' not in text
    assert '"flaky"' not in text


def cases_of(text):
    return {case.get("name"): case for case in ElementTree.fromstring(text).iter("testcase")}


def test_junit_writes_what_is_flaky_as_surefire_does(flaky, tmp_path):
    text = file_of(flaky, Junit, "junit", tmp_path / "r.xml")
    cases = cases_of(text)
    assert {name: [child.tag for child in case] for name, case in cases.items()} == {
        "a": [],
        "status": ["flakyFailure"],
        "body": [],
        "request": ["flakyError"],
        "test-script": ["flakyError"],
    }
    (failure,) = cases["status"]
    assert (failure.get("type"), failure.get("message")) == ("AssertionFailure", "no 503")
    assert "no 503" in failure.find("stackTrace").text
    root = ElementTree.fromstring(text)
    assert (root.get("failures"), root.get("errors"), root.get("tests")) == ("0", "0", "5")


def test_junit_writes_the_attempts_of_a_failure_as_surefire_does(failed, tmp_path):
    cases = cases_of(file_of(failed, Junit, "junit", tmp_path / "r.xml"))
    assert [child.tag for child in cases["status"]] == ["failure", "rerunFailure"]


def test_junit_names_the_status_that_no_test_looked_at(tmp_path):
    run = Scenario().start().iteration().begin().attempts(2).request(code=503).again().request().end()
    cases = cases_of(file_of(run.end_iteration().finish(), Junit, "junit", tmp_path / "r.xml"))
    assert [child.get("message") for child in cases["request"]] == ["503 Service Unavailable"]


def test_html_embeds_the_attempts(flaky, tmp_path):
    text = file_of(flaky, HtmlReport, "html", tmp_path / "r.html")
    assert '"reason":"503 Service Unavailable","delay":0.0' in text
    assert "<dt>Flaky</dt><dd><b>1</b>" in text


@needs_browser
def test_html_shows_an_attempt_when_it_is_opened(browser, flaky, tmp_path):
    browser.open(written(flaky, tmp_path / "r.html"), "#open=1&filter=flaky")
    assert browser.text("#count") == "1 of 2 requests, 0 failed"
    browser.click("#details .attempt summary")
    browser.until("document.querySelector('#details .attempt[open] div')")
    assert "no 503" in browser.text("#details .attempt")


@pytest.mark.parametrize(("reporter", "name"), [(JsonReport, "json"), (Junit, "junit"), (HtmlReport, "html")])
def test_a_secret_that_becomes_known_later_is_masked_in_attempts(reporter, name, tmp_path):
    run = Scenario().start().iteration().begin().attempts(2).request(code=503, body=b"late-word")
    run.check("late-word", "late-word").log("late-word").again("late-word")
    path = tmp_path / f"r.{name}"
    context = run.context(options=RunOptions(reporter_options=((f"{name}-export", str(path)),)))
    made, fold = reporter(context), Fold(run.masker)
    tell(run.masker, fold, run.events, made)
    run.secrets.add("late-word")
    before = len(run.events)
    tell(run.masker, fold, run.request().check("a").end().end_iteration().finish().events[before:], made)
    fold.summary.mask_again(run.masker)
    made.close(fold.summary)
    assert "late-word" not in path.read_text("utf-8")
