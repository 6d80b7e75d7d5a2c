from dataclasses import replace

from runner.formats.json_text import JsonStyle, dump_json, parse_json
from runner.formats.postman.environment import dump_environment, parse_environment
from runner.model.variable import Environment, Variable
from runner.variables.scopes import Scope

FILE = {
    "id": "1",
    "name": "e",
    "values": [
        {"key": "a", "value": "1", "type": "secret", "enabled": True, "description": "why"},
        {"key": "b", "value": "2", "enabled": False},
        {"key": "b", "value": "3", "enabled": True},
    ],
    "_postman_variable_scope": "environment",
    "_postman_exported_at": "2024-01-01T00:00:00.000Z",
}


def after(change):
    environment = parse_environment(FILE)
    scope = Scope("environment", environment.values)
    change(scope)
    return dump_environment(replace(environment, values=tuple(scope.variables)))


def test_without_a_change_the_file_is_the_same_down_to_the_key_order():
    assert str(after(lambda scope: None)) == str(FILE)


def test_a_changed_value_stays_in_its_place_with_its_type_and_marks():
    dumped = after(lambda scope: scope.set("b", {"n": 1}))
    assert dumped["values"] == [*FILE["values"][:2], {"key": "b", "value": {"n": 1}, "enabled": True}]


def test_setting_the_same_value_changes_nothing():
    assert str(after(lambda scope: scope.set("a", "1"))) == str(FILE)


def test_new_variables_come_last_and_removed_ones_are_gone():
    def change(scope):
        scope.unset("a")
        scope.set("n", 5)

    assert after(change)["values"] == [*FILE["values"][1:], {"key": "n", "value": 5, "type": "any"}]


def test_without_a_file_a_whole_document_is_made():
    dumped = dump_environment(Environment(name="globals", values=(Variable("a", "1"),), scope="globals"))
    assert dumped == {
        "name": "globals",
        "values": [{"key": "a", "value": "1", "type": "any"}],
        "_postman_variable_scope": "globals",
    }
    assert parse_environment(dumped).values[0].value == "1"


def test_a_number_that_a_script_hands_back_keeps_its_digits():
    environment = parse_environment(parse_json('{"values": [{"key": "a", "value": 1.50}, {"key": "b", "value": [2.0]}]}'))
    scope = Scope("environment", environment.values)
    scope.set("a", 1.5)
    scope.set("b", [2])
    dumped = dump_environment(replace(environment, values=tuple(scope.variables)))
    assert (
        dump_json(dumped, JsonStyle(indent=None)) == '{"values": [{"key": "a","value": 1.50},{"key": "b","value": [2.0]}]}'
    )


def test_one_variable_is_a_list_of_one_and_null_is_an_empty_list():
    assert [v.key for v in parse_environment({"values": {"key": "a", "value": "1"}}).values] == ["a"]
    assert parse_environment({"values": None}).values == ()
    assert [v.key for v in parse_environment({"values": [None, {"key": 5, "value": "x"}]}).values] == ["5"]
