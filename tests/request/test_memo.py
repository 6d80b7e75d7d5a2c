"""What a memo gives is what would be made anew, whatever changes between two times."""

import pytest

from runner.entropy import Entropy
from runner.formats.postman.v2_request import parse_request
from runner.model.request import Auth, ProtocolProfileBehavior
from runner.model.variable import Variable
from runner.request.memo import Memo
from runner.request.prepare import prepare
from runner.request.resolve import resolve
from runner.rules.substitute import MISSING
from runner.variables.scopes import Scopes

BEHAVIOR = ProtocolProfileBehavior()
VALUES = ["x", "y", "y", True, 1, "1", 1.0, [1], {"a": 1}, "{{b}}", None]


def unknown(name):
    return MISSING


def counting():
    """A dynamic variable that is another one each time."""
    given = iter(range(1000))
    return lambda name: next(given) if name == "$next" else MISSING


def made(memo, *given):
    """A prepared request, as the sender gets it."""
    return memo.again(*given) or memo.prepare(*given)


def scopes_with(**values):
    scopes = Scopes()
    scopes.environment.assign(Variable(key, value) for key, value in values.items())
    return scopes


REQUESTS = [
    {"method": "GET", "url": "http://h/{{a}}?q={{b}}"},
    {"method": "GET", "url": "http://h/plain", "header": [{"key": "X", "value": "{{a}}"}]},
    {"method": "GET", "url": "http://h/plain", "header": [{"key": "Postman-Token", "value": "own"}]},
    {"method": "POST", "url": "http://h/", "body": {"mode": "raw", "raw": '{"a": {{a}}, "unknown": "{{c}}"}'}},
    {"method": "POST", "url": "http://h/", "body": {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "{{a}}"}]}},
    {"method": "POST", "url": "http://h/", "body": {"mode": "formdata", "formdata": [{"key": "a", "value": "{{a}}"}]}},
    {"method": "POST", "url": "http://h/", "body": {"mode": "graphql", "graphql": {"query": "{{a}}", "variables": "{}"}}},
    {"method": "GET", "url": "http://h/", "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{a}}"}]}},
]


@pytest.mark.parametrize("document", REQUESTS, ids=str)
def test_it_is_what_would_be_made_anew(document):
    request, memo = parse_request(document), Memo(shows_sent=True)
    for a in VALUES:
        for b in ("1", "2"):
            scopes = scopes_with(a=a, b=b)
            resolved = memo.resolve(request, scopes, unknown, request)
            assert resolved == resolve(request, scopes, unknown, request)
            for seed in ("s", "t"):
                prepared = made(memo, resolved.request, BEHAVIOR, Entropy(seed))
                assert prepared == prepare(resolved.request, BEHAVIOR, Entropy(seed))


def test_the_same_is_not_made_twice_and_has_a_new_token():
    request, memo, scopes = parse_request(REQUESTS[0]), Memo(shows_sent=True), scopes_with(a="x", b="y")
    resolved = memo.resolve(request, scopes, unknown, request)
    assert memo.resolve(request, scopes_with(a="x", b="y"), unknown, request) is resolved
    assert memo.again(resolved.request, BEHAVIOR, Entropy()) is None
    memo.prepare(resolved.request, BEHAVIOR, Entropy())
    again = [memo.again(resolved.request, BEHAVIOR, Entropy()) for _ in range(3)]
    assert len({dict(prepared.headers)["Postman-Token"] for prepared in again}) == 3


def test_a_dynamic_variable_is_another_one_each_time():
    request, memo, dynamic = parse_request({"url": "http://h/{{$next}}"}), Memo(shows_sent=True), counting()
    paths = [memo.resolve(request, Scopes(), dynamic, request).request.url.path for _ in range(3)]
    assert paths == [("0",), ("1",), ("2",)]


def test_a_boundary_is_another_one_each_time():
    request, memo = parse_request(REQUESTS[5]), Memo(shows_sent=True)
    resolved = memo.resolve(request, scopes_with(a="x"), unknown, request)
    bodies = {made(memo, resolved.request, BEHAVIOR, Entropy()).body for _ in range(3)}
    assert len(bodies) == 3


def test_a_request_that_a_script_made_is_not_kept():
    own, memo = parse_request(REQUESTS[0]), Memo(shows_sent=True)
    for _ in range(100):
        changed = parse_request(REQUESTS[1])
        memo.prepare(memo.resolve(changed, scopes_with(a="x"), unknown, own).request, BEHAVIOR, Entropy())
    assert memo._known == memo._by_resolved == {}


def test_another_behavior_makes_another_request():
    request, memo = parse_request({"url": 'http://h/a"b'}), Memo(shows_sent=True)
    resolved = memo.resolve(request, Scopes(), unknown, request).request
    raw = ProtocolProfileBehavior(disable_url_encoding=True)
    assert made(memo, resolved, BEHAVIOR, Entropy()).target == "/a%22b"
    assert made(memo, resolved, raw, Entropy()).target == '/a"b'
    assert made(memo, resolved, BEHAVIOR, Entropy()).target == "/a%22b"


def test_users_with_an_equal_behavior_share_what_was_prepared():
    request, memo = parse_request(REQUESTS[1]), Memo(shows_sent=True)
    resolved = memo.resolve(request, scopes_with(a="x"), unknown, request).request
    memo.prepare(resolved, memo.same_behavior(ProtocolProfileBehavior()), Entropy())
    assert memo.again(resolved, memo.same_behavior(ProtocolProfileBehavior()), Entropy()) is not None
    other = memo.same_behavior(ProtocolProfileBehavior(disable_url_encoding=True))
    assert memo.again(resolved, other, Entropy()) is None


def test_an_inherited_auth_stays_with_its_request():
    own, memo, auth = parse_request(REQUESTS[0]), Memo(shows_sent=True), Auth("bearer", {"token": "{{a}}"})
    first = memo.with_auth(own, auth, own)
    assert first.auth is auth
    assert memo.with_auth(own, auth, own) is first
    resolved = memo.resolve(first, scopes_with(a="x"), unknown, own)
    assert memo.resolve(first, scopes_with(a="x"), unknown, own) is resolved
    assert memo.resolve(first, scopes_with(a="z"), unknown, own).request.auth.params == {"token": "z"}
    changed = parse_request(REQUESTS[1])
    assert memo.with_auth(changed, auth, own) is not memo.with_auth(changed, auth, own)
