"""Redirects beyond the recorded requests."""

import pytest

from runner.entropy import Entropy
from runner.errors import RequestError
from runner.model.request import Body, Header, ProtocolProfileBehavior, Request
from runner.model.response import Response
from runner.request.prepare import prepare
from runner.request.redirect import join, next_hop
from runner.rules.url import parse_url


def hop(location, *headers, url="http://a.example:81/x/y?q=1#f", code=302, method="POST", count=0, **behavior):
    body = Body(mode="raw", raw="hello")
    request = Request(method=method, url=parse_url(url), headers=headers, body=body)
    prepared = prepare(request, ProtocolProfileBehavior(**behavior), Entropy(seed=1))
    fields = () if location is None else (("Location", location),)
    return next_hop(prepared, Response(code=code, headers=fields), count)


def names(prepared):
    return {name.lower() for name, _ in prepared.headers}


@pytest.mark.parametrize(
    ("location", "href"),
    [
        ("/z", "http://a.example:81/z"),
        ("z", "http://a.example:81/x/z"),
        ("?b=2", "http://a.example:81/x/y?b=2"),
        ("#g", "http://a.example:81/x/y?q=1"),
        ("../../z", "http://a.example:81/x/../../z"),
        ("//b.example/z", "http://b.example/z"),
        ("\\z", "http://a.example:81/z"),
        ("https://b.example", "https://b.example/"),
        ("mailto:x", "http://a.example:81/x/mailto:x"),
        ("/a b/{c}", "http://a.example:81/a%20b/%7Bc%7D"),
    ],
)
def test_a_location_is_resolved_by_text_alone(location, href):
    assert hop(location).href == href


def test_a_location_of_utf8_bytes_is_read_as_utf8():
    assert hop("/é".encode().decode("latin-1")).target == "/%C3%A9"
    assert hop("/\xe9").target == "/%C3%A9"


@pytest.mark.parametrize(("code", "location"), [(200, "/z"), (302, None), (302, ""), (404, "/z")])
def test_other_answers_are_final(code, location):
    assert hop(location, code=code) is None


def test_redirects_can_be_switched_off():
    assert hop("/z", follow_redirects=False) is None


@pytest.mark.parametrize(("code", "method"), [(301, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_only_307_and_308_keep_method_and_body(code, method):
    found = hop("/z", code=code)
    assert (found.method, found.body, found.has_body) == (method, *((b"hello", True) if method == "POST" else (b"", False)))
    assert ("content-length" in names(found)) == ("content-type" in names(found)) == found.has_body


@pytest.mark.parametrize("code", [301, 302, 303, 307])
def test_who_follows_with_the_original_method_sends_the_body_with_its_headers(code):
    found = hop("/z", code=code, method="PUT", follow_original_http_method=True)
    assert (found.method, found.body, found.has_body) == ("PUT", b"hello", True)
    assert {"content-length", "content-type"} <= names(found)


SECRETS = (Header("Authorization", "Bearer t"), Header("Cookie", "s=1"))


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        ("/z", {"authorization", "cookie"}),
        ("http://A.example:81/z", {"authorization", "cookie"}),
        ("http://a.example:82/z", set()),
        ("https://a.example:81/z", set()),
        ("http://b.example:81/z", set()),
    ],
)
def test_secrets_go_only_where_they_were_meant_to_go(location, kept):
    assert names(hop(location, *SECRETS)) & {"authorization", "cookie"} == kept


def test_the_user_may_send_the_authorization_on_but_no_cookie():
    kept = names(hop("http://b.example/", *SECRETS, follow_authorization_header=True))
    assert kept & {"authorization", "cookie"} == {"authorization"}


BY_NAME = ("X-Api-Key", "x-auth-TOKEN", "Proxy-Authorization", "Ocp-Apim-Subscription-Key", "X-CSRF-Token", "PRIVATE-TOKEN")
PLAIN = ("Accept", "Idempotency-Key", "X-Token-Type", "X-Author", "X-Request-Id")
HEADERS = tuple(Header(name, "v1") for name in (*BY_NAME, *PLAIN))


@pytest.mark.parametrize(
    "location",
    [
        "http://b.example:81/",
        "http://sub.a.example:81/",
        "http://example:81/",
        "http://a.example.:81/",
        "https://a.example:81/",
        "http://a.example/",
        "//b.example/",
        "http://a.example:81@b.example/",
        "http://\u0430.example:81/",
    ],
)
def test_headers_that_are_secret_by_name_do_not_go_to_another_origin(location):
    kept = names(hop(location, *HEADERS))
    assert kept.isdisjoint(map(str.lower, BY_NAME))
    assert kept >= set(map(str.lower, PLAIN))
    assert names(hop(location, *HEADERS, follow_authorization_header=True)) >= kept | set(map(str.lower, BY_NAME))


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("http://a.example/x", "http://A.EXAMPLE:80/"),
        ("https://a.example:443/x", "https://a.example/"),
        ("http://b\xfccher.example/", "http://xn--bcher-kva.example/"),
        ("http://127.1/", "http://127.0.0.1/"),
        ("http://u:p@a.example/", "/next"),
    ],
)
def test_the_same_origin_in_other_letters_is_the_same(url, location):
    assert names(hop(location, *HEADERS, url=url)) >= set(map(str.lower, BY_NAME))


def test_a_redirect_that_leads_back_does_not_bring_secrets_back():
    away = hop("http://b.example/", *HEADERS, *SECRETS)
    back = next_hop(away, Response(code=302, headers=(("Location", "http://a.example:81/"),)), 1)
    assert names(back).isdisjoint(["authorization", "cookie", *map(str.lower, BY_NAME)])


@pytest.mark.parametrize(
    "query", ["api_key=s", "a=1&access_token=s", "next=%2Fx%3Ftoken%3Ds", "user[password]=s", "sig=s;b"]
)
def test_the_referer_shows_no_secret_of_the_query_to_another_origin(query):
    def referer(location):
        return dict(hop(location, url=f"http://a.example/x?{query}").headers)["Referer"]

    assert referer("http://b.example/") == "http://a.example/x"
    assert "=s" in referer("/b").replace("%3D", "=")


def test_the_referer_tells_neither_fragment_nor_password():
    assert dict(hop("/z", url="http://u:p@h/x?q#f").headers)["Referer"] == "http://h/x?q"


def test_the_credentials_of_a_location_are_used():
    assert dict(hop("http://u:p@b.example/").headers)["Authorization"] == "Basic dTpw"


def test_the_host_header_comes_last_in_the_case_of_the_user():
    found = hop("http://b.example/", Header("hoSt", "other"), Header("X", "1"))
    assert found.headers[-1] == ("hoSt", "b.example")


def test_the_eleventh_redirect_is_an_error_with_the_url():
    assert hop("/z", count=9) is not None
    with pytest.raises(
        RequestError, match=r"^Exceeded maxRedirects\. Probably stuck in a redirect loop http://a\.example:81/x/y\?q=1$"
    ):
        hop("/z", count=10)


def test_no_redirect_is_allowed_when_the_limit_is_zero():
    with pytest.raises(RequestError, match="Exceeded maxRedirects"):
        hop("/z", max_redirects=0)


def test_a_location_of_another_protocol_is_an_error():
    with pytest.raises(RequestError, match=r"^Invalid protocol: ftp:$"):
        hop("ftp://b.example/")


def test_a_base_without_query_joins_too():
    assert join("http://h/", "z?a=/b") == "http://h/z?a=/b"


@pytest.mark.parametrize(("code", "follows"), [(299, False), (300, True), (399, True), (400, False)])
def test_only_a_status_of_redirection_with_a_location_is_followed(code, follows):
    assert (hop("/z", code=code) is not None) == follows
    assert hop(None, code=code) is None
