from __future__ import annotations

import pytest


def test_a_test_that_returns_passes_and_one_that_throws_fails(run):
    ran = run("pm.test('good', () => {}); pm.test('bad', () => { throw new Error('no') })")
    assert ran.tests == {"good": True, "bad": False}
    assert ran.failures == {"bad": "Error: no"}
    assert ran.result.error is None


def test_indexes_count_within_the_script(run):
    ran = run("pm.test('a'); pm.test.skip('b'); pm.test('c', () => {}); pm.test(pm.test.index())")
    assert [(a.name, a.index, a.skipped, a.passed) for a in ran.assertions] == [
        ("a", 0, False, True),
        ("b", 1, True, True),
        ("c", 2, False, True),
        ("3", 3, False, True),
    ]


def test_pm_test_can_be_chained(run):
    assert run("pm.test('a').test('b', () => {})").tests == {"a": True, "b": True}


@pytest.mark.parametrize(
    ("thrown", "text"),
    [
        ("'text'", "Error: text"),
        ("undefined", "Error: undefined"),
        ("null", "Error: null"),
        ("0", "Error: 0"),
        ("{a: 1}", "Error: { a: 1 }"),
        ("{name: 'X', message: 'm'}", "X: m"),
        ("Object.create(null)", "Error: [Object: null prototype] {}"),
        ("{get message() { throw 1 }, get name() { throw 2 }}", "Error: { message: [Getter], name: [Getter] }"),
    ],
)
def test_anything_that_is_thrown_fails_the_test(run, thrown, text):
    assert run(f"pm.test('t', () => {{ throw {thrown} }})").failures == {"t": text}


def test_done_ends_a_test_and_an_argument_fails_it(run):
    ran = run("pm.test('ok', done => setTimeout(done, 1)); pm.test('no', done => setTimeout(() => done('why'), 1))")
    assert ran.tests == {"ok": True, "no": False}
    assert all(a.asynchronous for a in ran.assertions)


def test_calling_done_twice_makes_two_records(run):
    assert [a.passed for a in run("pm.test('t', done => { done(); done() })").assertions] == [True, True]


def test_a_late_failure_after_done_is_not_lost(run):
    assert [a.passed for a in run("pm.test('t', done => { done(); done('no') })").assertions] == [True, False]


def test_a_done_that_is_never_called_is_a_failure(run):
    ran = run("pm.test('t', done => {})")
    assert ran.tests == {"t": False}
    assert "`done` was not called" in ran.failures["t"]


def test_a_test_is_awaited_and_its_rejection_fails_it(run):
    ran = run("""
        pm.test('good', async () => { await pm.sendRequest('http://a'); });
        pm.test('bad', async () => { await null; throw new Error('no') });
    """)
    assert ran.tests == {"good": True, "bad": False}


def test_a_test_whose_promise_never_settles_is_a_failure(run):
    assert run("pm.test('t', () => new Promise(() => {}))").tests == {"t": False}


def test_a_rejection_beside_done_fails_the_test(run):
    assert run("pm.test('t', async (done) => { throw new Error('no') })").failures == {"t": "Error: no"}


def test_tests_that_ran_stay_when_the_script_fails_later(run):
    ran = run("pm.test('t', () => {}); nothing.here")
    assert ran.tests == {"t": True}
    assert ran.error == "ReferenceError: nothing is not defined"


def test_tests_work_in_prerequest_scripts(run):
    assert run("pm.test('t', () => pm.expect(1).to.equal(2))", listen="prerequest").tests == {"t": False}


def test_a_failure_has_its_place(run):
    error = run("\npm.test('t', () => {\n  pm.expect(1).to.equal(2);\n})").assertions[0].error
    assert (error.line, error.column) == (3, 19)
    assert error.stack.splitlines()[1] == "    at eval (Get%20user/test.js:3:19)"
