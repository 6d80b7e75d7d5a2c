from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.model.variable import Variable
from runner.rules.casts import typed
from runner.rules.substitute import substitute
from runner.rules.text import UNDEFINED, json_text
from runner.variables.scopes import Scopes
from tests.sandbox.conftest import World

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


TRACKED = [("environment", "environment"), ("globals", "globals"), ("collectionVariables", "collection")]
ALL = [*TRACKED, ("variables", "local")]


@pytest.mark.parametrize(("name", "scope"), ALL)
def test_a_script_sets_and_unsets(run, name, scope):
    ran = run(f"pm.{name}.set('a', 1); pm.{name}.set('b', [1, {{c: null}}]); pm.{name}.set('d', 'x'); pm.{name}.unset('d')")
    assert ran.values(scope) == {"a": 1, "b": [1, {"c": None}]}


def test_values_keep_their_type_from_script_to_script(run):
    scopes = Scopes()
    run("pm.environment.set('n', 5); pm.environment.set('t', true); pm.environment.set('o', {a: 1})", scopes=scopes)
    ran = run(
        "console.log(pm.environment.get('n') + 1, pm.environment.get('t') === true, pm.environment.get('o').a)",
        scopes=scopes,
    )
    assert ran.logged == [[6, True, 1]]


@pytest.mark.parametrize(("name", "scope"), TRACKED)
def test_an_object_that_is_only_read_and_changed_stays_in_the_script(run, name, scope):
    scopes = Scopes(**{scope: [Variable("list", [1])]})
    source = f"pm.{name}.get('list').push(2); console.log(pm.{name}.get('list')); pm.{name}.set('other', 1)"
    assert run(source, scopes=scopes).logged == [[1, 2]]
    assert run(f"console.log(pm.{name}.get('list'))", scopes=scopes).logged == [[1]]
    assert getattr(scopes, scope).get("list") == [1]


def test_the_local_scope_crosses_as_a_whole(run):
    scopes = Scopes()
    run("pm.variables.set('list', [1])", scopes=scopes)
    run("pm.variables.get('list').push(2)", scopes=scopes)
    assert run("console.log(pm.variables.get('list'))", scopes=scopes).logged == [[1, 2]]


@pytest.mark.parametrize(("name", "scope"), ALL)
def test_a_value_that_is_set_and_changed_later_crosses_as_it_is_at_the_end(run, name, scope):
    source = f"""const list = [1]; pm.{name}.set('list', list); list.push(2);
        console.log(pm.{name}.get('list') === list); setTimeout(() => list.push(3), 1)"""
    ran = run(source)
    assert ran.logged == [True]
    assert ran.values(scope) == {"list": [1, 2, 3]}


@pytest.mark.parametrize(("name", "scope"), ALL)
def test_each_script_has_values_of_its_own(run, name, scope):
    scopes = Scopes()
    run(f"const list = [1]; pm.{name}.set('a', list); pm.{name}.set('b', list); kept = list", scopes=scopes)
    ran = run(f"kept.push(2); console.log(pm.{name}.get('a'), pm.{name}.get('a') === pm.{name}.get('b'))", scopes=scopes)
    assert ran.logged == [[[1], False]]


def test_what_is_set_after_skipping_the_request_is_lost(run):
    ran = run("pm.environment.set('a', 1); pm.execution.skipRequest(); pm.environment.set('b', 2)", listen="prerequest")
    assert ran.values("environment") == {"a": 1}


def test_what_a_failing_script_has_set_is_kept(run):
    ran = run("pm.environment.set('a', 1); throw new Error('x')")
    assert ran.values("environment") == {"a": 1}


CROSSING = {
    "new Date(0)": "1970-01-01T00:00:00.000Z",
    "new Date(NaN)": None,
    "require('moment').utc(0)": "1970-01-01T00:00:00.000Z",
    "/re/g": {},
    "new Map([[1, 2]])": {},
    "new Set([1])": {},
    "NaN": None,
    "-Infinity": None,
    "-0": 0,
    "[undefined, NaN, () => 1, , new Date(0)]": [None, None, None, None, "1970-01-01T00:00:00.000Z"],
    "{a: undefined, b: NaN, c: null, f() {}, d: new Date(0)}": {"b": None, "c": None, "d": "1970-01-01T00:00:00.000Z"},
    "{x: 1, toJSON() { return [this.x]; }}": [1],
    "new (class Point { constructor() { this.x = 1; } })": {"x": 1},
    "new Error('boom')": {"type": "Error", "name": "Error", "message": "boom"},
    "new Uint8Array([1, 2])": {"0": 1, "1": 2},
    "Buffer.from('ab')": {"type": "Buffer", "data": [97, 98]},
    "new String('s')": "s",
    "new URL('http://a/b')": "http://a/b",
    "10n": "10",
    "{n: 10n}": {"n": "10"},
    "(() => { const c = {a: [1]}; c.a.push(c); return c; })()": {"a": [1, None]},
}


@pytest.mark.parametrize("value", CROSSING)
def test_values_cross_as_json(run, value):
    scopes = Scopes()
    calls = "".join(f"pm.{name}.set('v', {value});" for name, _ in ALL)
    assert run(calls, scopes=scopes).error is None
    assert {scope: getattr(scopes, scope).get("v") for _, scope in ALL} == {scope: CROSSING[value] for _, scope in ALL}
    seen = run("console.log(pm.environment.get('v'), pm.variables.get('v'))", scopes=scopes).logged
    assert seen == [[CROSSING[value], CROSSING[value]]]


def test_functions_and_symbols_are_nothing_outside(run):
    scopes = Scopes()
    run("".join(f"pm.{n}.set('f', () => 1); pm.{n}.set('s', Symbol('s'));" for n, _ in ALL), scopes=scopes)
    seen = "console.log(Object.values({" + ", ".join(f"{n}: pm.{n}.get('f')" for n, _ in ALL) + "}))"
    assert run(seen, scopes=scopes).logged == [[None, None, None, {}]]
    assert [scopes.get("s"), scopes.environment.get("s")] == [UNDEFINED, None]


@pytest.mark.parametrize("value", ["{toJSON() { throw new Error('no'); }}", "{get a() { throw new Error('no'); }}"])
def test_a_value_that_has_no_json_fails_its_script_only(run, value):
    scopes = Scopes(environment=[Variable("v", "old")])
    ran = run(f"pm.environment.set('a', 1); pm.environment.set('v', {value}); pm.environment.set('z', 2)", scopes=scopes)
    assert ran.error == 'Error: the value of "v" cannot leave the script: no'
    assert ran.values("environment") == {"v": "old", "a": 1, "z": 2}


DEEP = "let deep = []; for (let level = 0; level < {}; level++) deep = [deep];"
USES = ["pm.environment.set('v', deep)", "pm.variables.set('v', deep)", "pm.visualizer.set('x', {deep})"]


@pytest.mark.parametrize("use", USES)
def test_a_value_of_many_thousand_levels_leaves_its_script(run, use):
    ran = run(f"{DEEP.format(20_000)} {use}")
    assert ran.error is None
    given = ran.result.visualizer["data"]["deep"] if ran.result.visualizer else ran.scopes.get("v")
    assert json_text(given) == "[" * 20_001 + "]" * 20_001
    assert run(
        "pm.test('next', () => pm.expect(JSON.stringify(pm.variables.get('v') || 1)).to.be.ok)", scopes=ran.scopes
    ).tests == {"next": True}


def test_a_value_that_only_a_replacer_can_write_is_an_error_of_its_script_when_it_is_too_deep(run):
    ran = run(f"{DEEP.format(500_000)} pm.environment.set('v', {{deep, big: 1n}})")
    assert ran.error == 'RangeError: the value of "v" cannot leave the script: Maximum call stack size exceeded'
    assert run("console.log('next')").logged == ["next"]


def test_a_value_of_1200_levels_can_be_logged(run):
    ran = run(f"{DEEP.format(1200)} console.log(deep); console.log({{deep}})")
    assert ran.error is None
    assert ran.shown == ["[ [ [ [Array] ] ] ]", "{ deep: [ [ [Array] ] ] }"]


@pytest.mark.parametrize(("name", "scope"), TRACKED)
def test_undefined_is_null_outside_and_for_later_scripts(run, name, scope):
    scopes = Scopes()
    run(f"pm.{name}.set('u', undefined); console.log(pm.{name}.get('u') === undefined)", scopes=scopes)
    assert getattr(scopes, scope).get("u") is None
    assert run(f"console.log(pm.{name}.get('u') === null, pm.{name}.has('u'))", scopes=scopes).logged == [[True, True]]


def test_a_local_variable_stays_undefined_and_hides_lower_scopes(run):
    scopes = Scopes(environment=[Variable("u", "lower")])
    run("pm.variables.set('u', undefined)", scopes=scopes)
    ran = run(
        "console.log(pm.variables.get('u') === undefined, pm.variables.has('u'), pm.variables.replaceIn('<{{u}}>'))",
        scopes=scopes,
    )
    assert ran.logged == [[True, True, "<>"]]


def test_local_wins_over_data_environment_collection_and_globals(run):
    scopes = Scopes(environment=[Variable("a", "env")], collection=[Variable("a", "col")], globals=[Variable("a", "glob")])
    scopes.data.set("a", "row")
    ran = run(
        "console.log(pm.variables.get('a')); pm.variables.set('a', 'local'); console.log(pm.variables.get('a'))",
        scopes=scopes,
    )
    assert ran.logged == ["row", "local"]


def test_disabled_variables_are_not_seen_and_setting_adds_a_new_one(run):
    scopes = Scopes(environment=[Variable("a", "off", disabled=True)])
    ran = run("console.log(pm.environment.get('a')); pm.environment.set('a', 'on')", scopes=scopes)
    assert ran.logged == [None]
    assert [(v.value, v.disabled) for v in scopes.environment.variables] == [("off", True), ("on", False)]


def test_to_object_lists_disabled_variables_and_the_last_duplicate(run):
    variables = [Variable("a", 1), Variable("a", 2), Variable("b", 3, disabled=True)]
    assert run("console.log(pm.environment.toObject())", scopes=Scopes(environment=variables)).logged == [{"a": 2, "b": 3}]


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        ("number", "5", 5),
        ("boolean", "false", True),
        ("object", '{"a": 1}', {"a": 1}),
        ("array", "no", None),
        ("string", 5, "5"),
    ],
)
def test_types_of_the_file_are_cast_on_reading(run, type, value, expected):
    scopes = Scopes(environment=[Variable("v", value, type)])
    assert run("console.log(pm.environment.get('v'))", scopes=scopes).logged == [expected]


def test_iteration_data_can_be_changed_for_one_script_only(run):
    scopes = Scopes()
    scopes.data.set("a", "row")
    assert run("pm.iterationData.set('a', 'mine'); console.log(pm.iterationData.get('a'))", scopes=scopes).logged == [
        "mine"
    ]
    assert run("console.log(pm.iterationData.get('a'))", scopes=scopes).logged == ["row"]


def test_clear_removes_everything_but_leaves_the_disabled_ones_in_the_file(run):
    scopes = Scopes(globals=[Variable("a", 1), Variable("b", 2, disabled=True), Variable("a", 3)])
    assert run("pm.globals.clear(); console.log(pm.globals.toObject())", scopes=scopes).logged == [{}]
    assert [variable.key for variable in scopes.globals.variables] == ["b"]


def test_changes_from_outside_reach_the_next_script(run):
    scopes = Scopes()
    run("pm.environment.set('a', 1)", scopes=scopes)
    scopes.environment.set("a", 2)
    assert run("console.log(pm.environment.get('a'))", scopes=scopes).logged == [2]


def test_scopes_that_did_not_change_are_not_sent_again(world):
    from runner.effects import AskScript

    scopes = Scopes(environment=[Variable("a", 1)])
    world.run("pm.globals.set('g', 1)", scopes=scopes)
    asked = [e for e in world.run("1", scopes=scopes).effects if isinstance(e, AskScript)]
    assert asked[0].message["scopes"] == {}


def test_replace_in_works_on_texts_and_trees(run):
    scopes = Scopes(environment=[Variable("a", "{{b}}"), Variable("b", 5), Variable("{{b}}", "no")])
    ran = run(
        "console.log(pm.variables.replaceIn('{{a}} {{nope}}'), pm.environment.replaceIn({x: ['{{b}}']}))", scopes=scopes
    )
    assert ran.logged == [["5 {{nope}}", {"x": ["5"]}]]


def test_a_variable_that_names_itself_stays(run):
    assert run("console.log(pm.variables.replaceIn('{{a}}'))", scopes=Scopes(globals=[Variable("a", "{{a}}")])).logged == [
        "{{a}}"
    ]


def test_replace_in_knows_dynamic_variables(run):
    made = run("console.log(pm.variables.replaceIn('{{$guid}} {{$guid}} {{$randomNothing}}'))").logged[0].split(" ")
    assert len(made[0]) == 36
    assert made[0] != made[1]
    assert made[2] == "{{$randomNothing}}"


@settings(max_examples=40, deadline=None)
@given(value=JSON, key=st.text(min_size=1))
def test_any_json_value_makes_the_round_trip(child, value, key):
    scopes = Scopes(environment=[Variable(key, value)])
    world = World(child)
    ran = world.run(f"pm.globals.set('copy', pm.environment.get({json.dumps(key)}))", scopes=scopes)
    assert ran.error is None
    assert ran.values("globals")["copy"] == value


def test_the_environment_has_its_name(run):
    assert run("console.log(pm.environment.name)", environment_name="Staging").logged == ["Staging"]


def test_values_that_json_does_not_have_still_reach_a_script(run):
    import datetime

    scopes = Scopes(environment=[Variable("nan", float("nan")), Variable("day", datetime.date(2026, 1, 2))])
    assert run("console.log(pm.environment.get('nan'), pm.environment.get('day'))", scopes=scopes).logged == [
        [None, "2026-01-02"]
    ]


KEYS = st.sampled_from(["a", "b", "c"])
OPERATIONS = st.lists(
    st.tuples(
        st.just("set"),
        KEYS,
        st.sampled_from([1, "2", None, True, [1], [2.5]]),
        st.sampled_from([None, "string", "array"]),
    )
    | st.tuples(st.just("unset"), KEYS)
    | st.tuples(st.just("clear")),
    max_size=8,
)
VARIABLES = st.lists(
    st.builds(
        Variable,
        KEYS,
        st.sampled_from([1, "2", None, True]),
        st.sampled_from(["any", "number", "string", "boolean"]),
        st.booleans(),
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(variables=VARIABLES, operations=OPERATIONS)
def test_both_sides_hold_the_same_after_any_changes(child, variables, operations):
    scopes, world = Scopes(environment=variables), World(child)
    calls = [f"pm.environment.{name}({', '.join(json.dumps(v) for v in arguments)})" for name, *arguments in operations]
    assert world.run(";".join(calls), scopes=scopes).error is None
    rows = [[v.key, typed(v), v.type, v.disabled] for v in scopes.environment.variables]
    show = "console.log(pm.environment.values.map((v) => [v.key, v.get(), v.type, Boolean(v.disabled)]))"
    assert world.run(show, scopes=scopes).logged == [rows]


def test_replace_in_taken_off_its_scope_knows_dynamic_variables(run):
    scopes = Scopes(environment=[Variable("a", 1)])
    ran = run("const { replaceIn } = pm.variables; console.log(replaceIn('{{a}} {{$guid}}').length)", scopes=scopes)
    assert ran.logged == [len("{{a}} ") + 36]


def test_mutations_tell_what_the_script_did(run):
    scopes = Scopes(environment=[Variable("a", 1), Variable("b", 2)])
    source = """pm.environment.set('a', 2, {secret: true}); pm.environment.unset('b'); pm.environment.set('c', [1]);
        const { mutations } = pm.environment; console.log(mutations.count(), mutations.compacted)"""
    assert run(source, scopes=scopes).logged == [[3, {"a": ["a", 2, {"secret": True}], "b": ["b"], "c": ["c", [1], {}]}]]
    assert run("console.log(pm.environment.mutations.count())", scopes=scopes).logged == [0]


def test_scopes_have_the_members_of_the_sdk(run):
    source = """const s = pm.environment; s.describe('what it is'); console.log(String(s.description));
        s.applyMutation('set', 'a', 1); s.applyMutation('unset', 'b'); s.disableTracking(); s.set('untold', 1);
        console.log(s.get('a'), s.get('untold'), 'prefix' in s, s.constructor.name)"""
    ran = run(source)
    assert ran.logged == ["what it is", [1, 1, False, "PostmanVariableScope"]]
    assert ran.values("environment") == {"a": 1}


def test_scopes_show_no_insides(run):
    source = """const inside = ['load', 'restore', 'takeChanged', 'keeps', 'scope', 'held', 'membersOf', 'find', 'make'];
        for (const seen of [pm.environment, pm.variables, pm.iterationData, pm.globals, pm]) {
          console.log(inside.filter((name) => name in seen));
        }"""
    assert run(source).logged == [[]] * 5


@pytest.mark.parametrize(("name", "scope"), TRACKED)
def test_what_is_done_to_the_list_of_a_scope_ends_with_the_script(run, name, scope):
    scopes = Scopes(**{scope: [Variable("a", 1)]})
    source = f"""pm.{name}.values.add({{key: 'b', value: 2}}); pm.{name}.values.one('a').set(5);
        pm.{name}.syncVariablesFrom({{c: 3}});
        console.log(pm.{name}.toObject())"""
    assert run(source, scopes=scopes).logged == [{"c": 3}]
    assert run(f"console.log(pm.{name}.toObject())", scopes=scopes).logged == [{"a": 1}]


def test_a_secret_mark_stays_with_the_variable(run):
    scopes = Scopes(environment=[Variable("a", 1)])
    run("pm.environment.set('a', 'hidden', {secret: true}); pm.environment.set('b', 'open')", scopes=scopes)
    assert [variable.secret for variable in scopes.environment.variables] == [True, False]
    run("pm.environment.set('c', null, {secret: true})", scopes=scopes)
    assert scopes.environment.get("c") is None
    assert run("console.log(pm.environment.values.one('a').secret)", scopes=scopes).logged == [True]


def test_setting_many_variables_takes_no_longer_for_each(run):
    scopes = Scopes(environment=[Variable(f"v{n}", n) for n in range(20_000)])
    ran = run(
        "for (let n = 0; n < 20000; n++) pm.environment.set('v' + n, n + 1); pm.environment.unset('v7')", scopes=scopes
    )
    assert ran.error is None
    assert len(scopes.environment.variables) == 19_999
    assert scopes.environment.get("v19999") == 20_000


@pytest.mark.parametrize(
    "use",
    [
        "pm.request.body.update({mode: 'graphql', graphql: {query: 'q', variables: deep}})",
        "pm.sendRequest({url: 'http://h', body: {mode: 'graphql', graphql: {variables: deep}}}, () => {})",
        "pm.execution.runRequest('x', {variables: {deep}})",
        "pm.test('deep', () => pm.expect(deep).to.equal(1))",
        "console.log(JSON.stringify(deep)); pm.variables.replaceIn(deep)",
    ],
)
def test_1200_levels_end_no_run_wherever_a_script_puts_them(run, use):
    run(f"{DEEP} {use}", listen="prerequest")
    assert run("console.log('next')").logged == ["next"]


FINITE = st.floats(allow_nan=False, allow_infinity=False)
WIDE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("0123456789ab", max_size=4), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(value=WIDE, type=st.sampled_from(["any", "string", "boolean", "number", "array", "object"]))
def test_a_request_and_replace_in_write_every_value_alike(child, value, type):
    scopes = Scopes(environment=[Variable("v", value, type)])
    ran = World(child).run("console.log(pm.variables.replaceIn('{{v}}'))", scopes=scopes)
    sent = substitute("{{v}}", scopes.get)
    assert ran.logged == ["".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in sent)]
