"""Patterns of ECMAScript: what they match in Python, and what is none."""

import re

import pytest

from runner.contract.validation.patterns import CLASSES, as_python


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("^\\d+$", ["12"], ["1\n", "\u0661", ""]),
        ("^\\D$", ["x", "\u0661", "\U0001f600"], ["1"]),
        ("^\\w$", ["a", "_"], ["ä", "-"]),
        ("^[\\W]$", ["ä", "-", "\\", "^", "["], ["a"]),
        ("^\\s$", [" ", "\ufeff", "\u2029", "\xa0"], ["\u200b", "x"]),
        ("^\\S$", ["x", "\u200b"], [" ", "\ufeff"]),
        ("^[\\S\\n]$", ["x", "\n"], [" "]),
        ("^.$", ["x", "\x85", "\U0001f600"], ["\n", "\r", "\u2028"]),
        ("^[^]$", ["\n", "x"], [""]),
        ("[]", [], ["", "x"]),
        ("^[[a&&b]$", ["[", "&", "b"], ["x"]),
        ("^[a.$]$", ["a", ".", "$"], ["x"]),
        ("^\\u0041\\x42$", ["AB"], ["ab"]),
        ("^\\u{1f600}$", ["\U0001f600"], ["x"]),
        ("^\\ud83d\\ude00$", ["\U0001f600"], ["x"]),
        ("^\\cA\\0$", ["\x01\0"], ["cA0"]),
        ("^(?<y>\\d)-\\k<y>$", ["1-1"], ["1-2"]),
        ("^\\p{Lu}\\P{L}$", ["A1", "Ä-"], ["a1", "AA"]),
        ("^[\\p{Nd}x]+$", ["1\u0661x"], ["y"]),
        ("^\\p{gc=Letter}$", ["ä"], ["1"]),
        ("^\\/\\.\\-$", ["/.-"], ["x"]),
        ("(?i)^a$", ["A", "a"], ["b"]),
        ("\\Aa\\Z", ["a"], ["a\n", "ba"]),
        ("\\ba", ["ä a", "äa"], ["ba"]),
    ],
)
def test_a_pattern_matches_what_it_matches_in_ecmascript(pattern, good, bad):
    found = re.compile(as_python(pattern))
    assert [text for text in good if not found.search(text)] == []
    assert [text for text in bad if found.search(text)] == []


@pytest.mark.parametrize("pattern", ["(", "[a", "a{2,1}", "\\a", "\\p{Greek}", "\\p{Script=Greek}", "\\u{110000}", "*"])
def test_what_is_no_pattern_is_refused(pattern):
    with pytest.raises((re.error, OverflowError)):
        as_python(pattern)


@pytest.mark.parametrize("pattern", ["(?i)a", "a\\Z", "\\A"])
def test_what_is_only_meant_as_a_pattern_is_none_for_the_format(pattern):
    as_python(pattern)
    with pytest.raises(re.error):
        as_python(pattern, strict=True)


@pytest.mark.parametrize(("letter", "other"), ["dD", "wW", "sS"])
def test_a_class_and_its_opposite_share_no_character_and_leave_none_out(letter, other):
    one, two = (re.compile(f"[{CLASSES[name]}]") for name in (letter, other))
    points = [*range(0x3100), *range(0xF000, 0x10400), 0x10FFFF]
    assert [point for point in points if bool(one.match(chr(point))) == bool(two.match(chr(point)))] == []
