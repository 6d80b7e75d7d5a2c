"""OAuth 1.0: a published example, places of the signature, and a server that verifies."""

import pytest
from oauthlib.common import Request as OauthRequest
from oauthlib.oauth1.rfc5849 import signature

from runner.auth.oauth.oauth1 import METHODS
from runner.errors import AuthError
from runner.model.request import Body, FormParam
from tests.auth.conftest import case_params, header, make_context, make_request, run, signed

PARAMS = {"consumerKey": "ck", "consumerSecret": "cs", "token": "tk", "tokenSecret": "ts"}
IN_HEADER = {**PARAMS, "addParamsToHeader": True}
KEY = case_params("oauth1-RSA-SHA1")["privateKey"]


def form(*pairs):
    return Body(mode="urlencoded", urlencoded=tuple(FormParam(key=key, value=value) for key, value in pairs))


def test_the_example_of_the_oauth_core_specification():
    params = {
        "consumerKey": "dpf43f3p2l4k3l03",
        "consumerSecret": "kd94hf93k423kf44",
        "token": "nnch734d00sl2jdk",
        "tokenSecret": "pfkkdhi9sl3r4s00",
        "nonce": "kllo9940pd9333jh",
        "timestamp": "1191242096",
        "version": "1.0",
        "addParamsToHeader": True,
    }
    url = "http://photos.example.net/photos?file=vacation.jpg&size=original"
    value = header(signed("oauth1", params, make_request(url=url)), "Authorization")
    assert value.endswith('oauth_signature="tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D"')


def verify(prepared, method):
    """Whether oauthlib, as the server, accepts what was sent."""
    types = [value for name, value in prepared.headers if name == "Content-Type"]
    is_form = "application/x-www-form-urlencoded" in types
    authorization = header(prepared, "Authorization")
    collected = signature.collect_parameters(
        uri_query=prepared.target.partition("?")[2],
        body=prepared.body.decode() if is_form else "",
        headers={"Authorization": authorization} if authorization else {},
        exclude_oauth_signature=False,
        with_realm=False,
    )
    request = OauthRequest(prepared.href, prepared.method)
    request.params = [pair for pair in collected if pair[0] != "oauth_signature"]
    request.signature = dict(collected)["oauth_signature"]
    if method == "PLAINTEXT":
        return signature.verify_plaintext(request, "cs", "ts")
    if method.startswith("RSA"):
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

        public = load_pem_private_key(KEY.encode(), None).public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return getattr(signature, f"verify_{method.lower().replace('-', '_')}")(request, pem)
    return getattr(signature, f"verify_{method.lower().replace('-', '_')}")(request, "cs", "ts")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", [True, False])
def test_a_server_accepts_every_method_in_every_place(method, place):
    params = {**PARAMS, "signatureMethod": method, "privateKey": KEY, "addParamsToHeader": place, "callback": "http://c/"}
    request = make_request("POST", "http://h:80/a%20b?y=2&x=%C3%A9&x=1&z", body=form(("f", "a+b c"), ("g", "")))
    assert verify(signed("oauth1", params, request), method)


def test_without_a_header_the_form_takes_the_signature_or_else_the_query():
    posted = signed("oauth1", PARAMS, make_request("POST", body=form(("a", "1"))))
    assert posted.body.startswith(b"a=1&oauth_consumer_key=ck&oauth_token=tk&")
    assert "oauth" not in posted.target
    patched = signed("oauth1", PARAMS, make_request("PATCH", body=form(("a", "1"))))
    assert (patched.body, "&oauth_signature=" in patched.target) == (b"a=1", True)
    assert verify(patched, "HMAC-SHA1")


def test_a_signature_of_before_is_replaced():
    first = signed("oauth1", PARAMS)
    again = signed("oauth1", PARAMS, make_request(url=f"http://api.example{first.target}"))
    assert again.target == first.target


def test_empty_parameters_are_left_out_unless_they_are_wanted():
    assert "oauth_token" not in signed("oauth1", {**PARAMS, "token": ""}).target
    assert "&oauth_token=&" in signed("oauth1", {**PARAMS, "token": "", "addEmptyParamsToSign": True}).target


def test_the_body_hash_is_for_bodies_that_are_no_form():
    plain = signed("oauth1", {**IN_HEADER, "includeBodyHash": True}, make_request("POST", body=Body(mode="raw", raw="x")))
    assert "oauth_body_hash=" in header(plain, "Authorization")
    of_form = signed("oauth1", {**IN_HEADER, "includeBodyHash": True}, make_request("POST", body=form(("a", "1"))))
    assert "oauth_body_hash=" not in header(of_form, "Authorization")


def test_the_header_can_be_left_unencoded():
    value = header(signed("oauth1", {**IN_HEADER, "disableHeaderEncoding": True, "realm": "a b"}), "Authorization")
    assert value.startswith('OAuth realm="a b",oauth_consumer_key="ck"')
    assert '="' in value.partition("oauth_signature=")[2]


def test_a_query_with_odd_characters_is_signed_like_its_encoded_form():
    plain, encoded = (
        signed("oauth1", IN_HEADER, make_request(url=url))
        for url in ("http://h/a?a[]=1&b={x|y}", "http://h/a?a%5B%5D=1&b=%7Bx%7Cy%7D")
    )
    assert header(plain, "Authorization") == header(encoded, "Authorization")
    assert plain.target == encoded.target == "/a?a%5B%5D=1&b=%7Bx%7Cy%7D"


def test_the_query_gets_the_encoding_of_oauth():
    request = make_request(url="http://h/a?q=it's+(x)&&b&c=&d=%7E%C3%A9*!")
    sent = signed("oauth1", IN_HEADER, request)
    assert sent.target == "/a?q=it%27s%20%28x%29&b&c=&d=~%C3%A9%2A%21"
    assert verify(sent, "HMAC-SHA1")


def test_a_version_and_a_token_are_sent_only_when_the_collection_has_them():
    params = {"consumerKey": "ck", "consumerSecret": "cs", "nonce": "n", "timestamp": "1"}
    names = ["oauth_consumer_key", "oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_signature"]
    assert names_of(signed("oauth1", params)) == names
    with_empty = signed("oauth1", {**params, "token": "", "addEmptyParamsToSign": True}).target
    assert "&oauth_token=&" in with_empty
    assert "&oauth_version&" in with_empty


def test_the_body_hash_stands_before_callback_and_verifier():
    params = {**PARAMS, "includeBodyHash": True, "callback": "oob", "verifier": "v"}
    assert names_of(signed("oauth1", params))[-4:] == [
        "oauth_body_hash",
        "oauth_callback",
        "oauth_verifier",
        "oauth_signature",
    ]


def names_of(prepared):
    query = prepared.target.partition("?")[2].split("&")
    return [pair.partition("=")[0] for pair in query if pair.startswith("oauth_")]


@pytest.mark.parametrize("type", ["oauth1", "digest", "hawk"])
def test_the_content_type_of_a_form_with_parts_stays_behind_the_systems_headers(type):
    params = {
        **PARAMS,
        "addParamsToHeader": True,
        "authId": "i",
        "authKey": "k",
        "username": "u",
        "realm": "r",
        "nonce": "n",
    }
    parts = Body(mode="formdata", formdata=(FormParam(key="a", value="b"),))
    found = [name for name, _ in signed(type, params, make_request("POST", body=parts)).headers]
    assert found.index("Authorization") < found.index("Connection") < found.index("Content-Type")


@pytest.mark.parametrize("key", ["no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_a_bad_key_is_an_error_without_the_key(key):
    with pytest.raises(AuthError) as caught:
        run("oauth1", {**PARAMS, "signatureMethod": "RSA-SHA1", "privateKey": key}, make_request(), make_context())
    assert "auth type oauth1" in str(caught.value)
    assert "AAAA" not in str(caught.value)


def test_an_unknown_method_is_an_error():
    with pytest.raises(AuthError, match="the parameter signatureMethod is 'MD5'"):
        run("oauth1", {**PARAMS, "signatureMethod": "MD5"}, make_request(), make_context())
