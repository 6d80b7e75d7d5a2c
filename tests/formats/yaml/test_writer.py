"""Values → YAML in the style of Postman."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.errors import ExportError
from runner.formats.yaml.reader import read
from runner.formats.yaml.writer import write

WRITTEN = json.loads(Path(__file__).with_name("written.json").read_text())
"""Values made at random, with the text that the `yaml` package of npm (2.9.1) makes of them with `lineWidth: 0`."""

POSTMAN = json.loads(Path(__file__).with_name("postman.json").read_text())
"""Files that Postman's `collection migrate` wrote of collections made for these tests."""

TEXTS = st.text(st.sampled_from("ab \n\t'\":#-?[]{},&*!|>%@`\\~1.é\u2028\x85\r\0\ud800😀"), max_size=12) | st.text(
    max_size=60
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=20
)


def test_writes_what_npm_writes():
    different = [text for value, text in WRITTEN if write(value) != text]
    assert different == []


@given(VALUES)
@settings(deadline=None, max_examples=150)
def test_what_is_written_is_read_back(value):
    assert read(write(value), "").value == value


def test_files_of_postman_are_written_as_they_were():
    different = [text for text in POSTMAN if write(read(text, "").value) != text]
    assert different == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}\n"),
        ([], "[]\n"),
        ({"a": {}, "b": []}, "a: {}\nb: []\n"),
        ({"a": [["b", {"c": [1]}], {}]}, "a:\n  - - b\n    - c:\n        - 1\n  - {}\n"),
        ("a", "a\n"),
        ("a\nb", '"a\\nb"\n'),
        (None, "null\n"),
        ({"a": 1.0, "b": 1e21, "c": -0.0, "d": float("inf"), "e": 2**70}, f"a: 1\nb: 1e+21\nc: -0\nd: .inf\ne: {2**70}\n"),
        ({"a": "{{v}}/x", "b": 'say "x"', "c": "it's"}, 'a: "{{v}}/x"\nb: say "x"\nc: it\'s\n'),
        ({"a": '{"b": 1}'}, "a: '{\"b\": 1}'\n"),
        ({"a": "x\ny", "b": "x\ny\n"}, "a: |-\n  x\n  y\nb: |\n  x\n  y\n"),
        ({"c": "x\n\n", "d": " x\ny"}, "c: |+\n  x\n\nd: |2-\n   x\n  y\n"),
        (
            {"a": "if (x) {\r\n  y()\r\n}\r\n// the end of it"},
            'a: "if (x) {\\r\n\n  \\  y()\\r\n\n  }\\r\n\n  // the end of it"\n',
        ),
        ({"a": " \n"}, 'a: "\\ \\n"\n'),
        ({"yes": "no", "1": "2024-01-31", "null": "~"}, 'yes: no\n"1": 2024-01-31\n"null": "~"\n'),
    ],
)
def test_style(value, text):
    assert write(value) == text


def test_a_long_key_has_a_question_mark():
    assert write({"k" * 1025: {"a": 1}}) == f"? {'k' * 1025}\n: a: 1\n"


def test_nothing_is_folded():
    assert write({"a": "word " * 500 + "end"}).count("\n") == 1


def test_what_could_not_be_read_again_is_not_written():
    value = []
    for _ in range(200):
        value = [value]
    with pytest.raises(ExportError, match="nested more than 100 levels"):
        write(value)
