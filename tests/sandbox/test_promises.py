from __future__ import annotations

import pytest

UNHANDLED = {
    "a rejected promise": "Promise.reject(new Error('no'))",
    "a promise of the script": "new Promise((ok, fail) => fail(new Error('no')))",
    "an executor that throws": "new Promise(() => { throw new Error('no') })",
    "a then that throws": "Promise.resolve().then(() => { throw new Error('no') })",
    "a chain": "Promise.resolve().then(() => 1).then(() => Promise.reject(new Error('no'))).finally(() => {})",
    "Promise.all": "Promise.all([1, Promise.reject(new Error('no'))])",
    "Promise.resolve of a rejected one": "Promise.resolve(Promise.reject(new Error('no')))",
    "an async function": "(async () => { await null; throw new Error('no') })()",
    "an async function that was named": "async function f() { throw new Error('no') } f()",
    "an async arrow with an expression": "[1].map(async n => n && f(n)); function f() { throw new Error('no') }",
    "an async method": "class A { async m() { throw new Error('no') } } new A().m()",
    "an async private method": "class A { static async #m() { throw new Error('no') } static m() { A.#m() } } A.m()",
    "an async function in a template": "`${(async () => { throw new Error('no') })()}`",
    "an async timer": "setTimeout(async () => { throw new Error('no') }, 1)",
    "an async callback": "pm.sendRequest('http://a', async () => { throw new Error('no') })",
    "a request in an async function": "(async () => { await pm.sendRequest('http://a'); throw new Error('no') })()",
    "an async function behind another": "const g = async () => await h(), h = async () => { throw new Error('no') }; g()",
    "a microtask": "queueMicrotask(() => { throw new Error('no') })",
    "a timer": "setTimeout(() => { throw new Error('no') }, 1)",
    "an interval": "const i = setInterval(() => { clearInterval(i); throw new Error('no') }, 1)",
    "a thenable": "setTimeout(() => ({ then(ok, fail) { fail(new Error('no')) } }), 1)",
}
HANDLED = {
    "await in try": "try { await Promise.reject(new Error('no')) } catch {}",
    "catch": "(async () => { throw new Error('no') })().catch(() => {})",
    "then with two": "(async () => { throw new Error('no') })().then(() => {}, () => {})",
    "caught later": "const p = Promise.reject(new Error('no')); setTimeout(() => p.catch(() => {}), 5)",
    "awaited later": "const f = async () => { throw new Error('no') }; const p = f(); await null; try { await p } catch {}",
    "allSettled": "const f = async () => { throw new Error('no') }; await Promise.allSettled([f(), f()])",
    "race": "const f = async () => { throw new Error('no') }; await Promise.race([f(), f()]).catch(() => {})",
    "inside": "(async () => { try { throw new Error('no') } catch {} })()",
    "for await": "async function* g() { throw new Error('no') } try { for await (const x of g()); } catch {}",
    "retried": "const f = async () => { throw 'no' }; for (let i = 0; i < 3; i++) { try { await f() } catch {} }",
}


@pytest.mark.parametrize("name", UNHANDLED)
def test_what_nobody_handles_fails_the_script(run, name):
    assert run(UNHANDLED[name]).error == "Error: no"


@pytest.mark.parametrize("name", HANDLED)
def test_what_is_handled_is_no_error(run, name):
    assert run(HANDLED[name]).error is None


def test_the_first_error_is_the_scripts_and_the_others_are_shown(run):
    ran = run("setTimeout(() => { throw new Error('one') }, 1); setTimeout(() => { throw new Error('two') }, 2)")
    assert ran.error == "Error: one"
    assert ran.logged[0].startswith("Error: two\n    at ")


def test_watching_async_functions_leaves_their_places_alone(run):
    error = run("const f = async () => { await null;\n  const g = async x => x.a.b; await g(1) }; await f()").result.error
    assert (error.message, error.line, error.column) == ("Cannot read properties of undefined (reading 'b')", 2, 28)


def test_async_is_a_name_like_any_other(run):
    ran = run(
        "const async = x => x + 1, o = {async: 3, async m() { return 4 }};"
        "console.log(async(1), async (2), o.async, await o.m(), /async/.test('async'))"
    )
    assert ran.logged == [[2, 3, 3, 4, True]]


def test_top_level_await_works(run):
    assert run(
        "const [a, b] = await Promise.all([1, new Promise(ok => setTimeout(() => ok(2), 1))]); console.log(a + b)"
    ).logged == [3]


def test_promises_are_still_promises(run):
    ran = run("""class P extends Promise {} const p = P.resolve(1); const q = (async () => 1)();
        console.log(p instanceof P, p instanceof Promise, q instanceof Promise, q.constructor.name);
        console.log(Promise.length, Promise.name);
        try { Promise() } catch (e) { console.log(e.message) }""")
    assert ran.logged == [
        [True, True, True, "Promise"],
        [1, "Promise"],
        "Promise constructor cannot be invoked without 'new'",
    ]


def test_a_script_that_waits_for_nothing_ends_at_once(run):
    assert run("await new Promise(() => {})").error == "Error: the script waits for something that can never happen"
