"""Variables and environments of Insomnia."""

import json

from tests.foreign.insomnia.exports import body_of, export, post


def test_nested_variables_have_names_with_dots(sent):
    data = {
        "user": {"name": "Ann", "tags": ["x", {"id": 7}]},
        "odd-key": True,
        "url": "{{ _.user.name }}/{{ _['odd-key'] }}",
    }
    template = "{{ _.user.name }} {{_.user.tags[0]}} {{ _.user['tags'][1].id }} {{ _.url }} {{ user.name }}"
    assert body_of(sent, template, environments={"data": data}) == "Ann x 7 Ann/true Ann"


def test_an_environment_may_use_what_it_overwrites(sent):
    environments = {"data": {"url": "h"}, "subEnvironments": [{"name": "dev", "data": {"url": "{{ _.url }}/dev"}}]}
    text = export([post("{{ _.url }}")], environments=environments)
    assert sent(text, "-e", "dev.postman_environment.json")[0][3] == "h/dev"


def test_an_object_that_is_used_as_a_whole_is_json(sent):
    data = {"user": {"a": 1}, "list": ["x", "y"], "flag": True, "name": "n"}
    template = "{{ _.user | dump }} {{ _.list | join('-') }} {{ _.list | length }} {{ _.flag | dump }} {{ _.name | dump }}"
    assert body_of(sent, template, environments={"data": data}) == '{"a":1} x-y 2 true "n"'


def test_a_vault_has_names_without_values(imported):
    data = {"__insomnia_vault": {"key": "encrypted"}}
    collection, _ = imported(export([post("{{ vault.key }}")], environments={"data": data}))
    assert collection["variable"] == [{"key": "vault.key", "value": "", "type": "secret"}]
    assert collection["item"][0]["request"]["body"]["raw"] == "{{vault.key}}"


def test_a_file_of_environments_makes_only_these(imported):
    environments = {"data": {"a": "1", "b": "2"}, "subEnvironments": [{"name": "dev", "data": {"a": "3"}}]}
    text = json.dumps({"type": "environment.insomnia.rest/5.0", "name": "Global", "environments": environments})
    imported(text)
    with open("dev.postman_environment.json") as file:
        assert {row["key"]: row["value"] for row in json.load(file)["values"]} == {"a": "3", "b": "2"}
    with open("Global.postman_environment.json") as file:
        assert {row["key"]: row["value"] for row in json.load(file)["values"]} == {"a": "1", "b": "2"}
