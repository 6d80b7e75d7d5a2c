"""What a user chooses: severities by name, and what makes a check fail."""

import pytest

from runner.checks.finding import Severity
from runner.checks.settings import settings_from
from runner.errors import UsageError


def test_the_last_word_about_a_rule_counts_and_all_is_for_every_rule():
    configured = {"rules": {"missing-file": "error", "all": "off", "script-syntax": "info"}}
    levels = settings_from(configured, ["script-syntax=warning"], None).levels
    assert levels["missing-file"] == Severity.OFF
    assert levels["script-syntax"] == Severity.WARNING
    assert set(levels.values()) == {Severity.OFF, Severity.WARNING}


@pytest.mark.parametrize(("configured", "option", "failing"), [
    ({}, None, Severity.WARNING),
    ({"fail-on": "error"}, None, Severity.ERROR),
    ({"fail_on": "info"}, None, Severity.INFO),
    ({"fail-on": "error"}, "info", Severity.INFO),
])  # fmt: skip
def test_what_makes_a_check_fail(configured, option, failing):
    settings = settings_from(configured, [], option)
    assert [one for one in Severity if settings.failed(one)] == [one for one in Severity if one >= failing]


def test_nothing_fails_if_it_is_switched_off():
    assert not settings_from({"fail-on": "off"}, [], None).failed(Severity.ERROR)


@pytest.mark.parametrize(("configured", "message"), [
    ({"rules": {"missing-file": "bad"}}, "check.rules: 'bad' is not a severity"),
    ({"rules": []}, "check: rules are a table of ids and severities"),
    ({"rule": {}}, "check: there is no setting 'rule'"),
    ({"fail-on": "bad"}, "check.fail-on: 'bad' is not a severity"),
])  # fmt: skip
def test_mistakes_in_the_configuration_have_their_place(configured, message):
    with pytest.raises(UsageError) as caught:
        settings_from(configured, [], None)
    assert str(caught.value) == message
