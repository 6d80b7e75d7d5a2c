"""How figures read: three significant digits, and nothing that looks like none or all unless it is."""

import pytest

from runner.load.reports.texts import clock_text, ms_text, number_text, percent_text, rate_text


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (None, "–"),
        (0.0, "0ms"),
        (0.00449, "0.00449ms"),
        (0.4251, "0.425ms"),
        (9.999, "10ms"),
        (317.6, "318ms"),
        (999.4, "999ms"),
        (999.6, "1s"),
        (1254.0, "1.25s"),
        (59_940.0, "59.9s"),
        (59_960.0, "1m 0s"),
        (125_400.0, "2m 5s"),
        (3_720_000.0, "1h 2m"),
    ],
)
def test_a_duration_has_three_significant_digits_and_a_unit_that_fits(ms, text):
    assert ms_text(ms) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "–"),
        (0.0, "0.00%"),
        (0.00001, "<0.01%"),
        (0.0001, "0.01%"),
        (0.1234567, "12.35%"),
        (0.9999, "99.99%"),
        (0.99999, ">99.99%"),
        (1.0, "100.00%"),
    ],
)
def test_a_share_that_is_not_nothing_or_all_does_not_look_like_it(share, text):
    assert percent_text(share) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.0123456, "0.0123"), (12.34, "12.3"), (999.7, "1000"), (12345.6, "12346")]
)
def test_a_number_keeps_three_significant_digits_and_all_of_its_whole_ones(value, text):
    assert number_text(value) == text
    assert rate_text(value) == f"{text}/s"


def test_a_clock_shows_seconds_as_they_pass():
    assert [clock_text(seconds) for seconds in (-1, 0.9, 59.9, 60, 3599, 3600)] == [
        *("0s", "0s", "59s", "1m 0s", "59m 59s", "1h 0m"),
    ]
