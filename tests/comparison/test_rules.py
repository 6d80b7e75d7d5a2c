"""Paths in rules are read as JSON path has them; what is none is refused with what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.comparison import Rules, differences
from runner.comparison.rules import read_pattern

DOCUMENT = {"a": {"b": [{"c": 1}, {"c": 2}], "c": 3}, "c": {"c": 4}, "x.y": {"z z": 5}}


def paths(document, above="$"):
    for key, value in document.items() if isinstance(document, dict) else enumerate(document):
        path = f"{above}.{key}" if isinstance(key, str) else f"{above}[{key}]"
        if isinstance(value, dict | list):
            yield from paths(value, path)
        else:
            yield path


@pytest.mark.parametrize(
    ("pattern", "left_out"),
    [
        ("$.a.b[0].c", ["$.a.b[0].c"]),
        ("$.a.b[*].c", ["$.a.b[0].c", "$.a.b[1].c"]),
        ("$.a.b[*]", ["$.a.b[0].c", "$.a.b[1].c"]),
        ("$.a.*", ["$.a.b[0].c", "$.a.b[1].c", "$.a.c"]),
        ("$.a.c", ["$.a.c"]),
        ("$.a..c", ["$.a.b[0].c", "$.a.b[1].c", "$.a.c"]),
        ("$..c", ["$.a.b[0].c", "$.a.b[1].c", "$.a.c", "$.c.c"]),
        ("$..[1].c", ["$.a.b[1].c"]),
        ("$.*.c", ["$.a.c", "$.c.c"]),
        ("$['x.y']['z z']", ["$.x.y.z z"]),
        ('$["x.y"]..*', ["$.x.y.z z"]),
        ("$.nothing", []),
        ("$[0]", []),
    ],
)
def test_a_pattern_takes_these_places_and_all_below_them(pattern, left_out):
    def other(value):
        return {"differs": value}

    def changed(value):
        if isinstance(value, dict):
            return {key: changed(entry) for key, entry in value.items()}
        return [changed(entry) for entry in value] if isinstance(value, list) else -value

    every = set(paths(DOCUMENT))
    found = differences(DOCUMENT, changed(DOCUMENT), Rules.of(ignore=[pattern]))
    told = {one.path.replace("['", ".").replace("']", "") for one in found}
    assert told == every - set(left_out)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"ignore": ["a.b"]}, "begins with \\$"),
        ({"ignore": ["$"]}, "whole document"),
        ({"ignore": ["all"]}, "not a path of a part"),
        ({"ignore": ["$.a=1"]}, "'=1'"),
        ({"ignore": ["$a"]}, "from 'a' on"),
        ({"ignore": ["$.a."]}, "from '\\.' on"),
        ({"ignore": ["$.a[x]"]}, "from '\\[x\\]' on"),
        ({"ignore": ["$.[0]"]}, "from '\\.\\[0\\]' on"),
        ({"ignore": ["$.a b"]}, "from ' b' on"),
        ({"unordered": ["$.a="]}, "no key"),
        ({"tolerance": ["$.a"]}, "says no tolerance"),
        ({"tolerance": ["$.a=-1"]}, "says no tolerance"),
        ({"tolerance": ["$.a=nan"]}, "says no tolerance"),
        ({"tolerance": ["$.a=1%%"]}, "says no tolerance"),
    ],
)
def test_what_is_no_rule_is_refused(rules, message):
    with pytest.raises(ValueError, match=message):
        Rules.of(**rules)


@given(st.text("$.[]*'\"\\a0= ", max_size=12))
def test_every_text_is_a_pattern_or_refused(text):
    try:
        pattern, rest = read_pattern(text)
    except ValueError:
        return
    assert rest == "" or rest.startswith("=")
    assert list(differences({"a": 1}, {"a": 1}, Rules(ignored=(pattern,)))) == []
