"""No regular expression of the runner takes more than linear time, whatever the text: counted in steps, not in seconds.

`scripts/growth` tries every text of every pattern; here each pattern is tried with some of them.
"""

import pytest

from tests.growth.patterns import every_pattern, superlinear

MOST_TEXTS = 6


def test_every_pattern_of_the_runner_is_linear():
    slow = {found[0]: texts for found in every_pattern() if (texts := superlinear(found, MOST_TEXTS))}
    assert slow == {}


@pytest.mark.parametrize(
    ("pattern", "how"),
    [
        (r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", "fullmatch"),
        (r"[\s,]*([a-z]+)", "finditer"),
        (r"\s*\n\s*", "finditer"),
        (r"\.(?![^{]*\}{2})", "finditer"),
        (r'(\\*)"|\n', "finditer"),
        (r"(a|aa)+b", "match"),
        (r"<!\[CDATA\[(.*)\]\]>", "finditer"),
        (r"(?:a*)*b", "match"),
        (r"a.*b", "search"),
        (r"x*y*z", "finditer"),
    ],
)
def test_a_pattern_that_is_not_linear_is_found(pattern, how):
    assert superlinear(("here", pattern, 0, how))


@pytest.mark.parametrize(
    ("pattern", "how"),
    [
        (r"[a-z]+=[0-9]+", "match"),
        (r"a++b", "match"),
        (r'(?<!\\)"(?:[^"\\]++|\\.)*+(?:"|\Z)', "finditer"),
        (r"(?<!a)a+b", "finditer"),
        (r"x{1,300}y", "finditer"),
    ],
)
def test_a_linear_pattern_passes(pattern, how):
    assert superlinear(("here", pattern, 0, how)) == []
