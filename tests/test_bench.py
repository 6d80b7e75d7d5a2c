"""`scripts/bench` does as many rounds as fit into its time."""

import pytest

from scripts.benching import budget as module
from scripts.benching.budget import Budget


class Watch:
    """A clock that a round moves on."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now


@pytest.fixture
def watch(monkeypatch):
    watch = Watch()
    monkeypatch.setattr(module, "time", watch)
    return watch


def done(watch, budget, seconds, **more):
    """The rounds that a budget allows when each takes so many seconds."""
    numbers = []
    for number in budget.rounds(**more):
        numbers.append(number)
        watch.now += seconds
    return numbers


@pytest.mark.parametrize(
    ("seconds", "numbers"), [(0.5, [1, 2, 3, 4]), (3, [1, 2, 3]), (4, [1, 2]), (5, [1, 2]), (6, [1]), (99, [1])]
)
def test_rounds_go_on_as_long_as_another_one_fits(watch, seconds, numbers):
    assert done(watch, Budget("part", 4, 10), seconds) == numbers


def test_what_comes_first_takes_only_its_share(watch):
    budget = Budget("part", 9, 10)
    assert done(watch, budget, 1, share=0.2) == [1, 2]
    assert done(watch, budget, 1) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert budget.over


def test_a_part_without_time_does_one_round_and_says_so_on_standard_error(watch, capsys):
    assert done(watch, Budget("part", 4, 0), 1, what="start") == [1]
    assert "part: start 1 of 4" in capsys.readouterr().err
