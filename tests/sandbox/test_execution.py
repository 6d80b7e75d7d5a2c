from __future__ import annotations

import pytest

from runner.events import Cursor


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


def test_the_vault_is_closed(run):
    assert run("try { await pm.vault.get('a') } catch (e) { console.log(e.message) }").logged == ["Vault access denied"]


def test_a_package_that_was_not_given_is_an_error(run):
    assert run("pm.require('npm:left-pad@1.0.0')").error == "Error: Cannot find package 'npm:left-pad@1.0.0'"
