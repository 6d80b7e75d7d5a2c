"""What scripts read and set, told from their texts: the edges first."""

import pytest

from runner.flow.scripts import Scripts

SCOPES = ("local", "data", "environment", "collection", "globals", "vault", "cookies", "script")
EVERY_WRITE = {f"write {scope}" for scope in SCOPES}


def told(found):
    """The facts of one text in words; what may be any name stands without one."""
    return {" ".join(filter(None, (fact["do"], fact["scope"], fact["name"]))) for fact in found["facts"]}


CASES = {
    "each scope": (
        "pm.environment.get('a'); pm.collectionVariables.set('b', 1); pm.globals.unset('c'); pm.iterationData.has('d')",
        {"read environment a", "write collection b", "write globals c", "read data d"},
    ),
    "any scope is read, the local one set": (
        "pm.variables.get('a'); pm.variables.set('b', 1)",
        {"read any a", "write local b"},
    ),
    "everything of a scope": (
        "pm.environment.toObject(); pm.globals.values.each(f => 0); pm.environment.clear(); pm.variables.clear()",
        {"read environment", "read globals", "write environment", "write local"},
    ),
    "a vault": ("await pm.vault.get('a'); pm.vault.set('b', 1)", {"read vault a", "write vault b"}),
    "an alias": ("const env = pm.environment; env.set('a', 1)", {"write environment a"}),
    "an alias of pm": ("const p = pm; p.globals.get('a')", {"read globals a"}),
    "an alias that comes after its use": (
        "function f() { env.set('a', 1) }\nconst env = pm.environment; f()",
        {"write environment a"},
    ),
    "an alias that is assigned": (
        "let env; if (x = 1) env = pm.globals; else env = pm.environment; env.get('a')",
        {"write script x", "read globals a", "read environment a"},
    ),
    "destructuring": (
        "const { environment: { set }, variables, ...rest } = {}; const { globals } = pm; globals.get('a')",
        {"read globals a"},
    ),
    "a method by itself": ("const { get } = pm.environment; get('a')", {"read environment a"}),
    "optional chaining": ("pm?.environment?.get?.('a')", {"read environment a"}),
    "names in brackets": ("pm['environment']['set']('a', 1)", {"write environment a"}),
    "a name that is put together": (
        "const K = 'a'; pm.environment.set(K + 'b', 1); pm.environment.get(`${K}c`)",
        {"write environment ab", "read environment ac"},
    ),
    "one of two names": ("pm.environment.get(pm.info.iteration ? 'a' : 'b')", {"read environment a", "read environment b"}),
    "a computed name": ("pm.environment.set('a' + pm.info.iteration, 1)", {"write environment"}),
    "a name that changes": (
        "let k = 'a'; k = pm.info.requestName; pm.environment.get(k)",
        {"read environment a", "read environment"},
    ),
    "a loop over names": ("for (const k of ['a', 'b']) pm.environment.unset(k)", {"write environment"}),
    "a function of the script": ("function keep(s, k) { s.set(k, 1) }\nkeep(pm.globals, 'a')", {"write globals a"}),
    "a function that others call": ("[1].forEach(k => pm.globals.set(k, 1))", {"write globals"}),
    "a callback": (
        "pm.sendRequest('http://h/{{path}}', (e, r) => { pm.environment.set('a', r.code) })",
        {"read any path", "write environment a"},
    ),
    "a scope out of sight": ("JSON.stringify(pm.environment)", {"read environment", "write environment"}),
    "a scope in an object": ("const o = { s: pm.environment }; o.s.set('a', 1)", {"read environment", "write environment"}),
    "a scope in a default": ("function f(s = pm.globals) { s.get('a') }\nf()", {"read globals a"}),
    "a class": ("class A { m() { pm.environment.set('a', 1) } }\nnew A().m()", {"write environment a"}),
    "a name of its own": ("function f(pm) { pm.environment.set('a', 1) }\nf({ environment: new Map() })", set()),
    "asked for": ("if (pm.environment && typeof pm !== 'undefined') { 1 }", set()),
    "the old calls": (
        "postman.setEnvironmentVariable('a', 1); postman.getGlobalVariable('b'); postman.clearEnvironmentVariables()",
        {"write environment a", "read globals b", "write environment"},
    ),
    "the old globals": ("environment.a; globals['b']; data.c", {"read environment a", "read globals b", "read data c"}),
    "templates": ("pm.request.url = '{{a}}/x'; pm.variables.replaceIn('{{b}}')", {"read any a", "read any b"}),
    "a template that is put together": ("const n = pm.info.requestName; pm.variables.replaceIn(`{{${n}}}`)", {"read any"}),
    "cookies": ("pm.cookies.get('a'); pm.cookies.jar().set('h', 'a', 'b')", {"read cookies jar", "write cookies jar"}),
    "what scripts share": (
        "helper = () => 1; globalThis.other = 2; shared()",
        {"write script helper", "write script other", "read script shared"},
    ),
    "jumps": (
        "pm.execution.setNextRequest('a'); postman.setNextRequest(null); pm.setNextRequest('b')",
        {"jump a", "jump b", "end"},
    ),
    "an end by a name": ("const stop = null; pm.execution.setNextRequest(stop)", {"end"}),
    "an end or a jump": ("pm.execution.setNextRequest(pm.response.code ? 'a' : null)", {"jump a", "end"}),
    "a jump to what may be undefined": ("pm.execution.setNextRequest()", {"jump"}),
    "a computed jump": ("pm.execution.setNextRequest(pm.info.requestName)", {"jump"}),
    "a request that is run": ("await pm.execution.runRequest('id')", {"run id"}),
    "nothing of this": (
        "const _ = require('lodash'); pm.test('x', () => pm.expect(pm.response.code).to.eql(200)); tests.y = true",
        set(),
    ),
    "a return at the top": ("return; pm.globals.get('a')", {"read globals a"}),
}


@pytest.fixture(scope="module")
def found(analyse):
    """The answers of the parser to all cases, asked once."""
    texts = [text for text, _ in CASES.values()]
    return dict(zip(CASES, analyse(texts), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_accesses_are_told_from_the_text(found, case):
    assert told(found[case]) == CASES[case][1]


@pytest.mark.parametrize(
    "text", ["eval(pm.response.text())", "pm.require('@team/x')", "helper(pm)", "pm[pm.info.requestName]"]
)
def test_what_cannot_be_followed_may_do_everything(analyse, text):
    (found,) = analyse([text])
    assert told(found) >= {*EVERY_WRITE, "read any", "jump", "run"}


def test_accesses_have_the_line_in_the_script(analyse):
    (found,) = analyse(["\n\npm.environment.set('a', '{{b}} {{c}}')"])
    write = next(fact for fact in found["facts"] if fact["do"] == "write")
    assert (write["line"], write["refs"]) == (3, ["b", "c"])


def test_a_text_that_is_no_script_may_do_everything(analyse):
    flow = Scripts(["pm.environment.set('a'"], analyse).flow_of("pm.environment.set('a'", "F/a", "test script", "F")
    assert {f"write {write.scope}" for write in flow.writes} == EVERY_WRITE
    assert flow.jumps == flow.runs == (None,)


def test_deep_texts_end_in_an_answer(analyse):
    deep, wide = "[" * 5000 + "]" * 5000, "a" + ".b" * 5000
    assert all("error" in found or "facts" in found for found in analyse([deep, wide, f"x = {'(' * 3000}1{')' * 3000}"]))
