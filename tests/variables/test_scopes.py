import math

import pytest

from runner.formats.postman.v2 import parse_variable
from runner.model.variable import Variable
from runner.rules.substitute import MISSING
from runner.rules.text import UNDEFINED
from runner.variables.scopes import Scope, Scopes


def test_the_last_enabled_duplicate_counts():
    scope = Scope("environment", [Variable("a", 1), Variable("a", 2), Variable("a", 3, disabled=True)])
    assert scope.get("a") == 2


def test_setting_a_disabled_variable_adds_a_new_one():
    scope = Scope("environment", [Variable("a", 1, disabled=True)])
    scope.set("a", 2)
    assert [(v.value, v.disabled) for v in scope.variables] == [(1, True), (2, False)]


def test_unset_leaves_disabled_variables_alone():
    scope = Scope("environment", [Variable("a", 1, disabled=True), Variable("a", 2), Variable("a", 3)])
    scope.unset("a")
    assert scope.get("a") is MISSING
    assert [v.value for v in scope.variables] == [1]


def test_the_version_grows_with_each_change_only():
    scope = Scope("local")
    before = scope.version
    scope.get("a")
    scope.unset("a")
    assert scope.version == before
    scope.set("a", 1)
    assert scope.version > before


def test_scopes_win_in_postmans_order():
    scopes = Scopes(environment=[Variable("a", "e")], collection=[Variable("a", "c")], globals=[Variable("a", "g")])
    scopes.data.set("a", "d")
    scopes.local.set("a", "l")
    seen = []
    for scope in scopes.ordered:
        seen.append(scopes.get("a"))
        scope.clear()
    assert (seen, scopes.get("a")) == (["l", "d", "e", "c", "g"], MISSING)


def test_a_disabled_variable_lets_lower_scopes_through():
    scopes = Scopes(environment=[Variable("a", "e", disabled=True)], globals=[Variable("a", "g")])
    assert scopes.get("a") == "g"


@pytest.mark.parametrize(
    ("type", "value", "cast"),
    [
        ("boolean", "false", True),
        ("boolean", "", False),
        ("number", "1.50", 1.5),
        ("number", "7", 7),
        ("number", "", 0),
        ("number", " 0x1F ", 31),
        ("number", "-Infinity", -math.inf),
        ("array", "[1]", [1]),
        ("object", '{"a": 1}', {"a": 1}),
        ("object", "[1]", UNDEFINED),
        ("array", "nonsense", UNDEFINED),
        ("string", 5, "5"),
        ("string", True, "true"),
        ("string", 1.0, "1"),
        ("secret", 5, 5),
        ("any", [1], [1]),
        ("number", None, 0),
        ("string", None, "null"),
        ("boolean", None, False),
        ("array", None, UNDEFINED),
        ("boolean", [], True),
        ("number", True, 1),
        ("number", [7], 7),
        ("Number", "7", 7),
    ],
)
def test_types_cast_as_in_postman(type, value, cast):
    assert Scope("x", [Variable("a", value, type)]).get("a") == cast


@pytest.mark.parametrize("text", ["x", "1_000", "nan"])
def test_what_is_no_number_is_nan(text):
    assert math.isnan(Scope("x", [Variable("a", text, "number")]).get("a"))


IN_VAULT = {"key": "token", "value": "", "secret": True, "source": {"provider": "hashicorp", "path": "kv/token"}}


def test_a_value_that_is_in_a_vault_is_no_empty_text():
    scopes = Scopes(environment=[parse_variable(IN_VAULT)], globals=[Variable("other", 1)])
    assert (scopes.get("token"), scopes.in_vault("token"), scopes.in_vault("other")) == (MISSING, True, False)


def test_a_lower_scope_or_a_script_may_give_the_value_that_a_vault_holds():
    scopes = Scopes(environment=[parse_variable(IN_VAULT)], globals=[Variable("token", "from globals")])
    assert scopes.get("token") == "from globals"
    scopes.environment.set("token", "own")
    assert scopes.get("token") == "own"
    assert len(scopes.environment.variables) == 1


def test_a_secret_without_a_vault_may_be_empty():
    scope = Scope("environment", [parse_variable({"key": "a", "value": "", "secret": True})])
    assert scope.get("a") == ""


def test_null_is_a_value_that_hides_lower_scopes():
    scopes = Scopes(environment=[Variable("a", "lower")])
    scopes.data.set("a", None)
    assert scopes.get("a") is None


def test_a_script_that_sets_a_new_value_owns_it_and_one_that_sets_the_same_does_not():
    scope = Scope("environment", [Variable("a", "1")])
    scope.set("a", "1")
    assert not scope.variables[0].by_script
    scope.set("a", "2")
    assert scope.variables[0].by_script


def test_variables_over_others_hide_those_of_their_names_until_they_are_lifted():
    before = [Variable("a", 1), Variable("a", 0, disabled=True), Variable("b", 2)]
    scope = Scopes(environment=before).environment
    lift = scope.overlay([Variable("a", 9), Variable("c", 3)])
    assert [(one.key, one.value) for one in scope.variables] == [("a", 0), ("b", 2), ("a", 9), ("c", 3)]
    lift()
    assert scope.variables == before


def test_what_a_script_changes_below_variables_that_are_lifted_stays():
    scope = Scopes(environment=[Variable("a", 1), Variable("b", 2)]).environment
    lift = scope.overlay([Variable("a", 9)])
    scope.set("b", 5)
    scope.set("d", 6)
    lift()
    assert {one.key: one.value for one in scope.variables} == {"a": 1, "b": 5, "d": 6}
