"""Two JSON values are told apart exactly where they differ, under the rules that were given."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.comparison import Difference, Rules, differences
from runner.comparison.difference import Place
from runner.deep_json import loads, same
from runner.formats.json_text import parse_json

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.text("ab.'[", max_size=2)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text("ab.", max_size=2), inner), max_leaves=12
)


@st.composite
def nearly_the_same(draw):
    """A value, and a copy of it with one part that differs."""
    value = draw(VALUES)
    root = [copy.deepcopy(value)]
    places = [(root, 0)]
    for holder, key in places:
        inner = holder[key]
        if isinstance(inner, dict | list):
            places += [(inner, one) for one in (inner if isinstance(inner, dict) else range(len(inner)))]
    holder, key = draw(st.sampled_from(places))
    how = draw(st.sampled_from(["value", "type", "remove", "swap", "rename"]))
    if how == "rename" and isinstance(holder, dict):
        holder[f"{key}a"] = holder.pop(key)
    elif how == "swap" and isinstance(holder, list) and holder is not root:
        holder.append(holder.pop(key))
    elif how == "remove" and holder is not root:
        del holder[key]
    else:
        holder[key] = draw(SCALARS) if how == "value" else [holder[key]]
    return value, root[0]


def told(left, right, **rules):
    """Each difference as kind, path, and values."""
    found = differences(left, right, Rules.of(**rules))
    return [(one.kind, one.path, one.left, one.right, *((one.to.path,) if one.to else ())) for one in found]


def at(document, place):
    steps = []
    while place.above is not None:
        steps.append(place.key)
        place = place.above
    for step in reversed(steps):
        document = document[step]
    return document


# -- what holds for all values ----------------------------------------------------------------------------------------


@given(VALUES, VALUES)
def test_there_is_a_difference_unless_javascript_takes_both_for_the_same(left, right):
    assert bool(told(left, right)) == (not same(left, right, ordered=False))


@given(nearly_the_same())
def test_one_part_that_differs_is_found(both):
    left, right = both
    assert bool(told(left, right)) == (not same(left, right, ordered=False))
    assert bool(told(right, left)) == bool(told(left, right))


@given(VALUES)
def test_a_copy_does_not_differ(value):
    assert told(value, copy.deepcopy(value)) == []


@given(VALUES, VALUES)
def test_each_difference_tells_what_stands_at_its_place(left, right):
    for one in differences(left, right):
        if one.kind == "new":
            assert at(right, one.place) is one.right
        else:
            assert at(left, one.place) is one.left
        if one.to is not None:
            assert at(right, one.to) is one.right


@given(VALUES, VALUES)
def test_what_is_missing_on_one_side_is_new_from_the_other(left, right):
    there, back = told(left, right), told(right, left)
    assert bool(there) == bool(back)
    if not any(isinstance(value, list) for value in _all(left)):
        swapped = {"missing": "new", "new": "missing"}
        assert sorted((swapped.get(kind, kind), path) for kind, path, *_ in there) == sorted(one[:2] for one in back)


@given(st.lists(VALUES, max_size=8), st.randoms(use_true_random=False))
def test_without_an_order_a_shuffled_array_is_the_same_and_one_element_more_is_one_difference(array, random):
    other = copy.deepcopy(array)
    random.shuffle(other)
    assert told({"a": array}, {"a": other}, unordered=["$.a"]) == []
    assert told(array, other, unordered=["all"]) == []
    assert [one[0] for one in told(array, [*other, {"more": 1}], unordered=["all"])] == ["new"]


@given(VALUES, st.randoms(use_true_random=False))
def test_what_is_ignored_does_not_differ(value, random):
    left, right = [{"a": value, "b": 1}], [{"a": random.random(), "b": 1}]
    for pattern in ("$[0].a", "$[*].a", "$..a", "$.*.a", "$[*]['a']", "$[*].*"):
        assert told(left, right, ignore=[pattern]) == []


def _all(value):
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _all(inner)


# -- scalars ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("1", "1.0", None),
        ("1e2", "100", None),
        ("-0", "0", None),
        ("0.1", "0.10", None),
        ("1", "true", "type"),
        ("0", "false", "type"),
        ("1", '"1"', "type"),
        ("null", "0", "type"),
        ("[]", "{}", "type"),
        ("9007199254740993", "9007199254740992", "value"),
        ("9007199254740993", "9007199254740993.0", "value"),
        ("1E400", "2E400", "value"),
        ("1E400", "1E400", None),
        ("1" * 5000, "1" * 5000, None),
        ("1" * 5000, "1" * 4999 + "2", "value"),
        ('"a"', '"b"', "value"),
        ('{"a":1,"b":2}', '{"b":2,"a":1}', None),
    ],
)
def test_numbers_are_the_same_as_in_javascript_but_keep_every_digit(left, right, kind):
    found = [one.kind for one in differences(parse_json(left), parse_json(right))]
    assert found == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    ("tolerance", "left", "right", "close"),
    [
        ("$.a=0.5", 1, 1.5, True),
        ("$.a=0.5", 1, 1.51, False),
        ("$.a=0", 1, 1.0, True),
        ("$.a=10%", 100, 90, True),
        ("$.a=10%", 100, 89.9, False),
        ("$.b=10", 1, 2, False),
        ("all=1", 1, 2, True),
        ("$..a=1", 1, 2, True),
        ("$=1", 1, 2, True),
        ("$.a=1", True, 2, False),
        ("$.a=1", "1", 1, False),
        ("$.a=1", 10**400, 10**400 + 1, False),
        ("$.a=1", 10**400, 10**400, True),
    ],
)
def test_a_tolerance_takes_numbers_that_are_close(tolerance, left, right, close):
    assert (told({"a": left}, {"a": right}, tolerance=[tolerance]) == []) == close


def test_of_several_tolerances_the_last_that_fits_counts():
    rules = ["$=5", "$.exact=0"]
    assert [one[1] for one in told({"a": 1, "exact": 1}, {"a": 2, "exact": 2}, tolerance=rules)] == ["$.exact"]


# -- objects and arrays -----------------------------------------------------------------------------------------------


def test_paths_are_written_as_those_of_contract_findings():
    left = {"items": [{"id": 1}], "a b": {"it's": 1, "back\\slash": 1}, "0": 1, "x-y": 1, "_id": 1}
    right = json.loads(json.dumps(left).replace("1", "2").replace('"0": 2', '"0": 3'))
    assert [one[1] for one in told(left, right)] == [
        "$.items[0].id",
        "$['a b']['it\\'s']",
        "$['a b']['back\\\\slash']",
        "$['0']",
        "$['x-y']",
        "$['_id']",
    ]


def test_an_element_more_or_less_in_the_middle_is_one_difference():
    left = [{"id": number} for number in range(500)]
    assert told(left, left[:200] + left[201:]) == [("missing", "$[200]", {"id": 200}, None)]
    assert told(left, [*left[:200], "x", *left[200:]]) == [("new", "$[200]", None, "x")]


def test_a_changed_element_is_compared_with_what_stands_in_its_place():
    assert told([1, {"a": 1, "b": 2}, 3], [1, {"a": 1, "b": 9}, 3]) == [("value", "$[1].b", 2, 9)]
    assert told(["a", "b", "c"], ["a", "x", "y", "c"]) == [("value", "$[1]", "b", "x"), ("new", "$[2]", None, "y")]


def test_an_element_elsewhere_is_moved_and_what_changed_in_it_is_told_too():
    assert told(["a", "b", "c"], ["b", "c", "a"]) == [("moved", "$[0]", "a", "a", "$[2]")]
    left = [{"id": 1, "n": 1}, {"id": 2, "n": 1}, {"id": 3, "n": 1}]
    right = [{"id": 2, "n": 1}, {"id": 3, "n": 1}, {"id": 1, "n": 5}]
    assert [one[:2] for one in told(left, right)] == [("moved", "$[0]"), ("value", "$[0].n")]


def test_the_order_counts_only_for_arrays_that_are_not_named():
    left, right = {"a": [1, 2], "b": [1, 2]}, {"a": [2, 1], "b": [2, 1]}
    assert {one[1] for one in told(left, right, unordered=["$.a"])} == {"$.b[0]"}


def test_arrays_without_an_order_count_equal_elements():
    assert told([1, 1, 2], [2, 1, 2], unordered=["$"]) == [("missing", "$[1]", 1, None), ("new", "$[2]", None, 2)]


def test_objects_of_an_array_without_an_order_are_compared_by_their_key():
    left = [{"sku": "a", "id": 1, "n": 1}, {"sku": "b", "id": 2, "n": 1}]
    right = [{"sku": "b", "id": 1, "n": 1}, {"sku": "a", "id": 2, "n": 1}]
    assert [one[1] for one in told(left, right, unordered=["$=sku"])] == ["$[0].id", "$[1].id"]
    assert [one[1] for one in told(left, right, unordered=["$"])] == ["$[0].sku", "$[1].sku"]


def test_objects_without_a_key_are_compared_with_those_most_alike():
    left = [{"a": 1, "b": 2, "c": 3}, {"a": 7, "b": 8, "c": 9}]
    right = [{"a": 7, "b": 8, "c": 0}, {"a": 1, "b": 2, "c": 3}]
    assert told(left, right, unordered=["$"]) == [("value", "$[1].c", 9, 0)]
    assert [one[0] for one in told([{"a": 1}], [{"b": 2}], unordered=["$"])] == ["missing", "new"]


def test_tolerances_count_in_arrays_without_an_order():
    rules = {"unordered": ["all"], "tolerance": ["all=0.1"]}
    assert told([1, 2, 3], [3.05, 1.05, 2.05], **rules) == []
    assert [one[:2] for one in told([1, 2, 3], [3.05, 1.05, 2.5], **rules)] == [("missing", "$[1]"), ("new", "$[2]")]
    assert told([{"x": 1}, {"x": 2}], [{"x": 2.05}, {"x": 1.05}], **rules) == []


def test_objects_with_equal_values_under_other_keys_differ():
    assert [one[:2] for one in told({"a": 1}, {"b": 1})] == [("missing", "$.a"), ("new", "$.b")]
    assert told([{"a": 1}], [{"b": 1}], unordered=["all"]) != []
    assert told({"a": 1, "b": 2}, {"a": 2, "b": 1}) != []


def test_numbers_are_close_to_one_another_each_only_once():
    rules = {"unordered": ["$"], "tolerance": ["$=1"]}
    assert told([1, 5, 9], [10, 2, 4], **rules) == []
    assert [one[0] for one in told([1, 1], [1.5, 7], **rules)] == ["missing", "new"]
    assert [one[2:] for one in told([20, 3], [4, 30, 2.5], **rules)] == [(20, None), (None, 4), (None, 30)]


def test_ignored_elements_do_not_count():
    assert told([1, 2, 3], [9, 2, 3], ignore=["$[0]"]) == []
    assert told({"a": [1, 2]}, {"a": [3]}, ignore=["$.a[*]"]) == []
    assert told({"a": 1}, {}, ignore=["$.a"]) == []


def test_equal_objects_that_are_one_in_memory_are_told_apart_by_their_places():
    shared = {"n": 1}
    assert told([shared, shared], [shared, {"n": 2}], ignore=["$[0].n"]) == [("value", "$[1].n", 1, 2)]


# -- sizes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lists", "objects", "both"])
def test_documents_of_any_depth_are_compared(kind):
    opens, closes = {"lists": ("[", "]"), "objects": ('{"a":', "}"), "both": ('[{"b":', "}]")}[kind]
    one, other, same_again = (loads(opens * 5_000 + last + closes * 5_000) for last in ("1", "2", "1"))
    assert list(differences(one, same_again, Rules.of(unordered=["all"]))) == []
    (found,) = differences(one, other)
    assert (found.kind, found.left, found.right) == ("value", 1, 2)
    assert found.path.count(".") + found.path.count("[") == (10_000 if kind == "both" else 5_000)


def test_large_arrays_that_are_turned_round_are_still_compared_soon():
    array = [{"n": number} for number in range(5_000)]
    assert {one.kind for one in differences(array, array[::-1])} == {"moved"}
    assert list(differences(array, array[::-1], Rules.of(unordered=["$"]))) == []
    assert len(list(differences(["a"] * 3_000, ["b"] * 3_000))) == 3_000
    other = [{"n": -number - 1} for number in range(5_000)]
    assert len(list(differences(array, other, Rules.of(unordered=["$"])))) == 10_000


def test_paths_begin_where_the_caller_says_and_rules_at_the_value():
    found = differences({"a": [1], "b": 1}, {"a": [2], "b": 2}, Rules.of(ignore=["$.b"]), Place(None, "$.body"))
    assert [one.path for one in found] == ["$.body.a[0]"]


def test_a_difference_has_no_values_in_its_place():
    (found,) = differences({"a": 1}, {})
    assert isinstance(found, Difference)
    assert found.path == "$.a"
