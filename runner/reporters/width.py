"""How many terminal columns a text takes, and how it is cut and padded to fit.

By Unicode's own tables (`unicodedata`), which cost no import: ideographs, kana, Hangul and emoji take two columns, marks
that combine with the letter before take none.
"""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width

_PLAIN = re.compile(r"[\x00-\xac\xae-\u02ff\u2010-\u2027\u2190-\u2193\u2500-\u257f]*")
"""Characters that take one column each: Latin, dashes, dots, arrows, box lines."""

_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"
_NOT_AT_START = frozenset("、。，．・：；？！」』）］｝〉》】〕ー…‥ぁぃぅぇぉっゃゅょァィゥェォッャュョ々”’")
"""Characters that must not begin a line of Japanese or Chinese."""


def columns(text: str) -> int:
    """The columns that a text without control characters takes."""
    if _PLAIN.fullmatch(text):
        return len(text)
    return sum(_widths(text))


def _widths(text: str) -> list[int]:
    """The columns of each character; a character that joins the one before takes none."""
    widths: list[int] = []
    before = ""
    for character in text:
        tones_emoji = "\U0001f3fb" <= character <= "\U0001f3ff" and bool(widths) and widths[-1] == 2
        if before == _JOINER or tones_emoji:
            width = 0
        elif character == _EMOJI_STYLE:
            width = int(bool(widths) and widths[-1] == 1 and before != " ")
        else:
            width = _width(character)
        widths.append(width)
        before = character
    return widths


def _width(character: str) -> int:
    kind = category(character)
    if kind in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return 0 if character != "\xad" else 1
    return 2 if kind != "Cn" and east_asian_width(character) in "WF" else 1  # what is not assigned is F for Python


def pad(text: str, width: int) -> str:
    """The text with blanks behind it up to `width` columns."""
    return text + " " * (width - columns(text))


def clip(text: str, width: int) -> str:
    """The beginning of a text, cut to `width` columns."""
    return text[: _fitting(text, None if _PLAIN.fullmatch(text) else _widths(text), 0, width)]


def wrap(text: str, width: int, hang: int = 0) -> list[str]:
    """The lines of a text, each broken where it is wider than `width`; all but the first one are `hang` narrower.

    Lines are broken between words and between ideographs; a long word stays whole.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        lines += _wrap_line(part.rstrip(), max(width - (hang if lines else 0), 20), max(width - hang, 20))
    return lines


def _wrap_line(line: str, width: int, rest: int) -> list[str]:
    if len(line) * 2 <= width or columns(line) <= width:
        return [line]
    widths = None if _PLAIN.fullmatch(line) else _widths(line)
    indent = line[: len(line) - len(line.lstrip())][: width // 2]
    lines: list[str] = []
    start, prefix = 0, ""
    while True:
        end = _fitting(line, widths, start, width - len(prefix))
        cut = None if end == len(line) else _cut(line, start + (0 if lines else len(indent)), end, wide=widths is not None)
        if cut is None:
            return [*lines, prefix + line[start:]]
        lines.append(prefix + line[start:cut].rstrip())
        start, prefix, width = cut, indent, rest
        while line[start : start + 1].isspace():
            start += 1


def _fitting(line: str, widths: list[int] | None, start: int, width: int) -> int:
    """The index at which `width` columns end; `widths` are those of the characters, None if all take one."""
    if widths is None:
        return min(len(line), start + width)
    used = 0
    for at in range(start, len(line)):
        used += widths[at]
        if used > width:
            return at
    return len(line)


def _cut(line: str, start: int, end: int, *, wide: bool) -> int | None:
    """Where to break a line: at the last blank or beside the last ideograph that fits, else at the first blank after it."""
    blank = line.rfind(" ", start + 1, end + 1)
    for cut in range(end, max(blank, start), -1) if wide else ():
        if _may_break(line, cut):
            return cut
    behind = blank if blank > 0 else line.find(" ", end)
    return behind if behind > 0 else None


def _may_break(line: str, cut: int) -> bool:
    """Whether a line of ideographs may be broken before the character at `cut`."""
    around = line[cut - 1 : cut + 1]
    if len(around) < 2 or around[0] == _JOINER or _PLAIN.fullmatch(around) or around[1] in _NOT_AT_START:
        return False
    sizes = [_width(character) for character in around]
    return 2 in sizes and sizes[1] > 0
