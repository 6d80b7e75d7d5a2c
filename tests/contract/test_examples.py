"""`--contract examples`: what of responses differs from the saved examples of their requests."""

import json

import httpx
import pytest

import runner
from runner.contract.examples.shapes import shape_of
from runner.errors import UsageError


def drift(examples, value):
    return [str(one) for one in shape_of(examples).drift(value)]


@pytest.mark.parametrize(
    ("examples", "value", "found"),
    [
        ([{"id": 1}], {"id": 2}, []),
        ([{"id": 1}], {"id": 2.5}, []),
        ([{"id": 1}], {"id": "x"}, ["$.id: expected number, actual string (other type)"]),
        ([{"id": 1}], {"id": None}, ["$.id: expected number, actual null (other type)"]),
        ([{"id": True}], {"id": 1}, ["$.id: expected boolean, actual number (other type)"]),
        ([{"id": 1}], {}, ["$.id: expected a property, as in the example, actual none (missing)"]),
        ([{"id": 1}], {"id": 1, "b": []}, ["$.b: expected no such property, actual array (new)"]),
        ([{"id": 1}, {"id": 1, "b": 2}], {"id": 1}, []),
        ([{"id": 1}, {"id": 1, "b": 2}], {"b": 1},
         ["$.id: expected a property, as in all 2 examples, actual none (missing)"]),
        ([{"id": None}], {"id": {"any": 1}}, []),
        ([{"id": None}, {"id": 1}], {"id": None}, []),
        ([{"id": None}, {"id": 1}], {"id": "x"}, ["$.id: expected null or number, actual string (other type)"]),
        ([{"a": []}], {"a": [1, "x"]}, []),
        ([{"a": [{"n": 1}, {"n": 2, "m": 3}]}], {"a": [{"n": 1}, {"n": "x"}]},
         ["$.a[1].n: expected number, actual string (other type)"]),
        ([[1]], {}, ["$: expected array, actual object (other type)"]),
        ([{"a b": 1}], {}, ["$['a b']: expected a property, as in the example, actual none (missing)"]),
        ([{"id": 1, "name": "x"}, {"error": "x"}], {"id": 1},
         ["$.name: expected a property, as in the example, actual none (missing)"]),
        ([{"id": 1, "name": "x"}, {"error": "x"}], {"error": 1}, ["$.error: expected string, actual number (other type)"]),
        ([{"7": {"n": 1}, "8": {"n": 2}}], {"9": {"n": 1}, "10": {"n": "x"}},
         ["$['10'].n: expected number, actual string (other type)"]),
    ],
)  # fmt: skip
def test_a_value_differs_from_those_that_were_seen(examples, value, found):
    assert drift(examples, value) == found


def test_what_is_nested_without_end_is_compared_as_far_as_it_goes():
    value = {}
    for _ in range(900):
        value = {"a": value}
    assert drift([value], value) == []


@pytest.fixture
def run():
    """Runs requests with their examples, against one answer."""

    def call(examples, answer, more=(), **options):
        content = {"content": json.dumps(answer)} if not isinstance(answer, httpx.Response) else {}
        made = (
            answer
            if isinstance(answer, httpx.Response)
            else httpx.Response(200, headers={"Content-Type": "application/json"}, **content)
        )
        responses = [
            {"name": str(code), "code": code, "body": body if isinstance(body, str) else json.dumps(body)}
            for code, body in examples
        ]
        item = {"name": "Get pet", "request": {"method": "GET", "url": "http://h/p"}, "response": responses}
        schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
        spec = {"info": {"name": "C", "schema": schema}, "item": [{"name": "Pets", "item": [item]}, *more]}
        transport = httpx.MockTransport(lambda asked: made)
        return runner.run(spec, transport=transport, **{"contract": ("examples",), **options})

    return call


def warnings(result):
    return [one.message for one in result.warnings if one.code == "contract-drift"]


def failures(result):
    return [
        (one.assertion.name, one.assertion.error.message) for e in result.executions for one in e.assertions if one.failed
    ]


def test_drift_is_a_warning_unless_it_shall_fail(run):
    examples, answer = [(200, {"id": 1}), (404, {"error": "x"})], {"id": "x", "new": 1}
    lines = ["$.id: expected number, actual string (other type)", "$.new: expected no such property, actual number (new)"]
    result = run(examples, answer)
    assert (warnings(result), result.exit_code()) == ([f"drift from the examples: {'; '.join(lines)}"], 0)
    assert run(examples, answer, fail_on_warning=True).exit_code() == 1
    result = run(examples, answer, contract_drift="fail")
    assert failures(result) == [("contract: examples GET Pets/Get pet: drift", "\n".join(lines))]
    assert (result.exit_code(), warnings(result)) == (1, [])


def test_a_response_like_its_examples_is_an_assertion_that_passed(run):
    result = run([(200, {"id": 1})], {"id": 2})
    (assertion,) = [one.assertion for one in result.executions[0].assertions]
    assert (assertion.name, assertion.passed) == ("contract: examples GET Pets/Get pet", True)
    assert (result.coverage.covered, len(result.coverage.operations)) == (1, 1)


@pytest.mark.parametrize(
    ("examples", "answer", "found"),
    [
        ([(404, {"error": "x"})], {"id": 1}, "status: expected one of those with examples (404), actual 200 (new)"),
        ([(200, {"id": 1})], httpx.Response(200, html="<p>"),
         "Content-Type: expected JSON, as in the examples, actual text/html; charset=utf-8 (other type)"),
        ([(200, {"id": 1}), (200, "<html>oops</html>")], {"id": "x"}, "$.id: expected number, actual string (other type)"),
        ([(200, {"id": 1})], httpx.Response(200, content="{"),
         "$: expected JSON, as in the examples, actual Expecting property name"),
        ([(200, [{"id": 1}])], [{"id": "x"}, {"id": "y"}], "$[0].id: expected number, actual string (other type)"),
    ],
)  # fmt: skip
def test_other_responses_are_drift_of_their_own(run, examples, answer, found):
    (message,) = warnings(run(examples, answer))
    assert message.startswith(f"drift from the examples: {found}")
    assert message.count(" actual ") == 1


def test_an_example_that_is_no_json_says_nothing_of_bodies(run):
    result = run([(200, "text"), (200, "{{body}}")], {"id": 1})
    assert (warnings(result), result.coverage.covered) == ([], 1)


def test_a_run_without_examples_is_a_mistake_before_the_first_request(run):
    with pytest.raises(UsageError, match="nothing to judge by") as raised:
        run([], {"id": 1})
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("contract", [(), ("api.json",)])
def test_drift_without_examples_is_a_mistake(run, contract):
    with pytest.raises(UsageError, match="does nothing without --contract"):
        run([], {}, contract=contract, contract_drift="fail")


def test_a_run_that_sends_no_request_with_an_example_is_a_mistake(run):
    other = {"name": "other", "request": {"method": "GET", "url": "http://h/o"}}
    result = run([(200, {"id": 1})], {"id": 1}, more=[other], folder=("other",))
    assert result.exit_code() == 2
    assert "no request that has a saved example was sent" in str(result.problems[0])
