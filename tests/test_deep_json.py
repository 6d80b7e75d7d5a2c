"""JSON of any depth is read, written, compared and walked as the standard library does it with what is flat."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import deep_json
from runner.deep_json import INDENTED, dumps, entries, indented, loads, pieces, rebuilt, same

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
DEEP = {
    "lists": ("[", "]"),
    "objects": ('{"a":', "}"),
    "both": ('[1,{"a":"x","b":', "},[],{}]"),
}
DEPTHS = (10, 1_000, 20_000)


def nested(kind: str, depth: int) -> str:
    opens, closes = DEEP[kind]
    return opens * depth + "0" + closes * depth


def read_slowly(text: str) -> object:
    return deep_json._read(text, json.JSONDecoder())


def outcome(read, text: str) -> tuple[object, int]:
    try:
        return read(text), -1
    except json.JSONDecodeError as error:
        return None, error.pos


@given(VALUES)
def test_what_is_flat_is_read_as_the_standard_library_reads_it(value):
    for indent in (None, 1):
        assert read_slowly(f" {json.dumps(value, indent=indent)}\n") == value


@given(VALUES, st.data())
def test_what_is_wrong_is_wrong_at_the_same_place(value, data):
    text = json.dumps(value)
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + data.draw(st.sampled_from(["", "]", "}", ":", '"', "x"])) + text[at + 1 :]
    (value, place), (expected, wrong) = outcome(read_slowly, text), outcome(json.loads, text)
    assert value == expected
    assert abs(place - wrong) <= 1  # of a comma before a bracket newer Pythons tell the comma


@given(VALUES, st.sampled_from([None, "", "  ", "\t"]))
def test_pieces_are_what_the_standard_library_writes(value, indent):
    expected = json.dumps(value, indent=indent, ensure_ascii=False, separators=(",", ": "))
    assert "".join(pieces(value, indent=indent)) == expected


@given(VALUES, st.sampled_from(["\n", "\n      "]))
def test_an_indented_text_is_what_its_pieces_are(value, newline):
    assert indented(value, newline) == "".join(pieces(value, indent="  ", newline=newline))


@pytest.mark.parametrize("value", [(), (1, [2]), {1: None, "a": float("nan")}, float("inf"), "\ud800"], ids=repr)
def test_an_indented_text_of_what_is_no_json_is_what_its_pieces_are(value):
    assert indented(value) == "".join(pieces(value, indent="  "))


@pytest.mark.parametrize("depth", [INDENTED - 1, INDENTED, INDENTED + 1, 50_000])
@pytest.mark.parametrize("kind", DEEP)
def test_a_deep_value_is_indented_as_its_pieces_are(kind, depth):
    value = loads(nested(kind, depth))
    assert indented(value) == "".join(pieces(value, indent="  "))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("kind", DEEP)
def test_any_depth_is_read_and_written(kind, depth):
    text = nested(kind, depth)
    value = loads(text)
    assert dumps(value, separators=(",", ":")) == text
    assert same(value, loads(text.encode()))
    assert not same(value, loads(text.replace("0", "1")))


def test_a_million_levels_are_read_and_written():
    text = nested("lists", 1_000_000)
    assert dumps(loads(text)) == text


@pytest.mark.parametrize(
    "text", ["[" * 5000, "[" * 5000 + "]" * 5001, '{"a":' * 5000 + "x", "[" * 5000 + "1 2", '[{"a"' * 5000]
)
def test_what_is_deep_and_wrong_is_an_error_with_its_place(text):
    with pytest.raises(json.JSONDecodeError) as found:
        loads(text)
    assert found.value.pos >= 5


def test_lines_are_indented_down_to_a_limit_so_that_their_spaces_stay_few():
    text = "".join(pieces(loads(nested("lists", 50_000)), indent="  "))
    assert len(text) < 2 * 50_000 + 4 * INDENTED**2
    assert same(loads(text), loads(nested("lists", 50_000)))


def test_below_the_depth_of_the_standard_library_a_number_that_json_does_not_have_is_null():
    deep: list[object] = [float("nan"), float("inf")]
    for _ in range(100_000):
        deep = [deep]
    assert "[null, null]" in dumps(deep)


def test_numbers_are_the_same_whatever_their_form_and_no_booleans():
    assert same([1, {"a": 2.0}], [1.0, {"a": 2}])
    assert not same([1], [True])
    assert not same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1}, ordered=False)
    assert not same([], {})


@pytest.mark.parametrize("kind", DEEP)
def test_a_tree_of_any_depth_is_made_anew(kind):
    old = loads(nested(kind, 20_000))

    def double(value, about):
        if isinstance(value, str):
            return value * 2, ()
        copy = value.copy() if isinstance(value, list | dict) else value
        return copy, entries(copy) if isinstance(copy, list | dict) else ()

    new = rebuilt(old, double)
    assert new is not old
    assert dumps(new, separators=(",", ":")) == nested(kind, 20_000).replace('"x"', '"xx"')
