import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import InvalidDocument
from runner.formats.json_text import JsonStyle, detect_style, dump_json, parse_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


def again(text):
    return dump_json(parse_json(text), detect_style(text))


@given(JSON, st.sampled_from(["\t", "  ", "    ", 1]))
def test_an_indented_text_is_written_as_it_was_read(value, indent):
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    assert again(text) == text


@pytest.mark.parametrize("number", ["12345678901234567890", "1.0", "1e3", "-0.0", "1E400", "0.1000", "9" * 5000])
def test_numbers_keep_their_digits(number):
    text = f'{{\n  "a": {number}\n}}'
    assert again(text) == text


@pytest.mark.parametrize(
    "text", ['{"a":[1,2],"b":{}}', '{"a": [1, 2], "b": {}}', '{"a":\n []}\n', '{\r\n\t"a": []\r\n}\r\n']
)
def test_one_line_files_final_newlines_and_line_ends_are_kept(text):
    assert again(text).count("\r\n") == text.count("\r\n")
    assert again(text).endswith("\n") == text.endswith("\n")
    assert parse_json(again(text)) == parse_json(text)


def test_a_lone_surrogate_is_written_as_an_escape():
    assert again('{"a":"\\ud800"}') == '{"a":"\\ud800"}'


def test_numbers_that_json_cannot_write_become_null():
    assert dump_json([float("nan"), float("inf")], JsonStyle(indent=None)) == "[null,null]"


def test_the_last_of_equal_keys_counts():
    assert parse_json('{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ('{"a": 1,}', "x:1:", "comma before the closing"),
        ("{'a': 1}", "x:1:2", "double quotes"),
        ('{\n  "a": 1\n  "b": 2\n}', "x:3:3", "comma missing"),
        ('{"a": 1', "x:1:8", "ends too early"),
        ("", "x:1:1", "empty"),
        ("<!DOCTYPE html><html></html>", "x:1:1", "HTML"),
        ("name: value\nitem: []", "x:1:1", "YAML"),
        ('{"a": NaN}', "x:1:7", "no such number"),
        ('{"a": [1, -Infinity]}', "x:1:11", "no such number"),
        ('{"a": 1 // why\n}', "x:1:9", "comments"),
        ('{"a": True}', "x:1:7", "null, true and false"),
        ("{a: 1}", "x:1:2", "keys need"),
    ],
)
def test_bad_json_is_reported_with_its_place_and_a_hint(text, place, hint):
    with pytest.raises(InvalidDocument) as caught:
        parse_json(text, "x")
    assert caught.value.where.startswith(place)
    assert hint in caught.value.hint


def test_json_of_any_depth_is_read_and_written_as_it_was():
    text = '[1.0,{"a":' * 20_000 + "1e400" + "}]" * 20_000
    assert dump_json(parse_json(text), detect_style(text)) == text


def test_what_is_wrong_far_below_is_an_error_with_its_place():
    with pytest.raises(InvalidDocument) as caught:
        parse_json("[" * 20_000 + "NaN" + "]" * 20_000, "x")
    assert caught.value.where == "x:1:20001"
