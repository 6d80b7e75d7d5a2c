"""The types that only add something: no auth, basic, bearer, API key, OAuth 2.0; and the table."""

import sys
from itertools import takewhile
from subprocess import run as run_process

import pytest

from runner.auth import AUTHS, authorize
from runner.errors import AuthError, RequestError
from runner.events import Warned
from runner.model.request import Auth, Header, QueryParam
from runner.model.response import Response
from tests.auth.conftest import header, make_context, make_request, run, signed


def test_without_auth_the_request_is_sent_as_it_is(context):
    request = make_request()
    sent, exchange = run("noauth", {}, request, context, Response(code=204))
    assert (sent[0][0].request, sent[0][0].source, exchange.response.code) == (request, "item", 204)
    assert next(authorize(None, request, context)).request == request


def test_an_unknown_type_is_never_sent(context):
    with pytest.raises(AuthError, match="there is no auth type 'kerberos'"):
        next(authorize(Auth("kerberos"), make_request(), context))


@pytest.mark.parametrize("type", AUTHS)
def test_every_type_of_the_table_has_its_module(type):
    module = __import__(f"runner.auth.{AUTHS[type]}", fromlist=["authorize"])
    assert callable(module.authorize)


def test_no_auth_library_is_loaded_before_it_is_used():
    code = "import sys, runner.auth; print({'jwt', 'oauthlib', 'spnego', 'cryptography'} & set(sys.modules))"
    done = run_process([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_source_of_the_send_is_that_of_the_context():
    sent, _ = run("basic", {"username": "u"}, make_request(), make_context(source="script"))
    assert sent[0][0].source == "script"


def test_basic_credentials_are_utf8():
    assert header(signed("basic", {"username": "ü", "password": "p:w"}), "Authorization") == "Basic w7w6cDp3"
    assert header(signed("basic", {}), "Authorization") == "Basic Og=="


def test_a_header_of_the_same_name_is_replaced_in_any_case():
    request = make_request(headers=[Header("authorization", "old"), Header("X", "1"), Header("AUTHORIZATION", "older")])
    prepared = signed("bearer", {"token": "t"}, request)
    assert prepared.headers[:2] == (("X", "1"), ("Authorization", "Bearer t"))
    assert header(prepared, "Authorization") == "Bearer t"


def test_an_empty_token_adds_nothing():
    assert header(signed("bearer", {"token": ""}), "Authorization") is None
    assert header(signed("oauth2", {"accessToken": None}), "Authorization") is None


def test_an_api_key_replaces_a_header_of_the_same_words():
    request = make_request(headers=[Header("x-api-key", "a"), Header("xApiKey", "b"), Header("X_API_KEY2", "c")])
    prepared = signed("apikey", {"key": "X-Api-Key", "value": "k"}, request)
    assert prepared.headers[:2] == (("X_API_KEY2", "c"), ("X-Api-Key", "k"))


def test_an_api_key_in_the_query_replaces_one_of_the_same_name():
    request = make_request(url="http://h/a?key=old&b=1&Key=2")
    assert signed("apikey", {"key": "key", "value": "a&b", "in": "query"}, request).target == "/a?b=1&Key=2&key=a%26b"


def test_an_api_key_without_a_name_adds_nothing():
    assert signed("apikey", {"key": "", "value": "", "in": "query"}).target == "/a?x=1"


@pytest.mark.parametrize(
    ("prefix", "value"), [({}, "Bearer t"), ({"headerPrefix": ""}, "t"), ({"headerPrefix": "JWT "}, "JWT t")]
)
def test_the_prefix_of_an_oauth2_token(prefix, value):
    assert header(signed("oauth2", {"accessToken": "t", **prefix}), "Authorization") == value


def test_an_oauth2_token_in_the_query():
    prepared = signed(
        "oauth2", {"accessToken": "t", "addTokenTo": "queryParams"}, make_request(url="http://h/?access_token=o")
    )
    assert (prepared.target, header(prepared, "Authorization")) == ("/?access_token=t", None)


@pytest.mark.parametrize(("name", "value"), [("tokenType", "mac"), ("addTokenTo", "cookie")])
def test_an_oauth2_token_that_cannot_be_applied_is_an_error(name, value, context):
    with pytest.raises(AuthError, match=f"auth type oauth2: the parameter {name} is '{value}'"):
        run("oauth2", {"accessToken": "t", name: value}, make_request(), context)


def test_the_users_request_is_not_changed(context):
    request = make_request()
    run("apikey", {"key": "k", "value": "v", "in": "query"}, request, context)
    assert request.url.query == (QueryParam("x", "1"),)


def test_a_request_that_cannot_be_sent_is_still_offered_to_the_driver(context):
    flow = authorize(Auth("hawk", {"authId": "i", "authKey": "k"}), make_request(url="http://h:99999/"), context)
    assert next(flow).source == "item"
    with pytest.raises(RequestError, match="Port should be"):
        flow.throw(RequestError("Port should be >= 0 and < 65536."))


MISSING = [
    ("awsv4", {"secretKey": "s"}, "accessKey"),
    ("awsv4", {"accessKey": "a"}, "secretKey"),
    ("jwt", {"payload": "{}"}, "secret"),
    ("jwt", {"algorithm": "RS256"}, "privateKey"),
    ("asap", {"iss": "i", "aud": "a", "privateKey": "k"}, "kid"),
    ("asap", {"kid": "i", "aud": "a"}, "privateKey"),
]


@pytest.mark.parametrize(("type", "params", "name"), MISSING, ids=lambda value: value if isinstance(value, str) else "")
def test_a_missing_parameter_is_named_and_nothing_is_sent(type, params, name, context):
    with pytest.raises(AuthError, match=f"^auth type {type}: the parameter {name} is missing$"):
        run(type, params, make_request(), context)


OPTIONAL = [
    ("hawk", {"authKey": "k"}, "authId"),
    ("hawk", {"authId": "i"}, "authKey"),
    ("oauth1", {"consumerSecret": "s"}, "consumerKey"),
    ("oauth1", {"consumerKey": "k"}, "consumerSecret"),
    ("oauth1", {"consumerKey": "k", "signatureMethod": "RSA-SHA1"}, "privateKey"),
    ("edgegrid", {"clientToken": "c", "accessToken": "a"}, "clientSecret"),
    ("edgegrid", {"clientToken": "c", "clientSecret": "s"}, "accessToken"),
    ("edgegrid", {"accessToken": "c", "clientSecret": "s"}, "clientToken"),
]


@pytest.mark.parametrize(("type", "params", "name"), OPTIONAL, ids=lambda value: value if isinstance(value, str) else "")
def test_a_type_that_postman_leaves_out_until_it_is_filled_in_warns_and_sends_the_request_as_it_is(
    type, params, name, context
):
    request = make_request(headers=[Header("Authorization", "own")])
    flow = authorize(Auth(type, params), request, context)
    told = list(takewhile(lambda yielded: isinstance(yielded, Warned), flow))
    assert [w.message for w in told] == [f"auth type {type}: the parameter {name} is missing: sent without it"]
    sent, _ = run(type, params, request, context)
    assert [effect.request for effect, _ in sent] == [request]
