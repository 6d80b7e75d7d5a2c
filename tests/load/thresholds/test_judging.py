"""Thresholds are judged by the figures that they name."""

import pytest

from runner.load.figures.figures import Figures
from runner.load.thresholds.parsing import parse_thresholds
from runner.load.thresholds.threshold import crossed, judge
from runner.load.thresholds.units import COUNT, SHARE, TIME
from tests.load.thresholds.conftest import START

PATHS = [("Login",), ("Shop", "Cart"), ("Shop", "Pay")]


def verdict(text, figures):
    (found,) = judge(parse_thresholds([text], PATHS), figures)
    return found


@pytest.fixture
def figures(load):
    """400 requests in ten seconds: 100 logins that take 1 to 100 ms, three in four of the rest fail."""
    for number in range(1, 101):
        load.requests(1, ms=float(number))
    load.requests(100, "Shop / Cart", 200.0)
    load.requests(100, "Shop / Pay", 300.0, 500)
    load.requests(100, "Shop / Pay", 400.0, 0, "time-out")
    load.checks(90, 10).checks(0, 100, "Shop / Cart")
    load.recorder.iteration(START, 1_000, False)
    load.recorder.iteration(START, 3_000, True)
    load.recorder.dropped(3)
    load.recorder.users(7)
    return load.figures()


@pytest.mark.parametrize(
    ("text", "measured", "shown"),
    [
        ("p95{Login}<96", 95, "95ms"),
        ("avg{Login}<96", 50.5, "50.5ms"),
        ("min<5", 1, "1ms"),
        ("med<201", 200, "200ms"),
        ("max<500", 400, "400ms"),
        ("p99.9{Login}<500", 100, "100ms"),
        ("avg{Shop/}<500", 300, "300ms"),
        ("error_rate<26%", 0.25, "25%"),
        ("error_rate{Pay}<51%", 0.5, "50%"),
        ("error_rate{Login}==0", 0, "0%"),
        ("failures<101", 100, "100"),
        ("failures{Cart}==0", 0, "0"),
        ("checks>40%", 0.45, "45%"),
        ("checks{Login}>=90%", 0.9, "90%"),
        ("failure_rate{Login}<=10%", 0.1, "10%"),
        ("http_req_failed: rate<=0.5", 0.5, "50%"),
        ("http_req_failed{Login}==0", 0, "0%"),
        ("rps>=40", 40, "40/s"),
        ("rps{Login}>9", 10, "10/s"),
        ("http_reqs: count==400", 400, "400"),
        ("iterations>1", 2, "2"),
        ("iterations: rate>0.1", 0.2, "0.2/s"),
        ("iteration_duration: max<=3s", 3000, "3000ms"),
        ("iteration_duration: p(50)<1001", 1000, "1000ms"),
        ("dropped<4", 3, "3"),
        ("data_received: count>300000", 400_000, "400000B"),
        ("data_sent{Login}: rate>99", 100, "100B/s"),
        ("vus: value==7", 7, "7"),
        ("vus_max: value==7", 7, "7"),
        ("less_than_eq(error_rate, 25)", 0.25, "25%"),
    ],
)
def test_a_threshold_that_holds_passes_and_its_opposite_does_not(figures, text, measured, shown):
    found = verdict(text, figures)
    assert (found.measured, found.shown, found.passed) == (measured, shown, True)
    opposites = {"<": ">=", ">": "<=", "==": "!=", "<=": ">", ">=": "<"}
    if found.threshold.operator in text:
        sign = found.threshold.operator
        assert not verdict(text.replace(sign, opposites[sign]), figures).passed


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [(COUNT, 1_234_567, "1234567"), (TIME, 12_345.67, "12346ms"), (TIME, 99.987, "99.987ms"), (SHARE, 0.989961, "98.996%")],
)
def test_large_numbers_are_shown_whole(unit, value, shown):
    assert unit.shown(value) == shown


@pytest.mark.parametrize(("operator", "passed"), [("<", 0), ("<=", 1), (">", 0), (">=", 1), ("==", 1), ("!=", 0)])
def test_a_limit_that_is_met_exactly(load, operator, passed):
    figures = load.requests(993).requests(7, error="broke").figures()
    assert verdict(f"error_rate{operator}0.7%", figures).passed == passed


@pytest.mark.parametrize("text", ["p95<500", "avg<500", "error_rate<50%", "checks>=0%", "failures<5", "p95{Cart}<500"])
def test_a_threshold_without_samples_does_not_pass(load, text):
    figures = load.requests(5).figures() if "Cart" in text else Figures(START)
    found = verdict(text, figures)
    assert (found.passed, found.measured, found.shown) == (False, None, "no samples")
    assert crossed([found]) == []


def test_a_rate_without_time_does_not_pass(load):
    figures = load.requests(5).figures()
    for seconds in (0, -5):
        figures.ended = figures.started + seconds
        assert not verdict("rps<=5", figures).passed


def test_a_request_that_could_not_be_sent_counts_as_one_without_a_response(load):
    figures = load.requests(1, status=500).requests(2).requests(1, ms=None, status=0, error="no such file").figures()
    assert verdict("http_req_failed<60%", figures).measured == 0.5


@pytest.mark.parametrize(
    ("text", "ends_early"),
    [
        ("p95<50", True),
        ("error_rate<1%", True),
        ("rps>1000", True),
        ("failures<=5", True),
        ("failures>=1000", False),
        ("iterations>1000", False),
        ("http_reqs: count>=1000", False),
        ("iterations==1000", False),
        ("p95<5000", False),
    ],
)
def test_what_can_still_be_reached_ends_no_test_early(figures, text, ends_early):
    assert bool(crossed([verdict(text, figures)])) == ends_early
