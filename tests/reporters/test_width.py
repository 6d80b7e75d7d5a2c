"""Columns of a terminal: what the cli report prints stays in its columns, measured by another library."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from runner.reporters.cli.report import Cli
from runner.reporters.width import clip, columns, pad, wrap
from tests.reporters.conftest import Scenario

SAMPLES = {
    "ascii": ("plain", 5),
    "latin": ("Größe é ñ", 9),
    "japanese": ("日本語のテスト", 14),
    "half-width kana": ("ﾃｽﾄ", 3),
    "full-width": ("ＡＢＣ", 6),
    "korean": ("한국어 테스트", 13),
    "conjoining jamo": ("\u1112\u1161\u11ab", 2),
    "chinese": ("用户，登录。", 12),
    "combining": ("e\u0301a\u0308", 2),
    "thai": ("ก็", 1),
    "hebrew points": ("שָׁ", 1),
    "zero-width": ("a\u200bb", 2),
    "emoji": ("✅ 🚀", 5),
    "emoji style": ("❤\ufe0f", 2),
    "skin tone": ("👍🏽", 2),
    "family": ("👨‍👩‍👧", 2),
    "flag": ("🇩🇪", 2),
    "symbols": ("❏ → ↳ ✓ • … │", 13),
}
WORDS = st.characters(
    codec="utf-8",
    categories=("L", "Nd", "Po", "Sm", "Mn"),
    exclude_characters="\u200d\ufe0f",
    max_codepoint=0xFFFF,
)


@pytest.mark.parametrize(("text", "width"), SAMPLES.values(), ids=SAMPLES)
def test_a_text_takes_the_columns_that_a_terminal_gives_it(text, width):
    assert columns(text) == width
    assert wcswidth(text) in (width, -1)


@given(st.text(st.sampled_from("abc é日本語테스트ＡＢ、。ﾃｽﾄ•…→" + "の" * 3)))
def test_letters_of_asia_are_measured_as_wcwidth_does(text):
    assert columns(text) == wcswidth(text)


@given(st.text(WORDS, max_size=40))
def test_cutting_and_padding_keep_to_the_columns(text):
    for width in (0, 1, 7, 30):
        assert columns(clip(text, width)) <= width
        assert text.startswith(clip(text, width))
    assert columns(pad(text, 90)) == 90


@given(st.text(st.sampled_from("日本語のテスト、。ab "), max_size=300), st.integers(20, 60), st.integers(0, 10))
def test_a_broken_text_fits_and_loses_nothing(text, width, hang):
    lines = wrap(text, width, hang)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for number, line in enumerate(lines):
        longest = max((columns(word) for word in re.split(r"[^ab]", line)), default=0)
        assert columns(line) <= max(20, width - (hang if number else 0)) or longest > 15 or line[:1] in "、。"


def test_no_line_begins_with_a_full_stop():
    lines = wrap("日本語のテスト。" * 30, 24)
    assert all(line[0] != "。" for line in lines)
    assert max(map(wcswidth, lines)) <= 24


def test_english_is_broken_between_words_only():
    assert wrap("aaaa bbbb cccc dddd eeee", 20, 4) == ["aaaa bbbb cccc dddd", "eeee"]


ASIAN = "用户登录接口返回的状态码应该是二百并且令牌不能为空"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_table_of_failures_keeps_its_columns(width):
    scenario = Scenario(2).start().iteration(0).begin().request()
    scenario.check("状态码是二百", f"期望：{ASIAN * 4}").check("plain", "no", error_name="断言错误")
    scenario.script(error=ASIAN, line=1)
    text = scenario.end().end_iteration().finish().report(Cli, width=width)
    table = text.partition(" #   failure")[2]
    words = ("at assertion", "at test-script", "inside")
    starts = [wcswidth(line[: line.index(word)]) for line in table.splitlines() for word in words if word in line]
    assert len(set(starts)) == 1
    assert len(starts) >= 5
    assert max(wcswidth(line) for line in text.splitlines() if "curl" not in line) <= width


@pytest.mark.parametrize("letter", ["日", "a", "é", "👍"])
def test_a_long_text_is_broken_in_one_pass(letter):
    """Steps are counted by the characters that Unicode's tables are asked about."""
    asked = 0

    def counting(character, own=unicodedata.category):
        nonlocal asked
        asked += 1
        return own(character)

    import runner.reporters.width as module

    kept, module.category = module.category, counting
    try:
        wrap(letter * 20_000, 80)
    finally:
        module.category = kept
    assert asked <= 20_000 * 4
