from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sandbox.conftest import USER

PASSING = [
    "to.have.status(200)",
    "to.have.status('OK')",
    "to.be.ok",
    "to.be.success",
    "to.not.be.error",
    "to.be.json",
    "to.be.withBody",
    "to.have.body()",
    'to.have.body(\'{"id": 7, "list": [1, 2]}\')',
    "to.have.body(/id/)",
    "to.have.body({id: 7, list: [1, 2]})",
    "to.have.jsonBody()",
    "to.have.jsonBody('id')",
    "to.have.jsonBody('list[1]', 2)",
    "to.have.jsonBody({id: 7, list: [1, 2]})",
    "to.not.have.jsonBody('list[2]')",
    "to.have.header('content-TYPE')",
    "to.have.header('X-Trace', 'b')",
    "to.have.responseTime(12)",
    "to.have.responseTime.below(20)",
    "to.have.responseSize.above(10)",
    "to.have.statusCode('200')",
    "to.have.statusCodeClass(2)",
    "to.have.statusReason('OK')",
    "to.be.a.postmanResponse",
    "to.not.be.a.postmanRequest",
    "to.have.property('code', 200)",
]
FAILING = {
    "to.have.status(201)": "expected response to have status code 201 but got 200",
    "to.have.status('Created')": "expected response to have status reason 'Created' but got 'OK'",
    "to.not.have.status(200)": "expected response to not have status code 200",
    "to.be.notFound": "expected response to have status reason 'NOT FOUND' but got 'OK'",
    "to.be.clientError": "expected response code to be 4XX but found 200",
    "to.not.be.success": "expected response code to not be 2XX",
    "to.be.error": "expected response code to be 4XX or 5XX but found 200",
    "to.have.header('Nope')": "expected response to have header with key 'Nope'",
    "to.have.header('X-Trace', 'a')": "expected 'X-Trace' response header to be 'a' but got 'b'",
    "to.have.body('x')": "expected response body to equal 'x' but got '{\"id\": 7, \"list\": [1, 2]}'",
    "to.have.body(/zzz/)": 'expected response body text to match /zzz/ but got \'{"id": 7, "list": [1, 2]}\'',
    "to.have.body({id: 1})": "expected response body json to equal { id: 1 } but got { id: 7, list: [ 1, 2 ] }",
    "to.not.have.body()": "expected response to not have content in body",
    "to.have.jsonBody('foo')": "expected { id: 7, list: [ 1, 2 ] } in response to contain property 'foo'",
    "to.have.jsonBody('id', 8)": 'expected response body json at "id" to contain 8 but got 7',
    "to.not.be.json": "expected response body not to be a valid json",
    "to.have.responseTime.below(5)": "expected 12 to be below 5",
    "to.be.a.postmanRequest": "expecting a postman request object but got PostmanResponse{ …(10) }",
}


@pytest.mark.parametrize("chain", PASSING)
def test_an_assertion_about_the_response_holds(run, chain):
    assert run(f"pm.test('t', () => pm.response.{chain})").failures == {}


@pytest.mark.parametrize("chain", FAILING)
def test_an_assertion_about_the_response_fails_in_postmans_words(run, chain):
    assert run(f"pm.test('t', () => {{ pm.response.{chain} }})").failures == {"t": f"AssertionError: {FAILING[chain]}"}


def test_a_body_that_is_no_json_is_explained(run, world):
    ran = run("pm.test('t', () => { pm.response.to.be.json })", response=html())
    expected = "expected response body to be a valid json but got error Unexpected token '<' at 1:1"
    assert ran.failures == {"t": f"AssertionError: {expected}"}


def html():
    from runner.model.response import Response

    return Response(code=500, status="Oops", body=b"<html>")


def test_status_words_go_by_the_code_alone(run):
    ran = run(
        "pm.test('t', () => pm.response.to.have.status(500)); pm.test('u', () => { pm.response.to.be.serverError })",
        response=html(),
    )
    assert ran.tests == {"t": True, "u": True}


def test_a_guard_is_not_turned_around_by_not(run):
    assert run("pm.test('t', () => { pm.expect(5).to.not.be.json })").tests == {"t": False}


def test_requests_have_assertions_too(run):
    ran = run(
        "pm.test('t', () => pm.request.to.have.header('accept', '*/*')); pm.test('u', () => pm.request.to.have.header('x'))"
    )
    assert ran.failures == {"u": "AssertionError: expected request to have header with key 'x'"}


def test_chai_is_all_there(run):
    ran = run("""
        pm.test('eql', () => pm.expect({a: [1, {b: 2}]}).to.deep.equal({a: [1, {b: 2}]}));
        pm.test('message', () => pm.expect(1, 'one').to.equal(2));
        pm.test('oneOf', () => pm.expect(1).to.be.oneOf([1, 2]));
        pm.test('throw', () => pm.expect(() => { throw new TypeError('x') }).to.throw(TypeError, 'x'));
        pm.test('fail', () => pm.expect.fail('boom'));
        pm.test('typo', () => pm.expect(1).to.be.foo);
    """)
    assert ran.failures == {
        "message": "AssertionError: one: expected 1 to equal 2",
        "fail": "AssertionError: boom",
        "typo": 'Error: Invalid Chai property: foo. Did you mean "to"?',
    }


def test_json_schemas_are_checked_with_ajv(run):
    ran = run("""
        pm.test('good', () => pm.response.to.have.jsonSchema({required: ['id'], properties: {id: {type: 'number'}}}));
        pm.test('bad', () => pm.expect({a: 1}).to.have.jsonSchema({required: ['b']}));
    """)
    assert ran.tests == {"good": True, "bad": False}
    assert "data should have required property 'b'" in ran.failures["bad"]


def test_paths_into_a_body_are_read_as_in_postman(run):
    recorded = json.loads(Path(__file__).with_name("json_paths.json").read_text("utf-8"))
    response = replace(USER, body=recorded["body"].encode())
    source = """for (const path of PATHS) {
        pm.test(`has ${path}`, () => pm.response.to.have.jsonBody(path));
        pm.test(`lacks ${path}`, () => pm.response.to.not.have.jsonBody(path));
        pm.test(`is 0 ${path}`, () => pm.response.to.have.jsonBody(path, 0));
    }"""
    tests = run(source.replace("PATHS", json.dumps(list(recorded["paths"]))), response=response).tests
    found = {path: [tests[f"has {path}"], tests[f"is 0 {path}"]] for path in recorded["paths"]}
    assert found == recorded["paths"]
    assert [path for path in recorded["paths"] if tests[f"has {path}"] == tests[f"lacks {path}"]] == []
