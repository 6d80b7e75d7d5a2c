import re
from xml.etree import ElementTree

import pytest

from runner.errors import RunAborted
from runner.options import RunOptions
from runner.reporters.junit.report import Junit
from tests.reporters.conftest import TOKEN, Scenario

# What the schemas of Jenkins (junit-10.xsd) and Ant (JUnit.xsd) both allow: attributes, and children in order. Only the
# attributes of `testsuites` are Jenkins' alone; Newman writes them, too.
REQUIRED = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "skipped", "time"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": set(),
    "system-out": set(),
    "system-err": set(),
}
OPTIONAL = {"skipped": {"message"}, "failure": set(), "error": set()}
CHILDREN = {
    "testsuites": r"(testsuite )*",
    "testsuite": r"properties (testcase )*system-out system-err ",
    "properties": r"(property )*",
    "testcase": r"(skipped |error |failure )?",
}
VALUES = {
    "time": r"\d{1,3}\.\d{3}",
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "id": r"\d+",
    "tests": r"\d+",
    "failures": r"\d+",
    "errors": r"\d+",
    "name": r"\S+( \S+)*",
    "package": r"\S+( \S+)*",
    "classname": r"\S+( \S+)*",
    "hostname": r"\S+",
}


def check(element):
    """Whether both schemas take this element."""
    assert REQUIRED[element.tag] <= set(element.keys()) <= REQUIRED[element.tag] | OPTIONAL.get(element.tag, set())
    assert re.fullmatch(CHILDREN.get(element.tag, ""), "".join(f"{child.tag} " for child in element))
    for name, pattern in VALUES.items():
        assert re.fullmatch(pattern, element.get(name, "")) or name not in element.keys()  # noqa: SIM118
    for child in element:
        check(child)


@pytest.fixture
def report(tmp_path):
    """Write the report of a scenario, check it against the schema, and read it back."""

    def write(scenario):
        path = tmp_path / "report.xml"
        scenario.report(Junit, options=RunOptions(reporter_options=(("junit-export", str(path)),)))
        root = ElementTree.fromstring(path.read_text("utf-8"))
        check(root)
        return root

    return write


def totals(element):
    return {key: int(element.get(key)) for key in ("tests", "failures", "errors")}


def names(root, outcome):
    return [case.get("name") for case in root.iter("testcase") if case.find(outcome) is not None]


def test_each_item_is_a_suite_and_each_test_a_case(scenario, report):
    root = report(scenario.whole().finish())
    assert root.get("name") == "Sample API"
    assert [(suite.get("name"), suite.get("id")) for suite in root] == [
        ("List users", "0"),
        ("Users / Admin / Add user", "1"),
    ]
    assert [case.get("name") for case in root[0].iter("testcase")] == ["status is 200", "body is eql", "later"]
    assert {case.get("classname") for case in root[1].iter("testcase")} == {"Sample API.Users.Admin.Add user"}
    assert [(pair.get("name"), pair.get("value")) for pair in root[1].iter("property")] == [
        ("item.id", "i2"),
        ("iterations", "1"),
    ]


def test_totals_are_those_of_the_cases(scenario, report):
    root = report(scenario.whole().finish())
    assert totals(root) == {"tests": 4, "failures": 1, "errors": 1}
    assert totals(root[0]) == {"tests": 3, "failures": 1, "errors": 0}
    assert root[0].get("skipped") == "1"
    assert root[0].get("timestamp") == "2027-01-15T08:00:00"


def test_a_failure_that_a_later_iteration_passes_is_kept(report):
    scenario = Scenario(cycles=2).start()
    scenario.iteration(0).begin().check("a", "no").end().end_iteration().iteration(1).begin().check(
        "a"
    ).end().end_iteration()
    root = report(scenario.finish())
    assert names(root, "failure") == ["a (iteration 1)"]
    assert totals(root) == {"tests": 2, "failures": 1, "errors": 0}


def test_a_failure_tells_request_place_and_message(scenario, report):
    failure = report(scenario.whole().finish()).find(".//failure")
    assert failure.get("type") == "AssertionFailure"
    assert failure.get("message") == "expected { a: 1 } to deeply equal { a: 2 }"
    assert failure.text.splitlines()[:2] == [
        "GET http://api.test/a%20b?x=é&token=•••• [200 OK, 420B, 79ms]",
        "at assertion:1 in test-script",
    ]


def test_script_and_request_errors_are_cases(scenario, report):
    root = report(scenario.begin().script("prerequest", "boom").broken().broken("script").unsigned().end().finish())
    assert names(root, "error") == ["prerequest-script", "request", "request of pm.sendRequest", "request (2)"]
    assert totals(root)["errors"] == 4


def test_skipped_tests_and_items_are_skipped(scenario, report):
    root = report(scenario.begin().check("later", skipped=True).end().begin(scenario.deep).end(skipped=True).finish())
    assert names(root, "skipped") == ["later", "request"]


def test_the_time_of_an_execution_is_shared_by_its_tests(scenario, report):
    root = report(scenario.begin().request(time=300).check("a").check("b").check("c").end().finish())
    assert [case.get("time") for case in root.iter("testcase")] == ["0.100"] * 3
    assert root.get("time") == root[0].get("time") == "0.300"


def test_a_run_that_ended_early_is_an_error(scenario, report):
    root = report(scenario.begin().check("a", "no").finish(RunAborted("the time limit is over")))
    assert (names(root, "failure"), names(root, "error")) == (["a"], ["run"])


def test_no_secret_and_no_forbidden_character_is_written(scenario, report):
    scenario.begin().check(f"{TOKEN} \x00\x1b\ud800", f"{TOKEN}\uffff").script(error=TOKEN).broken(message=TOKEN).end()
    text = ElementTree.tostring(report(scenario.finish(RunAborted(TOKEN))), encoding="unicode")
    assert TOKEN not in text
    assert "•••• \\x00\\x1b�" in text


def test_a_failed_execution_shows_what_was_sent_and_received(report):
    scenario = Scenario(cycles=2).start().iteration(1).begin()
    scenario.request(method="POST", posted=f"secret is {TOKEN}".encode(), body=b"x" * 3000).check("a", "no").end()
    shown = report(scenario.finish())[0].find("system-out").text
    assert shown.startswith("iteration 2\n> POST http://api.test/users\n> Authorization: Bearer ••••\n")
    assert "\n> secret is ••••\n< 200 OK in 79ms\n" in shown
    assert "x" * 1000 + "\n< ... 2000 more characters\ncurl " in shown


def test_a_passed_execution_shows_nothing(scenario, report):
    root = report(scenario.begin().request().check("a").end().finish())
    assert not root[0].find("system-out").text


def test_only_the_first_failed_executions_are_shown(report):
    scenario = Scenario(cycles=50).start()
    for number in range(50):
        scenario.iteration(number).begin().request().check("a", "no").end().end_iteration()
    root = report(scenario.finish())
    assert totals(root)["failures"] == 50
    assert root[0].find("system-out").text.count("curl ") == 20


@pytest.mark.parametrize("name", ["", "  ", "two  blanks ", "line\nline", "\ttab"])
def test_names_are_tokens(scenario, report, name):
    report(scenario.begin().check(name, "no").check(name, skipped=True).end().finish())
