"""YAML texts that are changed in place."""

import pytest

from runner.errors import InvalidDocument, NotEditable
from runner.formats.yaml.edit import edit
from runner.formats.yaml.reader import read
from tests.formats.yaml.edits import random_edits

FILE = """\
# About this file
$kind: http-request   # the kind
name: 'Get a user'

# where
url: "{{base}}/users"
headers:
  # who we are
  - key: Accept   # any
    value: "*/*"

  - key: X-Trace
    value: abc
    disabled: true
auth: {type: bearer, credentials: {token: "{{token}}"}}
scripts:
- type: afterResponse
  code: |-   # the test
    pm.test("a", () => {});

    // end
order: 1000
"""


def changed(text, change):
    """The text with its value changed by a function."""
    value = read(text, "f").value
    change(value)
    return edit(text, value, "f.yaml")


def lines_changed(change, text=FILE):
    """The lines that are gone and those that came."""
    before, after = text.split("\n"), changed(text, change).split("\n")
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_nothing_changes_if_the_value_is_the_same():
    assert edit(FILE, read(FILE, "f").value) is FILE


@pytest.mark.parametrize(
    ("change", "gone", "came"),
    [
        (lambda v: v.update(name="it's"), ["name: 'Get a user'"], ["name: 'it''s'"]),
        (lambda v: v.update(url="http://h"), ['url: "{{base}}/users"'], ['url: "http://h"']),
        (lambda v: v.update({"$kind": "x: y"}), ["$kind: http-request   # the kind"], ['$kind: "x: y"   # the kind']),
        (lambda v: v["headers"][0].update(value="a"), ['    value: "*/*"'], ['    value: "a"']),
        (lambda v: v["headers"][1].pop("disabled"), ["    disabled: true"], []),
        (lambda v: v.pop("order"), ["order: 1000"], []),
        (lambda v: v.update(order=0.5), ["order: 1000"], ["order: 0.5"]),
        (
            lambda v: v["auth"]["credentials"].update(token="t, u"),
            ['auth: {type: bearer, credentials: {token: "{{token}}"}}'],
            ['auth: {type: bearer, credentials: {token: "t, u"}}'],
        ),
        (
            lambda v: v["auth"].update(id=1),
            ['auth: {type: bearer, credentials: {token: "{{token}}"}}'],
            ['auth: {type: bearer, credentials: {token: "{{token}}"}, id: 1}'],
        ),
        (
            lambda v: v["scripts"][0].update(code="a()"),
            ["  code: |-   # the test", '    pm.test("a", () => {});', "    // end"],
            ["  code: a()   # the test"],
        ),
        (lambda v: v["scripts"].append({"type": "beforeRequest"}), [], ["- type: beforeRequest"]),
        (lambda v: v.update(body={"content": "a\nb"}), [], ["body:", "  content: |-", "    a", "    b"]),
    ],
)  # fmt: skip
def test_only_the_lines_of_what_differs_change(change, gone, came):
    assert lines_changed(change) == (gone, came)


def test_a_text_of_several_lines_keeps_its_comment_and_gets_its_indentation():
    assert changed("a:\n  b: x  # c\n", lambda v: v["a"].update(b="1\n2")) == "a:\n  b: |-  # c\n    1\n    2\n"
    assert changed("a: |  # c\n      x\nb: 1\n", lambda v: v.update(a="y\n")) == "a: |  # c\n  y\nb: 1\n"


def test_empty_collections_become_blocks_and_blocks_become_empty():
    assert changed("a: {}  # c\nb: 1\n", lambda v: v["a"].update(x=1)) == "a:  # c\n  x: 1\nb: 1\n"
    assert changed("a:  # c\n  x: 1\nb: 1\n", lambda v: v["a"].clear()) == "a: {}  # c\nb: 1\n"
    assert changed("- []\n", lambda v: v[0].append({"x": [1]})) == "- - x:\n      - 1\n"
    assert changed("a:\n", lambda v: v.update(a=[1])) == "a:\n  - 1\n"


def test_entries_move_with_the_comments_right_above_them():
    text = "a: 1\n# of b\nb: 2  # two\n\nc: 3\n"
    assert edit(text, {"c": 3, "a": 1, "b": 2}) == "c: 3\na: 1\n\n# of b\nb: 2  # two\n"


def test_items_that_are_added_and_removed_leave_the_others_alone():
    text = "- a\n# b\n- 'b'\n-   c  # sea\n"
    assert edit(text, ["a", "x", "b", "c"]) == "- a\n- x\n# b\n- 'b'\n-   c  # sea\n"
    assert edit(text, ["b", "c"]) == "# b\n- 'b'\n-   c  # sea\n"
    assert edit(text, ["x", "a", "c"]) == "- x\n- a\n# b\n-   c  # sea\n"


def test_the_first_key_behind_a_dash_can_go():
    assert edit("- a: 1\n  b: 2\n", [{"b": 2}]) == "- b: 2\n"
    assert edit("- a: 1\n  # of b\n  b: 2\n", [{"b": 2}]) == "-\n  # of b\n  b: 2\n"
    assert edit("- a: 1\n  b: 2\n", [{"x": 0, "a": 1, "b": 2}]) == "- x: 0\n  a: 1\n  b: 2\n"


def test_a_key_gets_another_name_in_its_place():
    assert edit("a: 'x' # c\nb: 2\n", {"n w": "x", "b": 2}) == "n w: 'x' # c\nb: 2\n"


def test_line_ends_byte_order_mark_and_a_missing_last_line_end_stay():
    assert (
        edit("\ufeffa: 1\r\nb:\r\n- x", {"a": 1, "b": ["x", {"c": "1\n2"}]})
        == "\ufeffa: 1\r\nb:\r\n- x\r\n- c: |-\r\n    1\r\n    2"
    )
    assert edit("a: 1\r\nb: 2", {"a": 1, "b": "x\n\n"}) == "a: 1\r\nb: |+\r\n  x\r\n\r\n"


def test_brackets_keep_their_form():
    assert edit("a: [1, 'b',  {c: d}]", {"a": [1, "x", {"c": "e]"}]}) == "a: [1, 'x',  {c: \"e]\"}]"
    assert edit("{\n  a: 1,\n  b: 2\n}\n", {"a": 1, "b": 2, "c": 3}) == "{\n  a: 1,\n  b: 2,\n  c: 3\n}\n"
    assert edit("[{a: 1}, {b: 2}]", [{"b": 2}, {"a": 1}]) == "[{b: 2}, {a: 1}]"
    assert edit("x: [a, b]", {"x": []}) == "x: []"
    assert edit("{a, b: , c:}", {"a": 1, "b": 2, "c": 3}) == "{a: 1, b: 2, c: 3}"


def test_a_value_behind_a_question_mark():
    assert edit("? a\n: b\nc: d\n", {"a": {"x": 1}, "c": "d"}) == "a:\n  x: 1\nc: d\n"


def test_the_whole_document():
    assert edit("# c\n", {"a": 1}) == "# c\na: 1\n"
    assert edit("--- # c\na: 1\n...\n", ["x", "y"]) == "--- # c\n- x\n- y\n...\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x 1\nb: *x\n", {"a": 2, "b": 1}),
        ("a: &x {c: 1}\nb: *x\n", {"a": {"c": 2}, "b": {"c": 1}}),
        ("a: &x 1\nb: *x\n", {"b": 1}),
        ("a: [1, # one\n  2]\n", {"a": [1]}),
    ],
)
def test_what_cannot_be_changed_in_place_is_refused(text, value):
    with pytest.raises(NotEditable, match="cannot be changed in place"):
        edit(text, value, "f.yaml")


def test_an_alias_itself_may_be_replaced():
    assert edit("a: &x 1\nb: *x\n", {"a": 1, "b": 2}) == "a: &x 1\nb: 2\n"


def test_a_text_that_cannot_be_read_is_refused():
    with pytest.raises(InvalidDocument):
        edit("a: 1\na: 2\n", {"a": 3})


def test_values_that_are_nested_too_deeply_are_refused():
    value = []
    for _ in range(3000):
        value = [value]
    with pytest.raises(NotEditable):
        edit("a: [1]\n", {"a": [1, value]})


def test_random_edits_change_nothing_else():
    random_edits(seed=5, count=400)
