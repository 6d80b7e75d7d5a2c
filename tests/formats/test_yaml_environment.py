"""Environments and globals in YAML: text → model → text."""

import pytest

from runner.errors import InvalidCollection, InvalidDocument
from runner.formats.format import Given
from runner.formats.load import load_environment
from runner.formats.table import dump, extension_for, load
from runner.model.variable import Environment, Variable

FILE = """\
# staging
name: Staging   # shown in the app
values:
  - key: host
    value: 'h.example'
    enabled: true
  - key: token   # the admin's
    value: ""
    type: secret
    enabled: true
  - {key: off, value: x, enabled: false}
  - key: linked
    secret: true
    source:
      provider: postman
      postman: {type: cloud, secretId: s, vaultId: v}
color: "#fff"
"""


def environment(text, role="environment", path="a.environment.yaml"):
    model, origin = load(Given(text, path, role))
    return model, origin


def changed(text, **values):
    """The text of a file when these variables have other values; new ones come last."""
    model, origin = environment(text)
    old = [Variable(v.key, values.pop(v.key, v.value), v.type, v.disabled, v.source) for v in model.values]
    new = [Variable(key, value) for key, value in values.items()]
    made = Environment(id=model.id, name=model.name, values=(*old, *new), source=model.source)
    return dump(made, origin, "environment")


def test_reads_values_types_and_switches():
    model, _ = environment(FILE)
    assert (model.name, [(v.key, v.value, v.type, v.disabled) for v in model.values]) == (
        "Staging",
        [
            ("host", "h.example", "any", False),
            ("token", "", "secret", False),
            ("off", "x", "any", True),
            ("linked", None, "any", False),
        ],
    )
    assert [v.secret for v in model.values] == [False, True, False, True]
    assert [v.in_postman_vault for v in model.values] == [False, False, False, True]


@pytest.mark.parametrize("role", ["environment", "globals"])
@pytest.mark.parametrize("path", ["x.environment.yaml", "x.yml", "/dev/fd/9", "https://h.example/raw/x.globals.yaml?a=b"])
def test_is_known_by_its_name_or_its_text(tmp_path, role, path):
    model = load_environment(path, role, FILE)
    assert (model.scope, model["host"]) == (role, "h.example")


def test_json_in_a_file_named_yaml_is_read_too():
    assert environment('{"name": "x", "values": [{"key": "a", "value": "1"}]}')[0]["a"] == "1"


@pytest.mark.parametrize(
    ("values", "place", "message"),
    [
        ("[{key: a, value: 5}]", "2:26", "the value is a number, not a text (path: /values/0/value)"),
        ("[{key: a, value: true}]", "2:26", "the value is a boolean, not a text (path: /values/0/value)"),
        ("[{key: a, value: null}]", "2:26", "the value is null, not a text (path: /values/0/value)"),
        ("[{key: a, value: }]", "2:26", "the value is null, not a text (path: /values/0/value)"),
        ("[{key: a, value: [b]}]", "2:26", "the value is a list, not a text (path: /values/0/value)"),
        ("[{key: a}]", "2:10", "a variable has no value (path: /values/0)"),
        ("[{value: a}]", "2:10", "a variable has no key (path: /values/0)"),
        ("[{key: 1, value: a}]", "2:16", "the key of a variable is a number, not a text (path: /values/0/key)"),
        (
            "[{key: a, value: b, enabled: 'no'}]",
            "2:38",
            "enabled is a text, neither true nor false (path: /values/0/enabled)",
        ),
        ("[{key: a, value: b, type: 1}]", "2:35", "the type is a number, not a text (path: /values/0/type)"),
        ("[a]", "2:10", "a variable is a text, not a mapping (path: /values/0)"),
        ("{a: b}", "2:9", "the values are an object, not a list (path: /values)"),
    ],
)
def test_what_postman_refuses_is_refused_with_its_place(values, place, message):
    with pytest.raises(InvalidCollection) as found:
        environment(f"name: x\nvalues: {values}\n")
    assert str(found.value) == f"a.environment.yaml:{place}: {message}"


def test_text_that_is_no_yaml_is_refused_with_its_place():
    with pytest.raises(InvalidDocument, match=r'^a.environment.yaml:3:1: not valid YAML: the key "name" is there twice'):
        environment("name: x\nvalues: []\nname: y\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("openapi: 3.0.3\npaths: {}\n", "this is an OpenAPI document, not an environment"),
        ("a: b\n", "this is a YAML document, not an environment"),
        ("- key: a\n  value: b\n", "this is a YAML document, not an environment"),
        ("", "it has no list of values"),
    ],
)
def test_other_yaml_is_named(text, message):
    with pytest.raises(InvalidCollection, match=message):
        environment(text)


# -- writing --------------------------------------------------------------------------------------------------------


def test_nothing_changes_without_new_values():
    assert changed(FILE) == FILE


def test_only_what_is_new_changes():
    assert changed(FILE, host="other", fresh=True) == FILE.replace("'h.example'", "'other'").replace(
        "vaultId: v}\n", 'vaultId: v}\n  - key: fresh\n    value: "true"\n    enabled: true\n'
    )


def test_values_become_texts():
    written = changed("name: x\nvalues: []\n", a=5, b=None, c={"d": [1]}, e=[1, 2], f=1.5)
    values = {v.key: v.value for v in environment(written)[0].values}
    assert values == {"a": "5", "b": "", "c": '{"d":[1]}', "e": "[1,2]", "f": "1.5"}


def test_a_name_that_ends_in_yaml_gets_yaml_and_one_that_ends_in_json_gets_json():
    model, origin = environment(FILE)
    assert dump(model, origin, "environment", path="e.json").startswith('{\n  "name": "Staging"')
    json, its = load(
        Given('{"id": "i", "name": "n", "values": [{"key": "a", "value": 1, "type": "any"}]}', "e.json", "globals")
    )
    expected = 'id: i\nname: n\nvalues:\n  - key: a\n    value: "1"\n    type: any\n'
    assert dump(json, its, "globals", "2026-01-01", "g.yaml") == expected
    assert dump(json, its, "globals", path="g.txt").startswith("{")
    assert (extension_for(origin, "environment"), extension_for(its, "globals")) == (".yaml", ".json")


def test_an_environment_without_a_file_is_written_in_the_style_of_postman():
    made = Environment(name="n", values=(Variable("a", "b"), Variable("t", "s", "secret", True)))
    assert dump(made, None, "environment", path="n.yml") == (
        "name: n\nvalues:\n  - key: a\n    value: b\n    enabled: true\n"
        "  - key: t\n    value: s\n    enabled: false\n    type: secret\n"
    )
