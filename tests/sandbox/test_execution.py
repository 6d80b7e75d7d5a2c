from __future__ import annotations

import pytest

from runner.effects import UseVault
from runner.events import Cursor
from runner.sandbox.sandbox import Sandbox
from runner.variables.scopes import Scopes
from tests.patience import growing
from tests.sandbox.conftest import World, exchange


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("pm.execution.setNextRequest('A')", (True, "A")),
        ("postman.setNextRequest('A')", (True, "A")),
        ("pm.execution.setNextRequest('A'); pm.execution.setNextRequest(null)", (True, None)),
        ("pm.execution.setNextRequest(5)", (True, "5")),
        ("pm.execution.setNextRequest('A'); pm.execution.setNextRequest()", (False, None)),
        ("1", (False, None)),
    ],
)
def test_set_next_request(run, source, expected):
    result = run(source).result
    assert (result.set_next_request, result.next_request) == expected


def test_skip_request_ends_a_prerequest_script_at_once(run):
    ran = run(
        """pm.environment.set('a', 1); pm.execution.setNextRequest('A'); pm.test('before'); pm.execution.skipRequest();
        pm.environment.set('b', 2); pm.test('after'); pm.execution.setNextRequest('B'); await new Promise(() => {})""",
        listen="prerequest",
    )
    assert (ran.result.skip_request, ran.result.next_request, ran.result.error) == (True, "A", None)
    assert ran.values("environment") == {"a": 1}
    assert ran.tests == {"before": True}


def test_skip_request_is_no_function_in_test_scripts(run):
    assert run("pm.execution.skipRequest()").error == "TypeError: pm.execution.skipRequest is not a function"


def test_where_the_script_runs(run):
    ran = run(
        "console.log(pm.execution.location, pm.execution.location.current)",
        owner="Users",
        location=("C", "Users", "Get user"),
    )
    assert ran.logged == [[["C", "Users", "Get user"], "Users"]]


def test_info(run):
    ran = run(
        "const i = pm.info; console.log(i.eventName, i.iteration, i.iterationCount, i.requestName, "
        "i.requestId, Object.keys(i))",
        request_name="Get user",
        request_id="r1",
        iteration_count=3,
    )
    assert ran.logged == [["test", 0, 3, "Get user", "r1", []]]
    assert Cursor().iteration == 0


def test_the_visualizer_takes_a_template(run):
    assert run("pm.visualizer.set('<b>{{a}}</b>', {a: 1})").result.visualizer == {
        "template": "<b>{{a}}</b>",
        "data": {"a": 1},
    }
    assert run("pm.visualizer.set('x'); pm.visualizer.clear()").result.visualizer is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("5", "Invalid template. Template must be of type string, found number"),
        ("'x', 5", "Invalid data. Data must be an object, found number"),
        ("'x', {}, 5", "Invalid options. Options must be an object, found number"),
    ],
)
def test_the_visualizer_refuses_other_types(run, arguments, message):
    assert run(f"pm.visualizer.set({arguments})").error == f"Error: {message}"


def test_the_visualizer_takes_any_data(run):
    assert run("const o = {}; o.o = o; pm.visualizer.set('x', o); pm.test('kept')").tests == {"kept": True}


def test_undeclared_names_live_on_and_declared_ones_do_not(run):
    run("leaked = 5; var gone = 6; function alsoGone() {}")
    assert run("console.log(leaked, typeof gone, typeof alsoGone); leaked = undefined").logged == [
        [5, "undefined", "undefined"]
    ]


def test_this_is_the_global_object_and_globalthis_is_no_name(run):
    assert run("thatIs = 1; console.log(this.thatIs, typeof globalThis)").logged == [[1, "undefined"]]


def test_eval_and_function_work(run):
    ran = run(
        "const a = 2; console.log(eval('a + 1'), new Function('b', 'return b * 2')(4)); "
        "eval(\"pm.environment.set('e', 1)\")"
    )
    assert ran.logged == [[3, 8]]
    assert ran.values("environment") == {"e": 1}


def test_a_script_cannot_reach_the_machine(run):
    names = ["process", "fetch", "XMLHttpRequest", "WebAssembly", "self", "window", "global", "performance", "__host"]
    assert run("console.log(" + ", ".join(f"typeof {name}" for name in names) + ")").logged == [["undefined"] * len(names)]


def test_vault_values_are_asked_of_the_host(run):
    ran = run("await pm.vault.set('a', 'x'); await pm.vault.get('a'); await pm.vault.unset('a')")
    assert [e for e in ran.effects if isinstance(e, UseVault)] == [
        UseVault("set", "a", "x"),
        UseVault("get", "a"),
        UseVault("unset", "a"),
    ]


def test_datasets_say_what_is_missing(run):
    ran = run("try { await pm.datasets('d').executeView('v') } catch (e) { console.log(e.message) }")
    assert ran.logged == ["pm.datasets needs Postman's data service: this runner has none"]


def test_a_message_is_undefined_outside_of_streams(run):
    assert run("console.log(typeof pm.message)").logged == ["undefined"]


def nested(world, source):
    """Answers `runRequest` by running a script in the same sandbox, as the engine does."""
    inner = World(world.sandbox)
    inner.send = world.send
    ran = []
    scopes = Scopes()
    world.items = lambda id, variables: ran.append(inner.run(source, scopes=scopes)) or exchange()
    return ran, scopes


def test_scripts_of_a_request_that_a_script_runs_have_their_own_world(run, world):
    inner, scopes = nested(world, "pm.test('inner', () => {}); tests['old'] = true; pm.globals.set('g', 1); nothing.here")
    ran = run(
        """tests['mine'] = true; pm.test('outer', async () => {
            const r = await pm.execution.runRequest('x');
            pm.expect(r.code).to.equal(201);
            pm.expect(pm.globals.get('g')).to.equal(1) });
        const r = await pm.execution.runRequest('x'); console.log(pm.info.requestName, Object.keys(tests))""",
        request_name="Outer",
        scopes=scopes,
    )
    assert ran.tests == {"outer": True, "mine": True}
    assert ran.logged == [["Outer", ["mine"]]]
    assert ran.error is None
    assert [(i.tests, i.error) for i in inner] == [
        ({"inner": True, "old": True}, "ReferenceError: nothing is not defined")
    ] * 2


def test_a_script_is_not_green_when_one_that_it_ran_had_to_be_ended():
    for ms in growing(1000):
        sandbox = Sandbox(timeout_ms=ms)
        world = World(sandbox)
        inner, scopes = nested(world, "while (true) {}")
        ran = world.run("pm.test('t', async () => { await pm.execution.runRequest('x') })", scopes=scopes)
        if inner:
            break
        sandbox.close()
    assert inner[0].error == "Error: sandbox: synchronous script execution timeout"
    assert ran.error is not None
    sandbox.close()


def test_strict_mode_cannot_be_asked_for_at_the_top(run):
    assert run("'use strict'; undeclared1 = 1; console.log(undeclared1)").logged == [1]


def test_a_script_may_return(run):
    ran = run("pm.test('a'); if (pm.response.code === 200) return; pm.test('b')")
    assert ran.tests == {"a": True}
