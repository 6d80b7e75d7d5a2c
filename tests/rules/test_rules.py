"""Requests and scripts follow the same rules, and these are Postman's: one set of cases for both sides."""

import pytest

from runner.deep_json import same
from tests.rules.inputs import generated
from tests.rules.record import recorded
from tests.rules.sides import RULES, in_python, in_sandbox
from tests.sandbox.conftest import child, world  # noqa: F401

SCRIPTS = ("substitute", "url", "update", "casts", "requests", "cookies", "mime")
"""Rules that scripts can reach; the others are only for requests."""


def differences(inputs, expected, found):
    """Input, expected and found answer where the two are not the same, numbers compared as JavaScript does."""
    rows = zip(inputs, expected, found, strict=True)
    return [(one, want, got) for one, want, got in rows if not same(want, got, ordered=False)]


@pytest.mark.parametrize("rule", RULES)
def test_requests_follow_the_rules_of_postman(rule):
    inputs, answers = zip(*recorded(rule), strict=True)
    assert differences(inputs, answers, in_python(rule, inputs)) == []


@pytest.mark.parametrize("rule", SCRIPTS)
def test_scripts_follow_the_rules_of_postman(rule, world):  # noqa: F811
    inputs, answers = zip(*recorded(rule), strict=True)
    assert differences(inputs, answers, in_sandbox(world, rule, inputs)) == []


@pytest.mark.parametrize("rule", [rule for rule in SCRIPTS if rule in RULES])
def test_scripts_and_requests_agree(rule, world):  # noqa: F811
    inputs = generated(rule, 1500, seed=2)
    assert differences(inputs, in_python(rule, inputs), in_sandbox(world, rule, inputs)) == []
