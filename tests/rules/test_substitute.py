import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import VariableError
from runner.rules.substitute import LIMIT, MISSING, MOST_NAMES, PASSES, names_in, substitute, substitute_tree
from runner.rules.text import number_text, text_of


def filled(text, **values):
    return substitute(text, lambda name: values.get(name, MISSING))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{a}}/{{a}}", "1/1"),
        ("{{b}}", "<1>"),
        ("{{x{{k}}}}", "found"),
        ("{{{a}}}", "{1}"),
        ("{{}}", "{{}}"),
        ("{{ a }}", "{{ a }}"),
        ("{{A}}", "{{A}}"),
        ("{{me}}", "{{me}}"),
        ("{{no}} {{a}}", "{{no}} 1"),
        ("{{a", "{{a"),
    ],
)
def test_names_become_values(text, result):
    assert filled(text, a="1", b="<{{a}}>", k="y", xy="found", me="{{me}}") == result


def test_names_may_hold_anything_but_braces():
    values = {"a.b/c d": "1", "ü": "2"}
    assert substitute("{{a.b/c d}}{{ü}}", lambda name: values.get(name, MISSING)) == "12"


def test_a_chain_is_followed_nineteen_times():
    values = {str(n): f"{{{{{n + 1}}}}}" for n in range(30)}
    assert substitute("{{0}}", lambda name: values.get(name, MISSING)) == f"{{{{{PASSES}}}}}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (1.0, "1"),
        (0.1, "0.1"),
        (True, "true"),
        (None, "null"),
        ("", ""),
        ([1, None, "a", True, 2.0], "1,,a,true,2"),
        ([], ""),
        ([1, [2, 3]], "[1,[2,3]]"),
        ([[]], "[[]]"),
        (["a", {"b": 1}], '["a",{"b":1}]'),
        (123456789012345678901, "123456789012345680000"),
        (1e-7, "1e-7"),
        ({"a": [1, "é"]}, '{"a":[1,"é"]}'),
        ({"b": 1.0, "10": 1e21, "9": 1e-7}, '{"9":1e-7,"10":1e+21,"b":1}'),
    ],
)
def test_values_are_written_as_postman_does(value, text):
    assert text_of(value) == text
    assert filled("{{v}}", v=value) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (1e-6, "0.000001"),
        (1.5e-7, "1.5e-7"),
        (-0.0, "0"),
        (1.25e-6, "0.00000125"),
        (-1.2345e-5, "-0.000012345"),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (123456.75, "123456.75"),
    ],
)
def test_numbers_are_written_as_javascript_does(number, text):
    assert number_text(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_is_that_number(number):
    assert float(number_text(number)) == number


def test_dynamic_names_are_asked_last_and_each_time():
    counter = iter(range(9))
    dynamic = {"$n": lambda: next(counter), "$own": lambda: "dynamic"}
    get = {"$own": "user"}
    result = substitute(
        "{{$n}} {{$n}} {{$own}} {{$no}}", lambda n: get.get(n, MISSING), lambda n: dynamic[n]() if n in dynamic else MISSING
    )
    assert result == "0 1 user {{$no}}"


def test_unresolved_names_are_collected():
    unresolved = set()
    values = {"a": "{{inner}}", "me": "{{me}}"}
    substitute("{{a}} {{no}} {{me}} {{$no}} {{}}", lambda n: values.get(n, MISSING), None, unresolved)
    assert unresolved == {"inner", "no", "$no"}


def test_a_tree_is_substituted_in_its_values_only():
    tree = {"{{a}}": ["{{a}}", 1, None, {"k": "{{a}}"}], "t": ("{{a}}",)}
    assert substitute_tree(tree, lambda name: "1") == {"{{a}}": ["1", 1, None, {"k": "1"}], "t": ("1",)}


def test_the_names_of_a_text_are_listed():
    assert names_in("{{a}} {b} {{ c }}{{a}}") == ["a", " c ", "a"]
    assert names_in("none") == []


@given(st.text(), st.dictionaries(st.text(max_size=3), st.text(max_size=8)))
def test_text_without_names_is_never_changed(text, values):
    text = text.replace("{{", "")
    assert substitute(text, lambda name: values.get(name, MISSING)) == text


@given(
    st.recursive(
        st.text() | st.integers(-(2**53), 2**53) | st.none(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_an_object_is_valid_json_in_the_text(value):
    assert json.loads(text_of({"v": value})) == {"v": value}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"a": "{{a}}" * 1000}, "more than 100,000 names"),
        ({"a": "{{b}}" * 99, "b": "{{a}}" * 99}, "more than 100,000 names"),
        ({"a": "{{a}} {{a}}"}, "more than 100,000 names"),
        ({"a": "{{b}}" * 9, "b": "x" * LIMIT}, "more than 10 million characters"),
    ],
)
def test_values_that_multiply_each_other_end_in_an_error(values, message):
    with pytest.raises(VariableError, match=message) as caught:
        filled("{{a}}", **values)
    assert "names itself" in caught.value.hint


def test_values_may_bring_as_many_names_as_there_may_be():
    assert filled("{{a}}", a="{{b}}" * MOST_NAMES, b="x") == "x" * MOST_NAMES
    with pytest.raises(VariableError):
        filled("{{a}}", a="{{b}}" * (MOST_NAMES + 1), b="x")


def test_names_of_the_text_itself_are_not_limited():
    assert filled("{{b}}" * (2 * MOST_NAMES), b="x") == "x" * (2 * MOST_NAMES)


def test_one_value_may_be_as_long_as_it_likes():
    assert len(filled("{{a}}{{b}}", a="x" * (2 * LIMIT), b="y")) == 2 * LIMIT + 1


NAMES = st.sampled_from("abc")
TOKENS = NAMES.map("{{{{{}}}}}".format) | st.sampled_from(["x", "{", "}", "{{", "}}"])
PIECES = st.lists(TOKENS, max_size=4).map("".join)
SMALL = 1000


@given(PIECES, st.dictionaries(NAMES, PIECES))
def test_substitution_always_ends_and_is_bounded(text, values):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("runner.rules.substitute.LIMIT", SMALL)
        try:
            result = filled(text, **values)
        except VariableError:
            return
    longest = max(map(len, values.values()), default=0)
    assert len(result) <= len(text) + PASSES * (SMALL + longest)


@given(PIECES, st.dictionaries(NAMES, st.text(alphabet="xyz ")))
def test_with_plain_values_only_unknown_names_are_left(text, values):
    left = set()
    result = substitute(text, lambda name: values.get(name, MISSING), None, left)
    assert not left & set(values)
    assert not set(names_in(result)) & set(values)
