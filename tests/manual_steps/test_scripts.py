"""What scripts do, told in words."""

import pytest

import runner
from tests.manual_steps.conftest import collection, request

NEEDS = "http://127.0.0.1/{{x}}"

VALUES = {
    "pm.environment.set('x', pm.response.json().data.token)": "Copy `data.token` of the response into",
    "const { items } = pm.response.json(); pm.environment.set('x', items[0].id)": "Copy `items[0].id` of the response",
    "const r = JSON.parse(responseBody); postman.setEnvironmentVariable('x', r.id)": "Copy `id` of the response",
    "let r; r = pm.response.json(); pm.globals.set('x', r.id)": "Copy `id` of the response",
    "pm.environment.set('x', pm.response.headers.get('Location'))": "Copy the header `Location` of the response",
    "pm.environment.set('x', pm.cookies.get('sid'))": "Copy the cookie `sid` into",
    "pm.environment.set('x', pm.response.json().find(a => a.admin === true).id)": (
        "Copy `id` of the first entry with (`admin` is true) of the response"
    ),
    "const f = pm.response.json().list.filter(a => a.on); pm.environment.set('x', f[0].id)": (
        "Copy `id` of the first entry with (`on` is there) of `list` of the response"
    ),
    "pm.environment.set('x', 'Bearer ' + pm.response.json().t)": "Set the variable `x` to `Bearer ` followed by `t` of",
    "pm.environment.set('x', encodeURIComponent(pm.response.json().c))": "Copy `c` of the response (percent-encoded) into",
    "pm.environment.set('x', Date.now())": "Set the variable `x` to the current time",
    "pm.environment.set('x', Math.random())": "Set the variable `x` to a random value",
    "pm.environment.set('x', 5 * 60)": "Set the variable `x` to 300",
    "pm.environment.set('x', pm.variables.get('y'))": "Set the variable `x` to the variable `y`",
    "const save = (k, v) => pm.environment.set(k, v); save('x', pm.response.json().id)": "Copy `id` of the response",
    "function take(r) { return r.id; } pm.environment.set('x', take(pm.response.json()))": "Copy `id` of the response",
    "pm.environment.set('x', CryptoJS.MD5(pm.response.text()).toString())": "to what the script works out from the text of",
    "if (pm.response.code === 201) { pm.environment.set('x', pm.response.json().id); }": (
        "If the status is 201: Copy `id` of the response"
    ),
}


@pytest.mark.parametrize("script", VALUES)
def test_where_a_value_comes_from_is_told(steps, script):
    assert VALUES[script] in steps(request("a", after=script), request("b", NEEDS))


def test_what_cannot_be_told_is_said_to_be_set_by_the_script(steps):
    shown = steps(request("a", after="const f = { s: pm.environment }; f.s.set('x', 1)"), request("b", NEEDS))
    assert "| `x` |" in shown  # nobody knows its name, so a person fills it in


def test_a_value_is_said_to_be_needed_only_until_it_is_set_again(steps):
    shown = steps(
        request("a", after="pm.environment.set('x', 1)"),
        request("b", NEEDS),
        request("c", after="pm.environment.set('x', 2)"),
        request("d", NEEDS),
    )
    assert "to 1 (needed in [step 2](#step-2-b): the URL)." in shown
    assert "to 2 (needed in [step 4](#step-4-d): the URL)." in shown
    assert "This step needs `{{x}}` from [step 3](#step-3-c)." in shown


def test_a_request_that_repeats_itself_needs_what_it_has_set(steps):
    first = request("a", after="pm.environment.set('x', pm.response.json().c)")
    script = "pm.environment.set('x', pm.response.json().next);"
    repeated = steps(first, request("b", NEEDS, after=f"{script} pm.execution.setNextRequest('b')"))
    assert "Copy `next` of the response into the variable `x` (needed in [step 2](#step-2-b): the URL)." in repeated
    once = steps(first, request("b", NEEDS, after=script))
    assert "Copy `next` of the response into the variable `x`." in once
    for shown in (repeated, once):
        assert "This step needs `{{x}}` from [step 1](#step-1-a)." in shown
        assert "| `x` |" not in shown


def test_a_value_reaches_a_request_through_another_variable():
    items = [request("a", after="pm.environment.set('host', pm.response.json().h)"), request("b", "{{base}}/x")]
    shown = runner.steps(collection(*items), environment={"base": "http://{{host}}"})
    assert "`host` (needed in [step 2](#step-2-b): the URL)" in shown


def test_values_that_only_scripts_use_are_not_asked_of_a_person(steps):
    shown = steps(request("a", "{{base}}", after="pm.environment.set('seen', 1); pm.environment.get('limit')"))
    assert "Only scripts use these variables; by hand they are not needed: `limit`." in shown
    assert "Set the variable" not in shown


WAYS = {
    "pm.execution.setNextRequest(null)": "Stop here.",
    "if (pm.response.code !== 200) { pm.execution.setNextRequest(null); }": "If the status is not 200: stop here.",
    "if (pm.response.json().next) { postman.setNextRequest(pm.info.requestName); }": (
        "If `next` of the response is there: send this request again."
    ),
    "if (!pm.environment.get('y')) pm.setNextRequest('b')": (
        "If the variable `y` has no value: go on with [step 2](#step-2-b) (`b`)."
    ),
    "pm.response.code >= 500 && pm.execution.setNextRequest('elsewhere')": (
        "If the status is at least 500: go on with `elsewhere`."
    ),
    "if (pm.response.code === 200) { pm.environment.get('y'); } else { pm.execution.setNextRequest(null); }": (
        "If the status is not 200: stop here."
    ),
    "if (f() && (pm.response.code === 409 || pm.response.code === 429)) pm.setNextRequest('b')": (
        "If the script finds `f()` and (the status is 409 or the status is 429): go on with [step 2](#step-2-b) (`b`)."
    ),
    "if (pm.response.code === 200) return; pm.execution.setNextRequest(null);": "If the status is not 200: stop here.",
    "if (!(pm.response.code === 200 && pm.response.json().a)) pm.execution.setNextRequest(null)": (
        "If the status is not 200 or `a` of the response is missing or empty: stop here."
    ),
    "const r = pm.response; if (!(r.code === 409 || r.json().a || r.code === 429)) pm.execution.setNextRequest(null)": (
        "If the status is not 409, `a` of the response is missing or empty and the status is not 429: stop here."
    ),
}


@pytest.mark.parametrize("script", WAYS)
def test_where_it_goes_on_is_told(steps, script):
    assert WAYS[script] in steps(request("a", after=script), request("b"))


BEFORE = {
    "if (!pm.environment.get('y')) { throw new Error('fill in y'); }": (
        "If the variable `y` has no value: stop here: fill in y."
    ),
    "if (pm.environment.get('mode') === 'dry') pm.execution.skipRequest()": (
        "If the variable `mode` is `dry`: leave this step out."
    ),
    "pm.request.headers.add({ key: 'X-Time', value: Date.now() })": "In **Headers** add `X-Time` with the current time.",
    "pm.request.headers.remove('X-Old')": "In **Headers** remove `X-Old`.",
    "pm.request.url.update('http://h')": "Change the request as the script does: `pm.request.url.update('http://h')`.",
    "pm.sendRequest('http://h/token', (e, r) => { pm.environment.set('x', r.json().t); })": (
        "In another tab, send **GET** `http://h/token`"
    ),
}


@pytest.mark.parametrize("script", BEFORE)
def test_what_happens_before_a_request_is_told_before_it_is_sent(steps, script):
    shown = steps(request("a", NEEDS, before=script))
    assert BEFORE[script] in shown
    assert shown.index(BEFORE[script]) < shown.index("Click **Send**")


def test_a_value_of_a_request_that_a_script_sends_is_that_of_its_response(steps):
    script = "pm.sendRequest({ url: 'http://h', method: 'POST' }, (e, r) => pm.environment.set('x', r.json().t))"
    shown = steps(request("a", NEEDS, before=script))
    assert "send **POST** `http://h`" in shown
    assert "Copy `t` of the response to that request into the variable `x` (needed in [step 1](#step-1-a)" in shown


def test_a_request_that_is_always_skipped_is_left_out(steps):
    shown = steps(request("a", "http://h/{{never}}", before="pm.execution.skipRequest()"))
    assert "Leave this step out" in shown
    assert "never" not in shown
    assert "Send" not in shown


def test_tests_are_checks_with_their_conditions(steps):
    script = """pm.test("all good", () => {});
tests["old one"] = true;
for (const name of ["a", "b"]) { pm.test(`has ${name}`, () => {}); }
if (pm.response.code === 200) { pm.test("only then", () => {}); }"""
    shown = steps(request("a", after=script))
    wanted = ("- all good", "- old one", "- has …", "- only then (if the status is 200)")
    assert not [text for text in wanted if text not in shown]


def test_scripts_of_a_folder_are_told_once_for_all_of_its_steps(steps):
    event = {"listen": "test", "script": {"exec": ['pm.test("fast", () => {});']}}
    shown = steps({"name": "F", "event": [event], "item": [request("a"), request("b")]})
    assert shown.count("fast") == 1
    assert "For every step of this folder:" in shown


def test_a_script_that_cannot_be_read_is_named(steps):
    assert "A script here cannot be read" in steps(request("a", after="this is not a script"))


def test_calls_that_multiply_each_other_end():
    chain = "".join(f"const f{n} = () => {{ f{n + 1}(); f{n + 1}(); }};" for n in range(40)) + "const f40 = () => {}; f0();"
    doubling = "const v0 = pm.response.json().a;" + "".join(f"const v{n + 1} = v{n} + v{n};" for n in range(40))
    for script in (chain, doubling + "pm.environment.set('x', v40)", "const f = () => f(); f(); const a = a; a.b()"):
        assert "Click **Send**" in runner.steps(collection(request("a", NEEDS, after=script)))
