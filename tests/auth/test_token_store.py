"""Tokens that are kept: when one may be used again."""

import pytest

from runner.auth.token_store import MARGIN, Token

NOW = 1_000_000.0


@pytest.mark.parametrize(
    ("fetched", "expires", "usable"),
    [
        (NOW, None, True),
        (NOW - 3600, NOW + 1, True),
        (NOW - 3600, NOW, False),
        (NOW + MARGIN, NOW + 3600, True),
        (NOW + MARGIN + 1, NOW + 3600, False),
    ],
)
def test_a_token_is_used_until_its_end_and_not_when_the_clock_was_set_back_since(fetched, expires, usable):
    assert Token(access_token="t", fetched=fetched, expires=expires).usable(NOW) is usable


def test_a_token_of_no_known_end_is_kept_for_another_run_only_to_be_refreshed():
    assert not Token(access_token="t", fetched=NOW).worth_keeping(NOW)
    assert Token(access_token="t", fetched=NOW, refresh_token="r").worth_keeping(NOW)


def test_a_token_from_the_future_is_not_kept():
    assert not Token(access_token="t", fetched=NOW + MARGIN + 1, expires=NOW + 3600).worth_keeping(NOW)


def test_a_refreshed_token_keeps_the_refresh_token_that_is_in_force():
    assert Token(access_token="new").with_refresh("old").refresh_token == "old"
