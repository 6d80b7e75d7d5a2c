"""YAML text → values with places."""

import json
import math
from pathlib import Path

import pytest

from runner.errors import FileRefused, InvalidDocument, LoadError
from runner.formats.yaml import reader
from runner.formats.yaml.reader import read

RECORDED = json.loads(Path(__file__).with_name("recorded.json").read_text())
"""Texts made at random, with what the `yaml` package of npm (2.9.1) makes of them."""


def value(text):
    return read(text, "f.yaml").value


def refusal(text):
    with pytest.raises(LoadError) as found:
        read(text, "f.yaml")
    return str(found.value)


def test_reads_what_npm_reads():
    different = [text for text, expected in RECORDED["read"] if value(text) != expected]
    assert different == []


def test_refuses_what_npm_refuses():
    for text in RECORDED["refused"]:
        refusal(text)


@pytest.mark.parametrize(
    "text",
    ["yes", "no", "on", "off", "2024-01-31", "12:30:45", "0b1", "1_000", "0o8", "+0x1", "tRUE", "1e", ".", "<<", "="],
)
def test_what_older_yaml_reads_otherwise_is_text(text):
    assert value(f"a: {text}") == {"a": text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0x1F", 31),
        ("0o17", 15),
        ("-012", -12),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+1.5E-2", 0.015),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("~", None),
        ("null", None),
        ("", None),
        ("True", True),
        ("FALSE", False),
        ("9007199254740993", 9007199254740993),
    ],
)
def test_core_schema(text, expected):
    found = value(f"a: {text}")["a"]
    assert found == expected
    assert type(found) is type(expected)


def test_nan():
    assert math.isnan(value("a: .nan")["a"])


def test_a_number_of_many_digits_stays_text():
    assert value(f"a: {'9' * 5000}") == {"a": "9" * 5000}


def test_keys_are_named_as_in_javascript():
    assert value("1: a\n1.0e1: b\ntrue: c\n~: d\n0x1F: e\n") == {"1": "a", "10": "b", "true": "c", "": "d", "31": "e"}


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "--- # nothing\n...\n", "%YAML 1.2\n---\n"])
def test_a_text_without_content_is_null(text):
    assert value(text) is None


def test_line_ends_and_byte_order_mark_make_no_difference():
    text = "a: |\n  x\n  y\nb: 'c\n\n  d'\n"
    assert value("\ufeff" + text.replace("\n", "\r\n")) == value(text) == {"a": "x\ny\n", "b": "c\nd"}
    assert read(b"\xef\xbb\xbfa: 1", "f").value == {"a": 1}


def test_characters_that_other_readers_take_for_line_ends_are_text():
    assert value("a: b\u2028c\u0085d\u00a0e\n") == {"a": "b\u2028c\u0085d\u00a0e"}
    assert value('a: "\\ud83d\\ude00\\x41\\u00e9\\/\\e"') == {"a": "😀Aé/\x1b"}


# -- aliases and tags -----------------------------------------------------------------------------------------------


def test_an_alias_is_a_copy():
    found = value("a: &x {b: [1]}\nc: *x\n")
    assert found == {"a": {"b": [1]}, "c": {"b": [1]}}
    assert found["a"]["b"] is not found["c"]["b"]


def test_aliases_repeat_only_so_much():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "f.yaml:6:25: not valid YAML: aliases repeat too much (path: /a5/3)" in refusal("\n".join(lines))


def test_aliases_nest_only_so_deep():
    lines = ["- &a0 []"] + [f"- &a{n} [*a{n - 1}]" for n in range(1, 300)]
    assert "nested more than 100 levels" in refusal("\n".join(lines))


def test_an_alias_of_what_contains_it_is_refused():
    assert "f.yaml:1:8: not valid YAML: an alias of something that is not there before it (path: /a/0)" in refusal(
        "a: &x [*x]"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("!!str 1", "1"), ("!!int '1'", 1), ("!!float 1", 1.0), ("! 1", "1"), ("!<tag:yaml.org,2002:str> null", "null"),
     ("!!map {}", {}), ("!!seq [1]", [1]), ("!!str", ""), ("!!null ''", None), ("!!bool true", True)],
)  # fmt: skip
def test_tags_of_the_core_schema(text, expected):
    assert value(f"a: {text}") == {"a": expected}


@pytest.mark.parametrize(
    "tag", ["!x", "!!binary", "!!python/object:os.system", "!<tag:yaml.org,2002:set>", "!<str>", "!str"]
)
def test_other_tags_are_refused(tag):
    assert f"f.yaml:2:4: not valid YAML: the tag {tag} is not known (path: /b)" in refusal(f"a: 1\nb: {tag} x")


# -- what is refused ------------------------------------------------------------------------------------------------

REFUSED = {
    "a: 1\nb: 2\na: 3\n": '3:1: not valid YAML: the key "a" is there twice (path: /a)',
    "headers:\n  A: 1\n  'A': 2\n": '3:3: not valid YAML: the key "A" is there twice (path: /headers/A)',
    "x: {a: 1, a: 2}": '1:11: not valid YAML: the key "a" is there twice (path: /x/a)',
    "1: a\n'1': b\n": '2:1: not valid YAML: the key "1" is there twice (path: /1)',
    "a: 1\n---\nb: 2\n": "2:1: not valid YAML: there is a second document",
    "a: 1\n...\nb: 2\n": "3:1: not valid YAML: there is a second document",
    "a:\n\tb: 1\n": "2:1: not valid YAML: a tab as indentation (path: /a)",
    "a:\n  - b\n\t- c\n": "3:1: not valid YAML: a tab as indentation (path: /a/0)",
    "a: b: c\n": "1:5: not valid YAML: a mapping cannot begin here (path: /a)",
    "a: 'b' c\n": "1:8: not valid YAML: something follows the value (path: /a)",
    "a:\n   b: 1\n  c: 2\n": "3:3: not valid YAML: indented by 2 spaces, but its neighbours by 0 (path: /a)",
    "a:\n  b: 1\n   c: 2\n": "3:5: not valid YAML: a mapping cannot begin in the middle of a text (path: /a/b)",
    "a: 1\nb\n": "2:1: not valid YAML: a key and a colon are expected here",
    "a: 'b\n": "1:4: not valid YAML: a quote that is never closed (path: /a)",
    "a: [b, c\n": "1:4: not valid YAML: [ is never closed (path: /a)",
    "a: {b: c]\n": "1:9: not valid YAML: , or } is expected here (path: /a)",
    "a: @b\n": "1:4: not valid YAML: a text without quotes cannot begin with @ (path: /a)",
    "a: %b\n": "1:4: not valid YAML: a text without quotes cannot begin with % (path: /a)",
    'a: "\\q"\n': "1:4: not valid YAML: there is no escape \\q (path: /a)",
    'a: "\\u12"\n': "1:4: not valid YAML: an escape has too few digits (path: /a)",
    "a: *b\n": "1:4: not valid YAML: an alias of something that is not there before it (path: /a)",
    "? [a]\n: b\n": "1:3: not valid YAML: a key that is not text",
    "%YAML 1.1\n---\na: yes\n": "1:1: not valid YAML: only the directive %YAML 1.2 is supported",
    "a: b\rc: d\n": "1:5: not valid YAML: a carriage return without a line feed",
    "a: b\0c\n": "1:5: not valid YAML: not a text: there is a zero byte",
    "a: |x\n  b\n": "1:4: not valid YAML: only +, -, a digit and a comment may follow | and > (path: /a)",
    "a: - b\n": "1:4: not valid YAML: a list or mapping cannot begin here (path: /a)",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_refusal_names_place_path_and_reason(text):
    assert f"f.yaml:{REFUSED[text]}" in refusal(text)


def test_a_refusal_is_one_line_that_steers_no_terminal():
    text = refusal('"a\\n\\e]0;x\\a": 1\n"a\\n\\e]0;x\\a": 2\n')
    assert r'the key "a\n\x1b]0;x\x07" is there twice' in text


def test_deep_nesting_is_refused():
    assert "nested more than 100 levels deep" in refusal("[" * 5000)
    assert "nested more than 100 levels deep" in refusal("- " * 5000 + "a")
    assert "nested more than 100 levels deep" in refusal("".join(f"{' ' * n}a:\n" for n in range(200)))


def test_utf_16_and_other_encodings_are_refused():
    for content in ("a: 1\n".encode("utf-16"), "a: 1\n".encode("utf-16-le"), "a: é\n".encode("latin-1")):
        with pytest.raises(InvalidDocument, match="UTF-"):
            read(content, "f.yaml")


def test_a_huge_text_is_refused(monkeypatch):
    monkeypatch.setattr(reader, "MOST_CHARACTERS", 10)
    with pytest.raises(FileRefused, match="larger than 100 MB"):
        read("a: 1234567890", "f.yaml")


# -- places ---------------------------------------------------------------------------------------------------------


def test_places_of_values_and_keys():
    document = read("# c\na: 1\nb:\n  - c: x\n    d: |\n      e\n  - {f: [g]}\nh: &i !!str j\n", "f.yaml")
    assert document.place(["a"]) == (2, 4)
    assert document.place(["a"], key=True) == (2, 1)
    assert document.place(["b", 0, "d"]) == (5, 8)
    assert document.place(["b", 0, "d"], key=True) == (5, 5)
    assert document.place(["b", 1, "f", 0]) == (7, 10)
    assert document.place(["h"]) == (8, 4)
    assert document.place([]) == (2, 1)


def test_what_does_not_exist_is_placed_at_what_is_around_it():
    document = read("a:\n  b: 1\n", "f.yaml")
    assert document.place(["a", "c", "d"]) == (2, 3)
    assert document.place(["a", 0]) == (2, 3)
    assert document.place(["x"], key=True) == (1, 1)


def test_nodes_are_what_their_text_says():
    text = "a: plain # c\nb: \"x\"\nc: |-\n  l\n\n  m\n\nd: [1, {e: f}]\ng:\n- h\n- i: 'j'\n"
    document = read(text, "f.yaml")
    nodes = {"a": "plain", "b": '"x"', "c": "|-\n  l\n\n  m", "d": "[1, {e: f}]", "g": "- h\n- i: 'j'"}
    assert {key: document.text[node.start : node.end] for key in nodes if (node := document.node([key]))} == nodes
