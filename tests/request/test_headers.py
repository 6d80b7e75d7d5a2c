"""Headers beyond the recorded requests."""

from base64 import b64encode

import pytest

from runner.entropy import Entropy
from runner.errors import RequestError
from runner.model.request import Header, ProtocolProfileBehavior, Request
from runner.request.headers import USER_AGENT
from runner.request.prepare import prepare
from runner.rules.text import javascript_order
from runner.rules.url import parse_url


def sent(*headers, url="http://h/x", method="GET", **behavior):
    return prepare(
        Request(method=method, url=parse_url(url), headers=headers), ProtocolProfileBehavior(**behavior), Entropy(seed=1)
    ).headers


def test_the_system_headers_follow_the_users():
    names = [name for name, _ in sent(Header("X", "1"))]
    assert names == ["X", "User-Agent", "Accept", "Cache-Control", "Postman-Token", "Host", "Accept-Encoding", "Connection"]
    assert dict(sent())["User-Agent"] == USER_AGENT


def test_each_system_header_can_be_switched_off():
    names = [
        "user-agent",
        "accept",
        "cache-control",
        "postman-token",
        "host",
        "accept-encoding",
        "connection",
        "content-length",
    ]
    assert sent(method="POST", disabled_system_headers=frozenset(names)) == ()


def test_same_names_in_the_same_case_are_grouped_at_the_first():
    lines = sent(Header("A", "1"), Header("B", "2"), Header("A", "3"))
    assert lines[:3] == (("A", "1"), ("A", "3"), ("B", "2"))


def test_a_name_in_another_case_replaces_all_before():
    lines = sent(Header("X-D", "1"), Header("X-D", "2"), Header("b", "3"), Header("x-d", "4"))
    assert lines[:2] == (("x-d", "4"), ("b", "3"))


def test_names_that_are_numbers_come_first():
    assert [name for name, _ in sent(Header("b", "1"), Header("10", "2"), Header("2", "3"))][:3] == ["2", "10", "b"]
    assert javascript_order(["a", "01", "1", "4294967295", "4294967294"]) == ["1", "4294967294", "a", "01", "4294967295"]


def test_an_empty_host_header_becomes_the_real_host():
    assert sent(Header("hOST", ""), url="http://h:81/")[0] == ("hOST", "h:81")


def test_an_empty_name_is_dropped():
    assert sent(Header("", "x"))[0][0] == "User-Agent"


def test_a_user_authorization_beats_the_one_of_the_url():
    lines = [line for line in sent(Header("authorization", "x"), url="http://u:p@h/") if line[0].lower() == "authorization"]
    assert lines == [("authorization", "x")]


def test_the_credentials_of_a_url_are_decoded_first():
    assert dict(sent(url="http://%C3%A9%40:a%zz@h/"))["Authorization"] == "Basic " + b64encode("é@:a%zz".encode()).decode()


@pytest.mark.parametrize("value", ["a\rb", "a\0b", "a\x7fb", "✓"])
def test_a_value_that_http_does_not_allow_is_refused(value):
    with pytest.raises(RequestError) as caught:
        sent(Header("X-N", value))
    assert (caught.value.code, caught.value.message) == ("ERR_INVALID_CHAR", 'Invalid character in header content ["X-N"]')


def test_latin_1_and_tabs_are_allowed():
    assert sent(Header("X", "é\t ÿ "))[0] == ("X", "é\t ÿ ")


def test_an_encoding_switched_off_lets_latin_1_through_and_nothing_more():
    with pytest.raises(RequestError) as caught:
        sent(url="http://h/✓", disable_url_encoding=True)
    assert caught.value.code == "ERR_UNESCAPED_CHARACTERS"
