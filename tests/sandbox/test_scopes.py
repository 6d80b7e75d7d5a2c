from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.model.variable import Variable
from runner.variables.scopes import Scopes
from tests.sandbox.conftest import World

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("name", "scope"),
    [("environment", "environment"), ("globals", "globals"), ("collectionVariables", "collection"), ("variables", "local")],
)
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


def test_an_object_that_is_changed_in_place_is_kept(run):
    scopes = Scopes(globals=[Variable("list", [1])])
    assert run("pm.globals.get('list').push(2)", scopes=scopes).values("globals") == {"list": [1, 2]}


def test_undefined_is_null_outside_and_for_later_scripts(run):
    scopes = Scopes()
    run("pm.environment.set('u', undefined)", scopes=scopes)
    assert scopes.environment.get("u") is None
    assert run("console.log(pm.environment.get('u') === null, pm.environment.has('u'))", scopes=scopes).logged == [
        [True, True]
    ]


def test_what_json_cannot_hold_is_stored_as_text(run):
    ran = run("pm.globals.set('n', NaN); pm.globals.set('b', 5n); const c = {}; c.c = c; pm.globals.set('c', c)")
    assert ran.values("globals") == {"n": "NaN", "b": "5", "c": "<ref *1> { c: [Circular *1] }"}


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


def test_clear_removes_everything(run):
    scopes = Scopes(globals=[Variable("a", 1), Variable("b", 2, disabled=True)])
    run("pm.globals.clear()", scopes=scopes)
    assert scopes.globals.variables == []


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
    st.tuples(st.just("set"), KEYS, st.sampled_from([1, "2", None, True, [1]]), st.sampled_from([None, "string", "number"]))
    | st.tuples(st.just("unset"), KEYS)
    | st.tuples(st.just("clear")),
    max_size=8,
)
VARIABLES = st.lists(
    st.builds(Variable, KEYS, st.sampled_from([1, "x"]), st.sampled_from(["any", "number"]), st.booleans()), max_size=4
)


@settings(max_examples=60, deadline=None)
@given(variables=VARIABLES, operations=OPERATIONS)
def test_both_sides_hold_the_same_after_any_changes(child, variables, operations):
    scopes, world = Scopes(environment=variables), World(child)
    calls = [f"pm.environment.{name}({', '.join(json.dumps(v) for v in arguments)})" for name, *arguments in operations]
    assert world.run(";".join(calls), scopes=scopes).error is None
    rows = [(v.key, v.value, v.type, v.disabled) for v in scopes.environment.variables]
    seen = world.run("console.log(pm.environment.toJSON().values)", scopes=scopes).logged[0]
    assert [(v["key"], v["value"], v["type"], v.get("disabled", False)) for v in seen] == rows
