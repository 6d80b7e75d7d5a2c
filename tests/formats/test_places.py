"""Where a value stands in a JSON text."""

import json

from hypothesis import given
from hypothesis import strategies as st

from runner.formats.places import lines_of

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def steps_in(value, before=()):
    yield before
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from steps_in(inner, (*before, key))


@given(VALUES)
def test_every_value_is_found_on_its_line(value):
    text = json.dumps(value, indent=1)
    wanted = set(steps_in(value))
    found = lines_of(text, wanted)
    assert set(found) == wanted
    for steps in wanted:
        inner = value
        for step in steps:
            inner = inner[step]
        line = text.splitlines()[found[steps] - 1]
        assert json.dumps(inner)[:1] in line
    assert [found[steps] for steps in steps_in(value)] == sorted(found.values())


def test_what_is_not_there_has_no_line():
    assert lines_of('{"a": [1]}', {("a", 1), ("b",), ("a", 0, "c")}) == {}


def test_a_text_in_one_line_and_deep_ones():
    assert lines_of('{"a": [1, {"b": 2}]}', {("a", 1, "b")}) == {("a", 1, "b"): 1}
    assert lines_of("[" * 5000 + "]" * 5000, {(0, 0)}) == {(0, 0): 1}
