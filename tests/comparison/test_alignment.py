"""Two sequences are aligned by what both have: as much as possible for few changes, rightly for many."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.comparison import alignment
from runner.comparison.alignment import matches, rising

WORDS = st.lists(st.integers(0, 3), max_size=12)


def longest(left, right):
    """How long the longest common subsequence is, by its definition."""
    rows = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for one, value in enumerate(left):
        for other, there in enumerate(right):
            rows[one + 1][other + 1] = (
                rows[one][other] + 1 if value == there else max(rows[one][other + 1], rows[one + 1][other])
            )
    return rows[-1][-1]


def longest_rise(numbers):
    best = []
    for at, number in enumerate(numbers):
        best.append(1 + max((best[before] for before in range(at) if numbers[before] < number), default=0))
    return max(best, default=0)


def check(pairs, left, right):
    assert all(left[one] == right[other] for one, other in pairs)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))


@given(WORDS, WORDS)
def test_as_much_as_possible_is_kept(left, right):
    found = matches(left, right)
    check(found, left, right)
    assert len(found) == longest(left, right)


@given(WORDS, WORDS, st.integers(0, 3))
def test_beyond_a_number_of_changes_what_is_unique_is_kept(left, right, most):
    before, alignment.MOST = alignment.MOST, most
    try:
        found = matches(left, right)
    finally:
        alignment.MOST = before
    check(found, left, right)


def test_many_changes_keep_what_is_unique_in_both():
    left = [f"a{number}" for number in range(1_000)]
    right = [line if number % 2 else "x" for number, line in enumerate(left)]
    assert len(matches(left, right)) == 500


@given(st.lists(st.integers(0, 9), unique=True))
def test_the_longest_rise_is_found(numbers):
    pairs = list(enumerate(numbers))
    found = rising(pairs)
    assert set(found) <= set(pairs)
    assert found == sorted(found)
    assert [other for _, other in found] == sorted(other for _, other in found)
    assert len(found) == longest_rise(numbers)


@pytest.mark.parametrize(("left", "right"), [([], []), ([], [1]), ([1], []), ([1], [2])])
def test_nothing_in_common_is_nothing(left, right):
    assert matches(left, right) == []
