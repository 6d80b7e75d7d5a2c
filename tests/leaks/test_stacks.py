"""Writings may stand on top of each other, three deep: a value is found below any of them."""

import random

import pytest

from runner.secrets import Secrets
from tests.leaks.stacks import leaks, stacks


@pytest.mark.parametrize("depth", [2, 3])
def test_a_value_is_masked_in_writings_of_writings(depth):
    drawn = random.Random(1).sample(list(stacks(depth)), 200)
    assert [(stack, kind) for stack in drawn for kind, _ in leaks(stack)] == []


def test_a_layer_that_is_taken_off_hides_nothing_else():
    secrets = Secrets(["two words+more"])
    assert secrets.mask("q=1&a=%2574wo%2520words%252Bmore&b=%2541") == "q=1&a=••••&b=%2541"
    assert secrets.mask("x+-y two+-words+ACs-more z+-") == "x+-y •••• z+-"
    assert (
        secrets.mask('{"a": "\\\\u0026lt;", "b": "two \\\\u0077ords\\\\u002bmore"}') == '{"a": "\\\\u0026lt;", "b": "••••"}'
    )


def test_a_value_that_looks_like_an_escape_is_found_below_more_of_them():
    assert Secrets(["a%2Fb%25cd-Qx"]).mask("v=\\u0061%252Fb%2525cd\\x2dQx;") == "v=••••;"


def test_a_soft_break_behind_letters_beyond_ascii_is_no_end():
    stack = ("percent some", "quoted-printable", "json")
    assert list(leaks(stack)) == []
