"""The exit code of a load test follows from its figures and thresholds alone."""

import itertools

import pytest

from runner.load.figures.figures import Figures
from runner.load.thresholds.outcome import outcome
from runner.load.thresholds.parsing import parse_thresholds
from runner.load.thresholds.threshold import judge
from tests.load.thresholds.conftest import START

PATHS = [("Login",), ("Pay",)]

PASSED = {"p95": "p95<1s", "all": "error_rate<90%", "checks": "checks>=1%", "failed": "http_req_failed<90%"}
CROSSED = {"p95": "p95<1us", "all": "error_rate<1%", "checks": "checks>=99%", "failed": "http_req_failed<1%"}
DECIDES = {"p95": set(), "all": {"request", "script", "assertion"}, "checks": {"assertion"}, "failed": {"request"}}


def break_(load, kind):
    if kind == "request":
        load.requests(1, status=0, error="time-out")
    elif kind == "script":
        load.requests(1, error="x is not defined")
        load.recorder.failure("Login", "script", "x is not defined")
    elif kind == "assertion":
        load.requests(1, error="is quick").checks(0, 1)
    load.recorder.iteration(START, 5, bool(kind))


def decide(figures, *texts, **further):
    return outcome(figures, judge(parse_thresholds(texts, PATHS), figures), **further)


@pytest.mark.parametrize("kind", ["", "request", "script", "assertion"])
@pytest.mark.parametrize("holds", [True, False])
@pytest.mark.parametrize("about", [None, *DECIDES])
def test_a_failure_of_a_kind_and_a_threshold(load, kind, holds, about):
    load.requests(1).checks(1, 0)
    break_(load, kind)
    figures = load.figures()
    texts = [(PASSED if holds else CROSSED)[about]] if about else []
    verdicts = judge(parse_thresholds(texts, PATHS), figures)
    undecided = bool(kind) and kind not in (DECIDES[about] if about else ())
    expected = 1 if undecided else 0 if all(one.passed for one in verdicts) else 99
    decision = outcome(figures, verdicts)
    assert decision.exit_code == expected
    assert bool(decision.reasons) == bool(expected)


@pytest.mark.parametrize(
    ("failures", "texts", "code"),
    [
        ((), (), 0),
        ((), ("p95<1s",), 0),
        ((), ("p95<1us",), 99),
        ((), ("p95<1us", "error_rate<1%"), 99),
        (("assertion",), (), 1),
        (("assertion",), ("p95<1s",), 1),
        (("assertion",), ("p95<1us",), 1),
        (("assertion",), ("error_rate<90%",), 0),
        (("assertion",), ("error_rate<1%",), 99),
        (("assertion",), ("error_rate<90%", "p95<1us"), 99),
        (("assertion",), ("checks>=1%",), 0),
        (("assertion",), ("checks>=99%", "error_rate<90%"), 99),
        (("request",), ("checks>=1%",), 1),
        (("request", "assertion"), ("checks>=1%", "http_req_failed<90%"), 0),
        (("request", "script", "assertion"), ("checks>=1%", "http_req_failed<90%"), 1),
        (("request", "script", "assertion"), ("failures<10",), 0),
        (("assertion",), ("failure_rate<90%",), 0),
        (("assertion",), ("error_rate{Login}<90%",), 0),
        (("assertion",), ("error_rate{Pay}<90%", "checks{Pay}>=0%"), 1),
    ],
)
def test_failures_and_several_thresholds(load, failures, texts, code):
    load.requests(1).requests(1, "Pay").checks(1, 0).checks(1, 0, "Pay")
    for kind in failures:
        break_(load, kind)
    assert decide(load.figures(), *texts).exit_code == code


@pytest.mark.parametrize(
    ("broken", "lost", "crossed", "failed", "signal"),
    [*itertools.product(*[[False, True]] * 4, [None, 130, 143])],
)
def test_a_signal_wins_over_what_broke_and_that_over_thresholds(load, broken, lost, crossed, failed, signal):
    load.requests(1)
    if failed:
        break_(load, "assertion")
    figures = load.figures()
    if lost:
        figures.lose("1", START + 5, START, 12)
    texts = ["p95<1us"] if crossed else ["p95<1s"]
    decision = decide(figures, *texts, broken=["the setup failed"] if broken else [], signal_code=signal)
    expected = signal or (1 if broken or lost or failed else 99 if crossed else 0)
    assert decision.exit_code == expected
    assert len(decision.reasons) == broken + lost + failed + crossed


def test_reasons_are_told_in_words(load):
    load.requests(3, status=0, error="time-out").requests(2, error="broke").checks(0, 1)
    load.recorder.failure("Login", "script", "broke")
    figures = load.figures()
    figures.lose("worker-2", START + 5, START, 12)
    assert decide(figures, "p95<1us").reasons == (
        "worker worker-2 was lost, and about 12 requests that it did not report",
        "3 requests failed",
        "1 script failed",
        "1 assertion failed",
        "p95<1us: 100ms",
    )


def test_a_test_without_a_request_has_not_passed():
    decision = decide(Figures(START), "dropped==0")
    assert (decision.exit_code, decision.reasons) == (1, ("no request was sent",))


def test_requests_that_could_not_be_sent_are_no_test(load):
    figures = load.requests(3, ms=None, status=0, error="no value for {{host}}").figures()
    assert decide(figures, "error_rate<=100%").reasons == ("no request was sent",)


def test_a_threshold_without_samples_is_crossed(load):
    decision = decide(load.requests(1).figures(), "checks>=0%")
    assert (decision.exit_code, decision.reasons) == (99, ("checks>=0%: no samples",))


def test_a_failure_that_nobody_described_counts(load):
    load.recorder.iteration(START, 5, True)
    figures = load.requests(1).figures()
    assert decide(figures, "checks>=0%").exit_code == 1
    assert decide(figures, "error_rate{Login}<1%").exit_code == 1
    assert decide(figures, "error_rate<1%").exit_code == 0
