from __future__ import annotations

import pytest

from runner.variables.scopes import Scopes

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
    "the promise of a generator": "(async function* () { throw new Error('no') })().next()",
    "Promise.withResolvers": "Promise.withResolvers().reject(new Error('no'))",
    "an async function with directives": "(async () => { 'use strict'; throw new Error('no') })()",
    "an async function behind a pattern": "if (1) /[']/.test(''); const f = async x => x.y.z; f({y: null})"
    ".catch(() => { throw new Error('no') })",
    "an async function in another's end": "const f = async()=>{const g=async x=>{throw Error('no')};await 0;g()}; f()",
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
    "a generator that is closed": "async function* g() { yield 1; throw 1 } for await (const x of g()) break",
    "yield*": "async function* g() { throw 1 } "
    "async function* h() { yield* g() } try { for await (const x of h()); } catch {}",
    "thousands at once": "const f = async () => { throw 1 }; await Promise.allSettled(Array.from({length: 5000}, f))",
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


FORMS = [
    "async x => x * 2",
    "async (a, b = {c: async () => 1}) => ({a, b})",
    "async function f(a) { 'use strict'\n return this }",
    "async function named() { await null; return 'done' }",
    "async () => {}",
    "async()=>async x=>async()=>{async y=>y}",
    "async () => `a${async () => `b${await (async z => z)(1)}c`}d`",
    "async () => /[/]async () => {}/.test('x') ? 1 : /\\//g.source",
    "async x => { if (x) /async () => {}/.test(x); {} /'async y => y/g; return x }",
    "async x => x /* } */ // )\n",
    "async x => x\n  .toString()",
    "async () => { <!-- that's html\n --> it's too\n return 1 / 2 / 1 }",
    "async () => 'line \\\n continued, it\\'s'",
    "async () => { for await (const x of []) ; return x++ / 2 / 1 }",
    "async $\u00e9 => \\u0061sync",
    "async () => { function f() { return f() } var g = 0b1_0; do g++; while (g < 3)\n return g }",
    "class { async m() { return 1 } static async *g() { yield 1 } async #p() { return this.#p } async = 3; "
    "static { this.x = async () => 4 } get async() { return 5 } async get() {} "
    "async [Symbol.iterator]() {} async 'a b'() {} }",
]


@pytest.mark.parametrize("text", FORMS)
def test_a_function_shows_the_text_that_its_author_wrote(run, text):
    written = text.rstrip("\n") if "//" not in text else text.partition(" /*")[0]
    assert run(f"const f =\n{text}\n; console.log(String(f), f.toString(), `${{f}}`)").logged == [[written] * 3]


def test_functions_of_the_engine_show_no_more_than_theirs(run):
    names = "Promise, Promise.all, Promise.prototype.then, Function.prototype.toString, Map"
    ran = run(f"console.log([{names}].map(f => String(f).replace(/\\s+/g, ' ')))")
    assert ran.logged == [
        [f"function {name}() {{ [native code] }}" for name in ("Promise", "all", "then", "toString", "Map")],
    ]


def test_functions_that_were_stored_as_text_run_in_later_scripts(run):
    scopes = Scopes()
    run(
        "async function wait(ms) { await new Promise(ok => setTimeout(ok, ms)); return 'waited' }"
        "pm.globals.set('wait', wait.toString()); pm.globals.set('twice', String(async x => x * 2));",
        scopes=scopes,
    )
    ran = run(
        "const wait = eval('(' + pm.globals.get('wait') + ')');"
        "const twice = new Function('return ' + pm.globals.get('twice'))();"
        "console.log(await wait(1), await twice(4))",
        scopes=scopes,
    )
    assert ran.logged == [["waited", 8]]


def test_use_strict_counts_in_an_async_function(run):
    ran = run(
        "const f = async () => { 'use strict'; return (function () { return this })() }, "
        'g = async () => { "use strict"\n undeclared2 = 1 }; console.log(await f()); await g()'
    )
    assert ran.logged == [None]
    assert ran.error == "ReferenceError: undeclared2 is not defined"


def test_names_and_lengths_of_async_functions_stay(run):
    ran = run("const f = async (a, b) => a, o = {async m(a) {}}; console.log(f.name, f.length, o.m.name, o.m.length)")
    assert ran.logged == [["f", 2, "m", 1]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_places_are_those_of_the_authors_text(run, end):
    lines = [
        "const f = async x => x;",
        "const g = async () => { await f(1); const h = async y => y.a.b; await h({}) };",
        "await g()",
    ]
    error = run(end.join(lines)).result.error
    assert (error.line, error.column) == (2, lines[1].index(".b") + 2)


@pytest.mark.parametrize(
    "source",
    [
        "const f = async a => { let a = 1 }",
        "const f = async () => { 'use strict'; with (f) {} }",
        "async function f() { break }",
    ],
)
def test_what_is_no_script_stays_none(run, source):
    assert run(source).error.startswith("SyntaxError: ")
