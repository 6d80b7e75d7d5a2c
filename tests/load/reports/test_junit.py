"""The junit report is red exactly when the test is, and says why."""

from xml.etree import ElementTree

import pytest

from runner.load.reports.report import Outcome
from tests.load.reports.conftest import BUY, LIST, LOGIN


@pytest.fixture
def written(tmp_path):
    """Write the report of a test; gives its cases by name."""

    def write(load, outcome=None, **given):
        path = tmp_path / "r.xml"
        load.reported("junit", outcome=outcome, reporter_options=(("junit-export", str(path)),), **given)
        root = ElementTree.parse(path).getroot()
        assert root.get("tests") == str(len(root.findall(".//testcase")))
        assert root.get("failures") == str(len(root.findall(".//failure")))
        assert root.get("errors") == str(len(root.findall(".//error")))
        return {case.get("name"): case for case in root.iter("testcase")}

    return write


def red(cases):
    return {name for name, case in cases.items() if case.find("failure") is not None or case.find("error") is not None}


def test_without_a_threshold_a_request_that_failed_is_red(busy, written):
    busy.thresholds = ()
    cases = written(busy)
    assert red(cases) == {f"POST {BUY}", f"POST {LOGIN}"}
    failure = cases[f"POST {BUY}"].find("failure")
    assert failure.get("message") == "2 of 10 requests failed (20.00%)"
    assert "2 × assertion: is 200: expected 500 to equal 200" in failure.text
    assert f"GET {LIST}" in cases


def test_a_threshold_on_times_decides_about_no_failure(busy, written):
    busy.thresholds = ("p95<500",)
    assert red(written(busy)) == {f"POST {BUY}", f"POST {LOGIN}"}


def test_a_threshold_on_errors_decides_about_all_of_them(busy, written):
    busy.thresholds = ("error_rate<50%",)
    cases = written(busy)
    assert red(cases) == set()
    assert "2 × assertion" in cases[f"POST {BUY}"].find("system-out").text


def test_a_threshold_on_checks_leaves_requests_without_an_answer_red(busy, written):
    busy.thresholds = ("checks>=50%",)
    assert red(written(busy)) == {f"POST {LOGIN}"}


def test_a_threshold_on_one_request_decides_about_that_alone(busy, written):
    busy.thresholds = ("error_rate{Buy}<50%",)
    assert red(written(busy)) == {f"POST {LOGIN}"}


THRESHOLDS = [
    "",
    "p95<500",
    "p95<1",
    "error_rate<50%",
    "error_rate<1%",
    "checks>=50%",
    "error_rate{Buy}<50%",
    "http_req_failed: rate<0.5",
]


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize("failure", ["none", "assertion", "request", "script", "untold", "iteration", "unsent"])
def test_the_file_is_red_exactly_when_the_exit_code_is(load, written, threshold, failure):
    load.thresholds = tuple(filter(None, [threshold]))
    load.send(LIST, "GET", 10.0).check(LIST, "is 200").send(BUY, "POST", 10.0).send(LOGIN, "GET", 10.0)
    if failure == "assertion":
        load.send(BUY, "POST", 10.0, "wrong").check(BUY, "is 200", False)
    elif failure == "request":
        load.send(BUY, "POST", 10.0, "refused", 0)
    elif failure == "script":
        load.send(BUY, "POST", 10.0, "broke").recorder.failure(BUY, "script", "broke")
    elif failure == "untold":
        load.send(BUY, "POST", 10.0, "broke")
    elif failure == "iteration":
        load.recorder.iteration(1.0, 10.0, True)
    elif failure == "unsent":
        load.send(BUY, "POST", None, "no such file", 0, 0, 0)
    outcome = load.tick().decided()
    assert bool(red(written(load, outcome))) == bool(outcome.exit_code)


def test_a_crossed_threshold_is_red_with_what_was_measured(busy, written):
    busy.thresholds = ("error_rate<1%", "p95<500")
    cases = written(busy)
    assert red(cases) == {"error_rate<1%"}
    assert "measured" in cases["error_rate<1%"].find("failure").get("message")


def test_equal_thresholds_are_cases_of_different_names(busy, written):
    busy.thresholds = ("p95<1", "p95<1")
    assert {"p95<1", "p95<1 (2)"} <= red(written(busy))


@pytest.mark.parametrize(
    ("outcome", "tag"),
    [
        (Outcome(ended="interrupted", exit_code=130, said="Ctrl-C"), "error"),
        (Outcome(ended="error", exit_code=1, said="all workers were lost"), "error"),
        (Outcome(ended="aborted", exit_code=99, said="p95<1 was crossed"), "failure"),
    ],
)
def test_a_test_that_did_not_come_to_its_end_is_red(load, written, outcome, tag):
    case = written(load, outcome)[outcome.ended]
    assert outcome.said in case.find(tag).get("message")


def test_a_lost_worker_is_red(load, written):
    load.send(LOGIN, "GET", 1.0).tick()
    load.figures.worker("w9")
    load.figures.lose("w9", 1.0)
    assert red(written(load)) == {"lost"}


def test_what_kept_it_from_being_a_test_is_red(load, written):
    broken = Outcome(ended="finished", exit_code=1, broken=("the setup failed",))
    messages = {case.find("error").get("message") for case in written(load, broken).values()}
    assert messages == {"the setup failed", "no request was sent"}


def test_what_limits_the_figures_alone_is_not_red(load, written):
    load.send(LOGIN, "GET", 1.0).tick()
    load.figures.worker("w1").uses(99.0)
    cases = written(load)
    assert red(cases) == set()
    assert "limited by the generator" in cases["the test came to its end"].find("system-out").text


def test_texts_from_outside_stay_xml(load, written):
    load.send("<&\x00\ud800]]>", "GET", 1.0, '"<&\x1b', 0).tick()
    assert len(red(written(load))) == 1
