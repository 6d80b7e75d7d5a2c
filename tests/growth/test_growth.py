"""Every kind of input costs at most as much more as it is longer: counted, at three sizes, the second doubling of two."""

import pytest

from tests.growth.meter import Meter, growth
from tests.growth.rows import ROWS

SIZE = 60


def counts(row, size):
    Meter().of(row(10, Meter()))  # what is made at the first use is no part of it
    found = []
    for factor in (1, 2, 4):
        meter = Meter()
        found.append(meter.of(row(size * factor, meter)))
    return found


@pytest.mark.parametrize("name", ROWS)
def test_the_work_grows_with_the_input_and_not_with_its_square(name):
    found = counts(ROWS[name], SIZE)
    assert growth(found) < 2.7 or found[2] - found[1] < 100, found


@pytest.mark.parametrize(
    "row",
    [
        lambda n, m: lambda: [text.replace("b", "c") for text in ["a" * n] * n],
        lambda n, m: lambda: ROWS["fields of JSON"](n * n // 10, m)(),
    ],
)
def test_work_that_grows_with_the_square_is_seen(row):
    assert growth(counts(row, SIZE)) > 3


def test_there_is_a_row_for_every_kind():
    assert len(ROWS) >= 85
