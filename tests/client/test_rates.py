"""`--max-rate`, and servers that ask to be left alone."""

import pytest

from runner.client import rates as room
from runner.client.rates import LONGEST, Rates


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still; `clock[0]` is its time."""
    now = [1000.0]
    monkeypatch.setattr(room, "monotonic", lambda: now[0])
    return now


def test_requests_to_one_host_are_spread_evenly(clock):
    rates = Rates(4)
    assert [rates.reserve("a") for _ in range(3)] == [1000.0, 1000.25, 1000.5]


def test_each_host_has_its_own_row(clock):
    rates = Rates(1)
    assert [rates.reserve("a"), rates.reserve("b")] == [1000.0, 1000.0]


def test_a_pause_lets_no_burst_follow(clock):
    rates = Rates(1)
    rates.reserve("a")
    clock[0] += 60
    assert [rates.reserve("a") for _ in range(2)] == [1060.0, 1061.0]


def test_without_a_rate_nobody_waits(clock):
    rates = Rates()
    assert {rates.reserve("a") for _ in range(5)} == {1000.0}


def test_a_host_that_asks_to_be_left_alone_is(clock):
    rates = Rates()
    rates.slow_down("a", 7)
    assert [rates.reserve("a"), rates.reserve("b")] == [1007.0, 1000.0]


def test_it_cannot_ask_for_less_than_was_taken(clock):
    rates = Rates(0.1)
    rates.reserve("a")
    rates.slow_down("a", 1)
    assert rates.reserve("a") == 1010.0


def test_it_cannot_ask_for_more_than_five_minutes(clock):
    rates = Rates()
    rates.slow_down("a", 1e9)
    assert rates.reserve("a") == 1000.0 + LONGEST
