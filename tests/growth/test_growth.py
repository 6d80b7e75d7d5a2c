"""Every kind of input costs at most as much more as it is longer: counted, at three sizes, the second doubling of two."""

import pytest

from tests.growth.meter import counted, growth, is_superlinear
from tests.growth.rows import ROWS

SIZE = 60


@pytest.mark.parametrize("name", ROWS)
def test_the_work_grows_with_the_input_and_not_with_its_square(name):
    counts = counted(ROWS[name], SIZE)
    assert not is_superlinear(counts), counts


@pytest.mark.parametrize(
    "row",
    [
        lambda n, m: lambda: [text.replace("b", "c") for text in ["a" * n] * n],
        lambda n, m: lambda: ROWS["fields of JSON"](n * n // 10, m)(),
    ],
)
def test_work_that_grows_with_the_square_is_seen(row):
    counts = counted(row, SIZE)
    assert growth(counts) > 3
    assert is_superlinear(counts)


def test_there_is_a_row_for_every_kind():
    assert len(ROWS) >= 85
