"""What `--fail-on-warning` makes a failure and what `--slowest` lists, in each report."""

import json
from xml.etree import ElementTree

import pytest

from runner.events import RequestFinished
from runner.options import RunOptions
from runner.reporters.cli.report import Cli
from runner.reporters.html.report import HtmlReport
from runner.reporters.json.report import JsonReport
from runner.reporters.junit.report import Junit
from runner.results.figures import Slowest
from tests.reporters.conftest import TOKEN, Scenario


@pytest.fixture
def warned():
    """A run in which all passes, with the same warning twice and another one outside of the items."""
    run = Scenario().start().iteration().begin(Scenario().root).warn("{{a}} has no value", where="URL").request()
    return run.warn("{{a}} has no value", where="URL").check("ok").end().end_iteration().warn("late", "weak").finish()


@pytest.fixture
def timed():
    """Requests that took 5, 900, 40 and 40 ms."""
    run = Scenario(2).start().iteration().begin().request(time=5, url=f"http://api.test/fast?token={TOKEN}").end()
    run.begin(run.deep).request("script", time=900, url=f"http://api.test/sub?token={TOKEN}").request(time=40).end()
    return run.iteration(1).begin().request(time=40, url="http://api.test/later").end().end_iteration().finish()


def options(name, path, **fields):
    return RunOptions(reporter_options=((f"{name}-export", str(path)),), **fields)


def told(scenario, reporter, options):
    """What a reporter writes for a run with these options."""
    return scenario.report(
        reporter,
        options=options,
        summary={"fail_on_warning": options.fail_on_warning, "slowest": Slowest(options.slowest)},
    )


def test_a_warning_is_a_failure_once_of_what_was_under_way(warned):
    summary = warned.tell(fail_on_warning=True).summary
    assert summary.failed
    assert summary.exit_code() == 1
    assert [(one.kind, one.name, one.message, one.item.name) for one in summary.failures] == [
        ("warning", "WarningGiven", "URL: {{a}} has no value", "List users"),
        ("warning", "WarningGiven", "late", "Sample API"),
    ]
    assert summary.undemanded == 0


def test_a_warning_is_no_failure_without_being_asked_for(warned):
    assert not warned.summary().failed


def test_an_item_is_flaky_though_its_last_attempt_warned():
    run = Scenario().start().iteration().begin().attempts(2).request(code=503).again().warn("w").request().end()
    summary = run.end_iteration().finish().tell(fail_on_warning=True).summary
    assert [(len(summary.flaky), [one.kind for one in summary.failures])] == [(1, ["warning"])]


def test_cli_numbers_a_warning_as_its_list_of_failures_does(warned):
    text = told(warned, Cli, RunOptions(fail_on_warning=True))
    assert "  1. warning: URL: {{a}} has no value\n" in text
    assert "  2. warning: late\n" in text
    assert " 2.  WarningGiven" in text
    assert "  3." not in text


def test_junit_has_a_case_that_failed_for_each_warning(warned, tmp_path):
    told(warned, Junit, options("junit", tmp_path / "r.xml", fail_on_warning=True))
    root = ElementTree.parse(tmp_path / "r.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "2", "0")
    cases = {
        case.get("name"): case.find("failure").get("message") for case in root.find("*[@name='warnings']").iter("testcase")
    }
    assert cases == {"warning": "URL: {{a}} has no value", "warning (2)": "late"}


def test_junit_has_a_case_that_failed_for_a_flaky_item_that_must_not_be(tmp_path):
    run = Scenario().start().iteration().begin().attempts(2).request(code=503).again().request().end()
    told(run.end_iteration().finish(), Junit, options("junit", tmp_path / "r.xml", fail_on_flaky=True))
    (failure,) = ElementTree.parse(tmp_path / "r.xml").getroot().iter("failure")
    assert (failure.get("type"), failure.get("message")) == ("Flaky", "passed at attempt 2 of 2")


def test_json_and_html_have_a_warning_among_the_failures(warned, tmp_path):
    told(warned, JsonReport, options("json", tmp_path / "r.json", fail_on_warning=True))
    found = json.loads((tmp_path / "r.json").read_text())["run"]["failures"]
    assert [(one["at"], one["source"]["name"]) for one in found] == [("warning", "List users"), ("warning", "Sample API")]
    told(warned, HtmlReport, options("html", tmp_path / "r.html", fail_on_warning=True))
    assert "WarningGiven: URL: {{a}} has no value" in (tmp_path / "r.html").read_text("utf-8")


def test_the_slowest_come_first_and_of_equal_ones_the_earlier(timed):
    slowest = timed.summary().slowest
    assert [(one.time, one.sent.source, one.cursor.iteration) for one in slowest.kept[:3]] == [
        (900, "script", 0),
        (40, "item", 0),
        (40, "item", 1),
    ]
    assert slowest.kept[:0] == []


def test_as_many_of_the_slowest_are_kept_as_are_asked_for():
    slowest, (event,) = Slowest(7), [one for one in Scenario().begin().request().events if isinstance(one, RequestFinished)]
    for time in range(20):
        slowest.add(event, None, time)
    assert [one.time for one in slowest.kept[:100]] == [19, 18, 17, 16, 15, 14, 13]


def test_cli_lists_the_slowest_with_their_places(timed):
    text = told(timed, Cli, RunOptions(slowest=2))
    assert (
        "\n  slowest requests\n  900ms  Users / Admin / Add user (iteration 1)\n"
        "         pm.sendRequest GET http://api.test/sub?token=••••\n   40ms  Users"
    ) in text
    assert "slowest" not in timed.report(Cli)


def test_json_lists_the_slowest_when_asked(timed, tmp_path):
    told(timed, JsonReport, options("json", tmp_path / "r.json", slowest=1))
    run = json.loads((tmp_path / "r.json").read_text())["run"]
    (slow,) = run["slowest"]
    assert (slow["time"], slow["item"]["name"], slow["request"]["source"]) == (900, "Add user", "script")
    told(timed, JsonReport, options("json", tmp_path / "r.json"))
    assert "slowest" not in json.loads((tmp_path / "r.json").read_text())["run"]


def test_html_links_to_each_of_the_slowest(timed, tmp_path):
    told(timed, HtmlReport, options("html", tmp_path / "r.html", slowest=2))
    text = (tmp_path / "r.html").read_text("utf-8")
    section = text[text.index('id="h-slowest"') : text.index('id="timeline"')]
    assert section.count('href="#open=1"') == 2
    assert "900 ms" in section
    told(timed, HtmlReport, options("html", tmp_path / "r.html", slowest=0))
    assert 'id="h-slowest"' not in (tmp_path / "r.html").read_text("utf-8")


def test_no_secret_is_among_the_slowest_when_it_became_known_later(timed):
    timed.secrets = type(timed.secrets)([])
    timed.masker = type(timed.masker)(timed.secrets)
    fold = timed.tell()
    timed.secrets.add(TOKEN)
    fold.summary.mask_again(timed.masker)
    assert TOKEN not in str([one.sent for one in fold.summary.slowest.kept[:9]])
