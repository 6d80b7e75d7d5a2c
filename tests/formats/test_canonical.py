"""The canonical text of files: the order and style of Postman."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.deep_json import same
from runner.errors import InvalidCollection, InvalidDocument
from runner.formats.canonical.text import canonical
from tests.formats.yaml.edits import POSTMAN

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = [*ROOT.glob("collections/*.json"), *ROOT.glob("environments/*.json")]

REQUEST = {
    "url": {"variable": [], "query": [{"value": "v", "disabled": True, "key": "k"}], "raw": "http://h"},
    "x": 1,
    "header": [{"value": "v", "key": "k", "own": True}],
    "method": "GET",
    "body": {"raw": "{}", "mode": "raw"},
    "auth": {"basic": [{"type": "string", "value": "v", "key": "k"}], "type": "basic"},
}
COLLECTION = {
    "variable": [{"value": "1", "key": "a"}],
    "item": [
        {"request": REQUEST, "name": "r", "event": [{"script": {"type": "t", "exec": ["b", "a"]}, "listen": "test"}]},
        {"item": [{"response": [{"body": "", "code": 200, "name": "e"}], "name": "i"}], "name": "f"},
    ],
    "info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json", "name": "c"},
}


def keys_of(value):
    """The keys of all objects, in order."""
    if isinstance(value, dict):
        return [list(value), *(keys for entry in value.values() for keys in keys_of(entry))]
    return [keys for entry in value for keys in keys_of(entry)] if isinstance(value, list) else []


def test_the_keys_of_a_collection_get_the_order_of_an_export():
    text, _ = canonical(json.dumps(COLLECTION), "c.json")
    assert keys_of(json.loads(text)) == [
        ["info", "item", "variable"],
        ["name", "schema"],
        ["name", "event", "request"],
        ["listen", "script"],
        ["exec", "type"],
        ["auth", "method", "header", "body", "url", "x"],
        ["type", "basic"],
        ["key", "value", "type"],
        ["key", "value", "own"],
        ["mode", "raw"],
        ["raw", "query", "variable"],
        ["key", "value", "disabled"],
        ["name", "item"],
        ["name", "response"],
        ["name", "code", "body"],
        ["key", "value"],
    ]
    assert text.startswith('{\n\t"info": {\n\t\t"name"')
    assert text.endswith("\n}")


def test_numbers_and_texts_stay_as_they_are():
    text, _ = canonical(
        '{"item": [], "info": {"a": 1.0, "b": 1E400, "c": "\\u00e9\\ud800\\/", "d": 12345678901234567890}}', "c.json"
    )
    assert '"a": 1.0,\n\t\t"b": 1E400,\n\t\t"c": "é\\ud800/",\n\t\t"d": 12345678901234567890' in text


def test_names_that_the_user_chose_stay_in_their_order():
    request = "$kind: http-request\nheaders:\n  value: a\n  key: b\n  type: c\nurl: http://h\n"
    wanted = "$kind: http-request\nurl: http://h\nheaders:\n  value: a\n  key: b\n  type: c\n"
    assert canonical(request, "a.request.yaml")[0] == wanted
    variables = {"item": [], "variable": {"value": 1, "key2": 2, "id": 3}}
    assert list(json.loads(canonical(json.dumps(variables), "c.json")[0])["variable"]) == ["value", "key2", "id"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_formatted_file_says_the_same_and_stays_as_it_is(path):
    before = path.read_text()
    after, _ = canonical(before, path.name)
    assert same(json.loads(before), json.loads(after), ordered=False)
    assert canonical(after, path.name)[0] == after


def test_files_that_postman_wrote_are_formatted():
    assert [text for text in POSTMAN if canonical(text, "x.request.yaml")[0] != text] == []


NAMES = st.sampled_from(["item", "name", "key", "request", "url", "type", "z"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(["item", "info", "auth", "event", "variable", "b", "a"]), VALUES))
@settings(deadline=None, max_examples=150)
def test_any_document_says_the_same_afterwards(document):
    document = {"item": [], **document}
    try:
        text, _ = canonical(json.dumps(document), "c.json")
    except InvalidCollection:
        return
    assert json.loads(text) == document
    assert canonical(text, "c.json")[0] == text


# -- YAML -----------------------------------------------------------------------------------------------------------


def test_yaml_without_comments_gets_the_style_of_postman():
    text = "---\nmethod: 'GET'\nurl:   h\n$kind: http-request\nheaders: [{value: v, key: k}]\ndescription: >-\n  a\n  b\n"
    wanted = "$kind: http-request\ndescription: a b\nurl: h\nmethod: GET\nheaders:\n  - key: k\n    value: v\n"
    assert canonical(text, "a.request.yaml")[0] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("url: 'x' # u\n# m\nmethod: GET\n$kind: http-request\n", "$kind: http-request\nurl: 'x' # u\n# m\nmethod: GET\n"),
        ("$kind: http-request\r\nurl: 'x' # c\r\n", "$kind: http-request\r\nurl: 'x' # c\r\n"),
        ("$kind: http-request\nurl: !!str 1\n", "$kind: http-request\nurl: !!str 1\n"),
        ("$kind: http-request\nurl: &a x\nname: *a\n", None),
        ("$kind: http-request\nbody: {type: a, # c\n  content: a}\n", "same"),
        ("$kind: http-request\nurl: |- # c\n   x\n", "$kind: http-request\nurl: |- # c\n   x\n"),
    ],
)  # fmt: skip
def test_comments_anchors_and_tags_stay(text, wanted):
    if wanted is None:  # the alias would come before its anchor
        with pytest.raises(Exception, match="cannot be changed in place"):
            canonical(text, "a.request.yaml")
    else:
        assert canonical(text, "a.request.yaml")[0] == (text if wanted == "same" else wanted)


def test_environments_in_yaml():
    text = "values:\n- {value: '1', key: a, type: secret, enabled: true}\nname: e\n"
    wanted = 'name: e\nvalues:\n  - key: a\n    value: "1"\n    enabled: true\n    type: secret\n'
    assert canonical(text, "e.environment.yaml")[0] == wanted


# -- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ('{"id": "c", "order": [], "requests": []}', "c.json", "is of a kind that is not formatted"),
        ('[{"a": 1}]', "d.json", "is of a kind that is not formatted"),
        ("a: 1\n", "a.yaml", "is of a kind that is not formatted"),
        ("- 1\n", "a.yaml", "is of a kind that is not formatted"),
        ('{"item": [], "info": {"a": 1, "a": 1}}', "c.json", 'c.json:1:23: the key "a" is there twice'),
        ("$kind: http-request\n$kind: http-request\n", "a.yaml", "is there twice"),
    ],
)
def test_what_is_not_formatted_is_told(text, path, message):
    with pytest.raises((InvalidCollection, InvalidDocument), match=message):
        canonical(text, path)


def test_folders_may_be_nested_deeply():
    document = {"name": "i", "request": "http://h"}
    for _ in range(300):
        document = {"item": [document], "name": "f"}
    text, _ = canonical(json.dumps({**document, "info": {"name": "c"}}), "c.json")
    assert text.index('"info"') < text.index('"item"')
