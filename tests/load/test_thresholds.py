"""Thresholds of whole load tests: mistakes before the first request, the exit code, and the early end."""

import pytest

from tests.cli.conftest import postrunner  # noqa: F401
from tests.load.conftest import item

FAILING = "pm.test('is created', () => pm.response.to.have.status(201))"
PASSING = "pm.test('is fine', () => pm.response.to.have.status(200))"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("p95{Logn}<300", "column 5: there is no request or folder 'Logn'\n  hint: did you mean Login?"),
        ("http_req_waiting: p(95)<5", "column 1: http_req_waiting is not measured here"),
        ("p95<5d", "column 5: 5d is not a time"),
    ],
)
def test_a_condition_that_means_nothing_ends_it_before_the_first_request(postrunner, server, write, condition, said):  # noqa: F811
    folder = {"name": "Shop", "item": [item("Login", f"{server.url}/a")]}
    collection = write([item("first", f"{server.url}/first"), folder])
    done = postrunner("load", collection, "--iterations", 2, "--setup", "first", "--pass-if", condition)
    assert (done.code, done.out, server.seen) == (2, "", [])
    assert f"--pass-if {condition!r}, {said}" in done.err


@pytest.mark.parametrize(
    ("test", "conditions", "code"),
    [
        (PASSING, ["p95<30s, checks==100%", "less_than(p95{Login}, 30000)"], 0),
        (PASSING, ["p95{Sign up}<30s"], 99),
        (FAILING, ["p95<30s"], 1),
        (FAILING, ["checks>=99%"], 99),
    ],
)
def test_thresholds_decide_about_the_exit_code(load, server, write, test, conditions, code):
    unused = item("Sign up", f"{server.url}/b", before="pm.execution.skipRequest()")
    collection = write([{"name": "Shop", "item": [item("Login", f"{server.url}/a", test), unused]}])
    given = [word for condition in conditions for word in ("--pass-if", condition)]
    done = load(collection, "--iterations", 3, *given)
    assert (done.code, len(server.seen)) == (code, 3)
    if code == 99:
        assert f"✗ {conditions[0]}  {'no samples' if 'Sign' in conditions[0] else ''}" in done.out


@pytest.mark.parametrize(
    ("condition", "delay"), [("iterations>1000000", "0s"), ("p95<0.001", "60s")], ids=["not reached yet", "too early"]
)
def test_what_is_not_reached_yet_or_crossed_too_early_ends_no_test(load, server, write, condition, delay):
    given = ["--pass-if", condition, "--abort-on-fail", "--abort-delay", delay, "--think-time", "300ms"]
    done = load(write([item("a", f"{server.url}/a")]), "--iterations", 6, *given)
    assert (done.code, len(server.seen)) == (99, 6)
    assert "Aborted" not in done.out


def test_a_failed_teardown_is_more_than_a_crossed_threshold(load, server, write):
    collection = write([item("a", f"{server.url}/a"), item("last", f"{server.url}/last", FAILING)])
    assert load(collection, "--iterations", 1, "--teardown", "last", "--pass-if", "p95<0.001").code == 1
