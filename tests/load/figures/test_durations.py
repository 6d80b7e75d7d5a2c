"""Durations are rounded once, by one rule, and merged exactly."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.load.figures.bucket import bucket
from runner.load.figures.durations import Durations

MS = st.floats(min_value=0.01, max_value=1e7)


def of(values):
    made = Durations()
    for value in values:
        made.add(value)
    return made


def nearest_rank(values, percent):
    return sorted(values)[max(1, math.ceil(round(len(values) * percent / 100, 6))) - 1]


@pytest.mark.parametrize(
    ("ms", "rounded"),
    [
        (0, 0.0),
        (-3, 0.0),
        (0.001234, 0.0012),
        (0.01234, 0.0123),
        (0.1236, 0.124),
        (0.99951, 1.0),
        (1.236, 1.24),
        (9.996, 10.0),
        (12.36, 12.4),
        (99.96, 100.0),
        (123.6, 124.0),
        (999.6, 1000.0),
        (1236, 1240.0),
        (58_760, 58_800.0),
        (123_456_789, 123_000_000.0),
    ],
)
def test_three_digits_are_kept(ms, rounded):
    assert bucket(ms) == rounded


@given(MS)
def test_rounding_is_at_most_half_a_percent_off_and_rounds_no_further(ms):
    assert abs(bucket(ms) - ms) <= ms * 0.005 * (1 + 1e-9)
    assert bucket(bucket(ms)) == bucket(ms)


@given(MS, MS)
def test_rounding_keeps_the_order(one, other):
    assert bucket(min(one, other)) <= bucket(max(one, other))


def test_a_decade_has_900_buckets():
    assert len({bucket(10 + step / 1000) for step in range(90_000)}) == 901  # and the first of the next


@given(st.lists(MS, min_size=1), st.floats(0, 100))
def test_percentiles_are_the_bucket_of_the_nearest_rank(values, percent):
    assert of(values).percentile(percent) == bucket(nearest_rank(values, percent))


@pytest.mark.parametrize(
    "draw",
    [
        lambda dice: dice.lognormvariate(4, 1.2),
        lambda dice: dice.expovariate(1 / 30),
        lambda dice: dice.uniform(0.1, 5_000),
        lambda dice: dice.choice((dice.gauss(20, 2), dice.gauss(2_000, 100))),
    ],
    ids=["lognormal", "exponential", "uniform", "two humps"],
)
def test_percentiles_are_within_half_a_percent_of_raw_values(draw):
    dice = random.Random(7)
    values = [max(0.01, draw(dice)) for _ in range(5_000)]
    durations = of(values)
    for percent in (50, 66, 75, 90, 95, 99, 99.9, 100):
        raw = nearest_rank(values, percent)
        assert abs(durations.percentile(percent) - raw) <= raw * 0.005


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (1, 1), (50, 50), (50.1, 51), (95, 95), (99, 99), (100, 100)])
def test_a_percentile_is_a_value_that_this_share_does_not_exceed(percent, value):
    assert of(range(1, 101)).percentile(percent) == value


def test_999_of_1000_are_99_9_percent():
    assert of(range(1, 1_001)).percentile(99.9) == 999


def test_percentiles_follow_what_is_added_after_they_were_asked_for():
    durations = of([10])
    assert durations.percentile(100) == 10
    durations.add(20)
    assert durations.percentile(100) == 20
    durations.merge(of([30]))
    assert durations.percentile(100) == 30


def test_nothing_has_no_figures():
    durations = Durations()
    assert (durations.mean, durations.shortest, durations.longest, durations.percentile(95)) == (None,) * 4


def test_mean_and_extremes_are_not_rounded_to_three_digits():
    durations = of([1234.5678, 0.0004, 2000.1])
    assert (durations.shortest, durations.longest) == (0.0004, 2000.1)
    assert durations.mean == pytest.approx((1234.568 + 0 + 2000.1) / 3)
    assert of([0.001, 0.002]).mean == 0.0015
    assert of([0.0006]).mean == 0.001


@given(st.lists(st.lists(MS)), st.randoms())
def test_merging_parts_in_any_order_gives_the_same_as_one_piece(parts, dice):
    whole = of(value for part in parts for value in part)
    dice.shuffle(parts)
    merged = Durations()
    for part in parts:
        merged.merge(Durations.from_json(of(part).to_json()))
    assert merged.to_json() == whole.to_json()
