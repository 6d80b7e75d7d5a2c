"""The header `Retry-After` (RFC 9110, section 10.2.3)."""

import pytest

from runner.rules.retry_after import retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("Thu, 01 Jan 1970 00:16:50 GMT", 10.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_it_is_seconds_or_a_date(value, seconds):
    assert retry_after(value, 1000.0) == seconds


def test_a_number_of_any_length_is_a_number():
    assert retry_after("9" * 5000, 0.0) > 1e9
