"""Every recorded request is prepared byte by byte as Newman sent it, but for the differences named here."""

import pytest

from runner.errors import RequestError
from runner.model.response import Response
from runner.request.redirect import next_hop
from tests.request.conftest import CASES, as_sent, normal, prepare_case

# names that are meant to differ, with the reason (each has its own test)
DIFFERENT = {
    "b-fd-file-quote": "a quote in a file name is percent-encoded",
    "h-cl-wrong-short": "what the transport does with a wrong Content-Length is not prepared",
    "h-cl-get": "its record begins with what the wrong length before it left on the connection",
    "r-frag": "no fragment in Referer",
    "r-userinfo": "no user name and password in Referer, and the jar's cookies are not prepared",
    "r-307-ue": "the jar's cookies are not prepared",
    "r-utf8": "a UTF-8 Location is read as UTF-8",
}
COMES_LATER = {"u-localhost-dot", "u-port-empty"}  # these fail only when a connection is made
SENT = [case for case in CASES.values() if case["sent"] and case["id"] not in DIFFERENT]
REFUSED = [case for case in CASES.values() if not case["sent"] and case["id"] not in COMES_LATER]


@pytest.mark.parametrize("case", SENT, ids=lambda case: case["id"])
def test_the_first_request_equals_the_record(case):
    assert as_sent(prepare_case(case)) == normal(case["sent"][0]["head"], case["sent"][0]["body"])


@pytest.mark.parametrize("case", [c for c in SENT if len(c["sent"]) > 1], ids=lambda case: case["id"])
def test_the_redirected_request_equals_the_record(case):
    prepared = prepare_case(case)
    code = int(prepared.target.split("/")[2].split("?")[0])
    hop = next_hop(prepared, Response(code=code, headers=(("Location", location(prepared.target)),)), 0)
    assert as_sent(hop) == normal(case["sent"][1]["head"], case["sent"][1]["body"])


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["id"])
def test_what_node_refuses_is_refused_with_its_words(case):
    with pytest.raises(RequestError) as caught:
        prepare_case(case)
    assert f"{caught.value.code} {caught.value.message}".strip() == case["error"].strip()


def test_every_named_difference_is_a_recorded_case():
    assert set(DIFFERENT) <= set(CASES)


def location(target):
    from urllib.parse import parse_qs

    return parse_qs(target.partition("?")[2])["to"][0].encode().decode("latin-1")
