"""The control path of every server: looking calls up, and verifying how often they came."""

import pytest

PREFIXES = ("/__postrunner/", "/__standin/")


@pytest.fixture
def called(torii):
    torii("GET", "/v1.0/roles?a=1&a=2", headers={"X-Tier": "gold"})
    torii("POST", "/v1.0/files", {"path": "x", "n": 1})
    torii("POST", "/v1.0/files", {"path": "y"})
    return torii


def verify(called, **asked):
    reply = called("POST", "/__postrunner/verify", asked, key=None)
    return reply.status, reply.json.get("verified"), reply.json.get("count")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_journal_is_at_one_path_of_every_server(called, prefix):
    assert len(called("GET", f"{prefix}requests", key=None).json["requests"]) == 3


def test_calls_are_looked_up_in_the_address(called):
    found = called("GET", "/__postrunner/requests?method=post&path=/v1.0/files", key=None).json["requests"]
    assert [one["number"] for one in found] == [2, 3]


def test_calls_are_looked_up_by_their_status(called):
    assert len(called("GET", "/__postrunner/requests?status=200", key=None).json["requests"]) == 1


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"path": "/v1.0/files"}, (200, True, 2)),
        ({"path": "/v1.0/none"}, (406, False, 0)),
        ({"path": "/v1.0/none", "times": 0}, (200, True, 0)),
        ({"path": "/v1.0/files", "times": 2}, (200, True, 2)),
        ({"path": "/v1.0/files", "times": 1}, (406, False, 2)),
        ({"method": "POST", "at_least": 2}, (200, True, 2)),
        ({"method": "POST", "at_least": 3}, (406, False, 2)),
        ({"method": "POST", "at_most": 1}, (406, False, 2)),
        ({"query": {"a": "2"}, "times": 1}, (200, True, 1)),
        ({"query": {"a": 2}, "times": 1}, (200, True, 1)),
        ({"query": {"a": None}, "times": 2}, (200, True, 2)),
        ({"headers": {"x-TIER": "gold"}, "times": 1}, (200, True, 1)),
        ({"headers": {"x-tier": "free"}, "times": 0}, (200, True, 0)),
        ({"body": {"n": 1, "path": "x"}, "times": 1}, (200, True, 1)),
        ({"body": {"path": "x"}, "times": 0}, (200, True, 0)),
        ({"times": 3}, (200, True, 3)),
    ],
)
def test_how_often_a_call_came_is_verified(called, asked, answer):
    assert verify(called, **asked) == answer


def test_a_text_is_compared_with_the_body_itself(torii):
    signed = torii.upload_url("a.txt", "text/plain")
    torii("PUT", signed["url"], b"plain", key=None, headers={"Content-Type": "text/plain"})
    assert verify(torii, body="plain", times=1)[1]


def test_a_long_body_is_compared_as_a_value_too(torii):
    body = {"path": "x" * 9000, "n": [1, 2]}
    torii("POST", "/v1.0/files", body)
    assert verify(torii, body={"n": [1, 2], "path": "x" * 9000}, times=1)[1]
    assert not verify(torii, body={"n": [1, 3], "path": "x" * 9000})[1]


@pytest.mark.parametrize(
    "asked",
    [{"times": "2"}, {"times": True}, {"at_least": -1}, {"colour": 1}, {"query": "a"}, {"headers": []}, {"path": 1}],
)
def test_what_cannot_be_verified_is_refused(called, asked):
    assert called("POST", "/__postrunner/verify", asked, key=None).status == 400


@pytest.mark.parametrize("body", [b"{", b"[]"])
def test_a_body_that_is_no_object_is_refused(called, body):
    assert called("POST", "/__postrunner/verify", body, key=None).status == 400
