"""Where credentials go when a server sends the request elsewhere."""

import pytest

from runner.model.response import Response
from runner.request.redirect import next_hop
from tests.auth.conftest import make_request, signed

AUTHS = {
    "basic": {"username": "u", "password": "secret"},
    "bearer": {"token": "secret"},
    "apikey": {"key": "X-Api-Key", "value": "secret"},
    "oauth2": {"accessToken": "secret"},
    "jwt": {"secret": "s", "payload": "{}"},
    "awsv4": {"accessKey": "secret", "secretKey": "k", "sessionToken": "secret"},
    "oauth1": {"consumerKey": "secret", "consumerSecret": "x", "addParamsToHeader": True},
    "hawk": {"authId": "secret", "authKey": "k"},
}
IN_QUERY = {
    "apikey": {"key": "k", "value": "secret", "in": "query"},
    "oauth2": {"accessToken": "secret", "addTokenTo": "queryParams"},
    "jwt": {"secret": "s", "payload": "{}", "addTokenTo": "queryParam"},
    "awsv4": {"accessKey": "secret", "secretKey": "k", "addAuthDataToQuery": True},
    "oauth1": {"consumerKey": "secret", "consumerSecret": "x"},
}
ELSEWHERE = ["http://evil.example/", "https://api.example/", "http://api.example:8080/"]


def redirected(type, params, location):
    prepared = signed(type, params, make_request(url="http://api.example/a?x=1"))
    return prepared, next_hop(prepared, Response(code=307, headers=(("Location", location),)), 0)


def credentials(prepared):
    """The headers that this request would not have without its auth."""
    plain = {name.lower() for name, _ in signed("noauth", {}).headers}
    return {name.lower() for name, _ in prepared.headers} - plain - {"referer"}


@pytest.mark.parametrize("location", ELSEWHERE)
@pytest.mark.parametrize("type", AUTHS)
def test_headers_with_credentials_stay_with_their_origin(type, location):
    before, after = redirected(type, AUTHS[type], location)
    assert credentials(before)
    assert credentials(after) == set()


@pytest.mark.parametrize("type", AUTHS)
def test_on_the_same_origin_they_are_sent_again(type):
    before, after = redirected(type, AUTHS[type], "/b")
    assert credentials(after) == credentials(before)


@pytest.mark.parametrize("location", ELSEWHERE)
@pytest.mark.parametrize("type", IN_QUERY)
def test_credentials_of_the_query_do_not_follow_not_even_in_the_referer(type, location):
    before, after = redirected(type, IN_QUERY[type], location)
    assert before.auth_in_query
    assert (after.target, dict(after.headers)["Referer"]) == ("/", "http://api.example/a")


def test_a_query_without_credentials_stays_in_the_referer():
    _, after = redirected("bearer", AUTHS["bearer"], "http://other.example/")
    assert dict(after.headers)["Referer"] == "http://api.example/a?x=1"
