"""Bodies, texts and headers are told apart by what they are."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.comparison import VOLATILE, Rules, body_differences, header_differences, text_differences


def told(found):
    return [(one.kind, one.path, one.left, one.right) for one in found]


# -- bodies -----------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=12), st.binary(max_size=12))
def test_bodies_that_are_no_json_differ_unless_their_bytes_are_the_same(left, right):
    assert bool(told(body_differences(b"x" + left, b"x" + right))) == (left != right)


def test_json_is_compared_by_its_values():
    assert told(body_differences(b'{"a": 1}', b'\xef\xbb\xbf\n{ "a":1.0 }')) == []
    assert told(body_differences(b'{"a": [1]}', b'{"a": [2]}')) == [("value", "$.a[0]", 1, 2)]
    assert told(body_differences(b'{"a": 1}', b'{"a": 2}', Rules.of(ignore=["$.a"]))) == []


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        (b"1.0", b"1", "value"),
        (b"{}", b"null", "type"),
        (b"{}", b"{", "type"),
        (b"", b"{}", "new"),
        (b"\xff", b"", "missing"),
        (b"\xff", b"text", "type"),
        (b"\xff", b"\xfe", "value"),
    ],
)
def test_bodies_of_other_kinds_are_never_the_same(left, right, kind):
    (found,) = body_differences(left, right)
    assert (found.kind, found.path) == (kind, "$" if kind != "value" or left == b"\xff" else "line 1")


def test_bytes_are_told_by_their_size_and_hash():
    (found,) = body_differences(b"\xff\x00", b"\xff\x01")
    assert found.left == f"2 bytes, SHA-256 {hashlib.sha256(bytes([255, 0])).hexdigest()}"


def test_a_body_of_brackets_without_an_end_is_a_text():
    assert [one.path for one in body_differences(b"[" * 50_000, b"[" * 49_999)] == ["line 1"]


# -- texts ------------------------------------------------------------------------------------------------------------


def test_lines_are_compared_in_their_order():
    left = "a\nb\nc\nd"
    assert told(text_differences(left, "a\nx\ny\nc\nd")) == [("value", "line 2", "b", "x\ny")]
    assert told(text_differences(left, "a\nc\nd")) == [("missing", "line 2", "b", None)]
    assert told(text_differences(left, "a\nb\nc\nnew\nd\n")) == [
        ("new", "line 4", None, "new"),
        ("new", "line 6", None, ""),
    ]
    assert told(text_differences("a\r\nb", "a\nb")) == [("value", "line 1", "a\r", "a")]


@given(st.text("ab\n", max_size=30), st.text("ab\n", max_size=30))
def test_the_differences_of_texts_make_one_of_the_other(left, right):
    lines, gone = left.split("\n"), 0
    result, at = [], 0
    for one in text_differences(left, right):
        number = int(one.path.removeprefix("line ")) - 1
        new = [] if one.right is None else one.right.split("\n")
        if one.left is None:
            while len(result) < number:
                result.append(lines[at])
                at += 1
        else:
            assert lines[number : number + len(one.left.split("\n"))] == one.left.split("\n")
            result += lines[at:number]
            at = number + len(one.left.split("\n"))
        result += new
        gone += 1
    assert "\n".join(result + lines[at:]) == right
    assert (gone == 0) == (left == right)


@pytest.mark.parametrize("line", ["same", "{}"])
def test_long_texts_are_compared_soon(line):
    left = "\n".join(line.format(number) for number in range(20_000))
    right = "\n".join(line.format(-number) for number in range(19_000))
    assert list(text_differences(left, right))


def test_many_changes_in_a_long_text_still_find_what_both_have():
    left = [str(number) for number in range(3_000)]
    right = [line if number % 5 else f"{line} changed" for number, line in enumerate(left)]
    assert len(list(text_differences("\n".join(left), "\n".join(right)))) == 600


# -- headers ----------------------------------------------------------------------------------------------------------


def test_names_of_headers_are_the_same_in_any_case_and_order():
    assert told(header_differences([("A", "1"), ("B", "2")], [("b", "2 "), ("a", "1")])) == []


def test_headers_are_missing_new_or_changed():
    left, right = [("A", "1"), ("B", "1"), ("D", "1"), ("D", "2")], [("b", "2"), ("C", "3"), ("D", "2"), ("D", "1")]
    assert told(header_differences(left, right)) == [
        ("missing", "header.A", "1", None),
        ("value", "header.B", "1", "2"),
        ("value", "header.D", "1, 2", "2, 1"),
        ("new", "header.C", None, "3"),
    ]


def test_volatile_headers_count_only_on_demand():
    assert told(header_differences([("Date", "1")], [("date", "2")])) == []
    assert told(header_differences([("Date", "1")], [("date", "2")], ())) == [("value", "header.Date", "1", "2")]
    assert all(name == name.lower() for name in VOLATILE)


def test_of_a_cookie_its_name_and_attributes_count():
    one, same = ("Set-Cookie", "s=1; Path=/; HttpOnly; Max-Age=5"), ("set-cookie", "s=2; httponly; Path=/; Expires=x")
    assert [one.kind for one in header_differences([one], [same])] == ["value"]  # attributes in another case
    assert told(header_differences([one], [("Set-Cookie", "s=2; HttpOnly; Path=/; Expires=x")])) == []
    (found,) = header_differences([one], [("Set-Cookie", "s=1; Path=/")])
    assert (found.left, found.right) == ("s=…; HttpOnly; Path=/", "s=…; Path=/")
    assert len(told(header_differences([one], [("Set-Cookie", "s=2; Path=/; HttpOnly; Max-Age=5")], ()))) == 1


def test_json_bodies_of_any_depth_are_compared():
    deep = b"[" * 20_000 + b"1" + b"]" * 20_000
    assert told(body_differences(deep, deep + b" ")) == []
