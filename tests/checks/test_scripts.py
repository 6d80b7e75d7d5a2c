"""Rules about scripts, each with what it finds and what is next to it that it must not find."""

import json
import re
from pathlib import Path

import pytest

from runner.checks.rules.pm_members import NAMES
from tests.checks.conftest import collection, request

INVENTORY = Path(__file__).parents[1] / "sandbox" / "postman_inventory.json"


def told(found):
    return [(one.line, one.message) for one in found]


TESTS = {
    "test-without-assertion": (
        [
            "pm.test('a', () => {})",
            "pm.test('a')",
            "pm.test('a', true)",
            "pm.test('a'), () => { pm.expect(1).to.equal(x) }",
            "pm.test('a', function () { pm.response.code === 200 })",
            "pm.test('a', () => { pm.environment.set('b', x.b); console.log('ok') })",
            "pm.test('a', () => { const { b } = c; return b == 1 })",
            "pm.test('a', () => pm.expect(true).to.be.true)",
            "pm.test('a', () => { pm.expect(1).to.eql(1) })",
            "if (x) { pm.test('a', () => {}) }",
            "tests['a'] = true",
            "if (x) { tests.a = 1; tests['a'] = 'yes' }",
        ],
        [
            "pm.test('a', () => { pm.expect(x).to.equal(1) })",
            "pm.test('a', () => pm.response.to.be.ok)",
            "pm.test('a', () => { pm.response.to.have.status(200) })",
            "pm.test('a', () => { pm.response.json() })",
            "pm.test('a', () => { if (x) throw new Error('b') })",
            "pm.test('a', check)",
            "pm.test('a', () => check())",
            "pm.test('a', done => { setTimeout(() => done(x), 1) })",
            "pm.test('a', async () => { await x })",
            "pm.test('a', () => { x.forEach(one => pm.expect(one).to.be.ok) })",
            "pm.test('a', () => { if (x) pm.expect(true).to.be.true; else pm.expect.fail('b') })",
            "pm.test('a', () => pm.expect(true).to.be.false)",
            "pm.test.skip('a', () => {})",
            "pm.test(...all)",
            "const pm = mine(); pm.test('a')",
            "tests['a'] = x === 1",
            "try { f(); tests['a'] = true } catch (e) { tests['a'] = false }",
            "tests['a'] = true; tests[b] = c",
            "tests['a'] = false",
            "const tests = {}; tests.a = true",
            "tests.a.b = true",
        ],
    ),
    "unfinished-assertion": (
        [
            "pm.expect(x)",
            "pm.expect(x == 1);",
            "pm.test('a', () => { pm.expect(x).to.equal })",
            "pm.test('a', () => { pm.response.to.have.status })",
            "pm.expect(x).to.be.an",
            "expect(x).to",
        ],
        [
            "pm.expect(x).to.be.ok",
            "pm.expect(x).to.exist",
            "pm.response.to.be.notFound",
            "pm.expect(x).to[name]",
            "const not = pm.expect(x).not",
            "pm.expect(x).to.equal(1)",
            "pm.expect(x).to.be.an('array').that.is.empty",
        ],
    ),
    "assertion-outside-test": (
        ["pm.expect(x).to.equal(1)", "if (x) { pm.response.to.be.ok }"],
        ["pm.test('a', () => { pm.expect(x).to.equal(1) })", "function f() { pm.expect(x).to.be.ok }"],
    ),
    "unknown-pm-member": (
        [
            "pm.enviroment.get('a')",
            "pm.response.jsn()",
            "pm['environment']['gett']('a')",
            "pm.response.headers.grab('a')",
            "pm.info.collectionName",
            "pm.setNextRequest('a')",
            "let x = 1; pm.foo(x)",
        ],
        [
            "pm.response.json().anything.at.all",
            "pm.environment.name; pm.vault.get('a'); pm.execution.location.current",
            "if (pm.foo) pm.foo.bar()",
            "pm.foo && pm.foo()",
            "pm.foo?.()",
            "typeof pm.foo",
            "try { pm.foo() } catch (e) {}",
            "pm.foo = 1; pm.foo.bar",
            "function f(pm) { pm.foo() }",
            "pm[name].x",
            "pm.response.hasOwnProperty('a')",
            "pm.request.auth; pm.response.to.have.anything",
        ],
    ),
    "deprecated-api": (
        [
            "tests['a'] = true",
            "JSON.parse(responseBody)",
            "postman.setNextRequest('a')",
            "x = { data: data }",
            "environment['a']",
        ],
        [
            "const data = 1; data.x",
            "x.request.data",
            "pm.request; pm.globals",
            "x = { request: 1 }",
            "let { tests } = x; tests.a = 1",
            "data = pm.response.json(); data.x",
        ],
    ),
    "script-syntax": (["var x = ;", "pm.test('a', () => {", "a b"], ["await x", "return 1", "a?.b ?? c", "// {{x}}"]),
}
CASES = [(rule, text, True) for rule, (bad, _) in TESTS.items() for text in bad]
CASES += [(rule, text, False) for rule, (_, good) in TESTS.items() for text in good]


@pytest.mark.parametrize(("rule", "text", "wrong"), CASES)
def test_a_rule_finds_what_is_wrong_and_nothing_else(findings, rule, text, wrong):
    found = findings(collection(request(test="\n" + text)), rule)
    assert [one.id for one in found] == [rule] * wrong


def test_a_response_is_not_there_before_the_request(findings):
    document = collection(request(before="pm.response.json(); pm.response.code", test="pm.response.json()"))
    assert told(findings(document, "no-response-yet")) == [
        (18, "a pre-request script has no pm.response: the request was not sent yet")
    ]
    guarded = collection(request(before="if (pm.response) pm.response.json()"))
    assert findings(guarded, "no-response-yet") == []


def test_the_members_of_pm_are_those_that_postman_lists():
    listed = json.loads(INVENTORY.read_text("utf-8"))["names"]
    for above, names in NAMES.items():
        theirs = {re.sub(r"(\(\)|:gs?|:s)$", "", name) for name in listed[f"pm.{above}" if above else "pm"]} - {
            "constructor"
        }
        assert {name for name in theirs if not name.startswith("_")} == set(names.split()), above


def test_an_offset_is_found_behind_letters_of_several_units_and_escapes(findings):
    lines = '["// é", "/* 😀\\ud83d\\ude00 \\" */ pm.foo()"]'
    text = f'{{"item": [{{"name": "r", "event": [{{"listen": "test", "script": {{"exec": {lines}}}}}]}}]}}'
    (found,) = findings(None, "unknown-pm-member", text=text)
    assert text[found.column - 1 :].startswith("pm.foo()")


def test_an_offset_is_found_in_a_script_of_one_text_with_carriage_returns(findings):
    text = '{"item": [{"name": "r", "event": [{"listen": "test", "script": {"exec": "1;\\r\\n2;\\r\\npm.foo()"}}]}]}'
    (found,) = findings(None, "unknown-pm-member", text=text)
    assert text[found.column - 1 :].startswith("pm.foo()")


def test_the_same_name_of_the_old_api_is_told_once_for_a_script(findings):
    (found,) = findings(collection(request(test="tests.a = 1; tests.b = 2")), "deprecated-api")
    assert found.message == "tests is deprecated (2 times)"
    assert found.edits == ()
