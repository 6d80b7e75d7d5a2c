"""The slowest requests of a run."""

import pytest

from runner.results.figures import USUAL, Slowest
from tests.reporters.conftest import Scenario


@pytest.fixture
def kept():
    """The times and URLs of the slowest of requests that took these times, in their order."""

    def of(most, *times):
        slowest = Slowest(most)
        for number, time in enumerate(times):
            (event,) = Scenario().begin().request(url=f"http://api.test/{number}").events[1:]
            slowest.add(event, None, time)
        return [(one.time, one.sent.url[-1]) for one in slowest.kept]

    return of


def test_the_slowest_come_first_and_of_equal_ones_the_earliest(kept):
    assert kept(None, 3, 9, 3, 5, 9) == [(9, "1"), (9, "4"), (5, "3"), (3, "0"), (3, "2")]


def test_one_that_is_as_slow_as_the_last_that_is_kept_comes_too_late(kept):
    assert kept(None, 3, 3, 3, 3, 3, 3) == [(3, str(number)) for number in range(5)]
    assert kept(None, 3, 3, 3, 3, 3, 4)[0] == (4, "5")


@pytest.mark.parametrize(("most", "count"), [(None, USUAL), (0, USUAL), (2, USUAL), (7, 7)])
def test_as_many_are_kept_as_are_asked_for_and_the_usual_ones_at_least(kept, most, count):
    assert len(kept(most, *range(10))) == count
