"""Dates of cookies: their bounds, as tough-cookie has them."""

from datetime import UTC, datetime

import pytest

from runner.rules.set_cookie import parse_date


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Tue, 01 Jan 2030 00:00:00 GMT", datetime(2030, 1, 1, tzinfo=UTC)),
        ("31 Dec 2030 23:59:59", datetime(2030, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("31 Feb 2030 00:00:00", datetime(2030, 3, 3, tzinfo=UTC)),
        ("01 Jan 1601 00:00:00", datetime(1601, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_date_within_its_bounds_is_a_moment(text, moment):
    assert parse_date(text) == moment.timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "00 Jan 2030 00:00:00",
        "32 Jan 2030 00:00:00",
        "01 Jan 1600 00:00:00",
        "01 Jan 2030 24:00:00",
        "01 Jan 2030 00:60:00",
        "01 Jan 2030 00:00:60",
    ],
)
def test_a_date_out_of_its_bounds_is_none(text):
    assert parse_date(text) is None
