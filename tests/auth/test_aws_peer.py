"""AWS signatures, computed again by botocore."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("botocore")

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from runner.model.request import Body, Header, QueryParam
from tests.auth.conftest import header, make_request, signed

KEYS = {"accessKey": "AKIDEXAMPLE", "secretKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
WORDS = st.text(st.characters(codec="ascii", min_codepoint=0x20, exclude_characters="{}\\"), min_size=1, max_size=8)


def botocores(prepared, service, region):
    """The signature that botocore makes for the headers, path, query and body that were sent."""
    fields = dict(prepared.headers)
    names = fields["Authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    kept = {name: value for name, value in prepared.headers if name.lower() in names}
    path, _, query = prepared.target.partition("?")
    params = parse_qsl(query, keep_blank_values=True)  # given as pairs: botocore takes a query text to be encoded its way
    request = AWSRequest(prepared.method, f"http://{fields['Host']}{path}", kept, prepared.body, params)
    request.context["timestamp"] = fields["X-Amz-Date"]
    signer = SigV4Auth(Credentials(KEYS["accessKey"], KEYS["secretKey"]), service, region)
    return signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)


def agree(request, **more):
    prepared = signed("awsv4", {**KEYS, "service": "execute-api", "region": "eu-west-1", **more}, request)
    made = header(prepared, "Authorization").rpartition("Signature=")[2]
    return made == botocores(prepared, more.get("service", "execute-api"), "eu-west-1")


@pytest.mark.parametrize("body", [None, Body(mode="raw", raw='{"é": 1}', options={"raw": {"language": "json"}})])
@pytest.mark.parametrize("more", [{}, {"sessionToken": "session/+="}])
@pytest.mark.parametrize("url", ["http://h.example:8080/a/b?x=1&a=%20&a=&B", "http://h.example//a/../b%20c/"])
def test_botocore_makes_the_same_signature(url, more, body):
    assert agree(make_request("POST" if body else "GET", url, [Header("X-Own", "  a   b ")], body), **more)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=3), st.lists(st.tuples(WORDS, WORDS), max_size=3))
def test_any_path_and_query_are_signed_as_botocore_does(path, query):
    from dataclasses import replace

    request = make_request(url="http://h.example/")
    segments = tuple(segment.replace("/", "_").replace("%", "_").replace(":", "_") for segment in path)
    params = tuple(QueryParam(f"k{key}".replace("%", "_"), value.replace("%", "_")) for key, value in query)
    assert agree(replace(request, url=replace(request.url, path=segments or None, query=params or None)))
