"""Every signature that Newman made from given values is made again, byte by byte."""

from datetime import UTC, datetime

import pytest

from tests.auth.conftest import CASES, as_sent, case_params, case_request, make_context, recorded, signed

RANDOM = ("jwt-PS256", "asap", "ntlm")  # these differ in every run: their own tests verify them
NAMES = [name for name in CASES if name not in RANDOM and not name.startswith("digest")]


def clock_of(name):
    """The moment of an AWS signature; the others name their time in a parameter."""
    head = CASES[name]["sent"][0]["head"]
    if not name.startswith("aws"):
        return 1700000000.0
    text = head.partition("X-Amz-Date")[2][1:].lstrip()[:16]
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize("name", NAMES)
def test_the_signed_request_equals_the_record(name):
    type = CASES[name]["request"]["auth"]["type"]
    prepared = signed(type, case_params(name), case_request(name), make_context(now=clock_of(name)))
    assert as_sent(prepared) == recorded(name)
