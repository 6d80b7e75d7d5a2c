"""The values of YAML scalars: the core schema of YAML 1.2, quoted texts with their escapes, folded lines."""

from __future__ import annotations

import math
import re

LONGEST_NUMBER = 400
"""Characters of a number: converting takes quadratic time, and Python refuses very long ones."""

WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
"""The texts without quotes that stand for null, true and false."""

INTEGER = re.compile(r"[-+]?[0-9]++\Z|0o[0-7]++\Z|0x[0-9a-fA-F]++\Z")
REAL = re.compile(r"[-+]?(?:\.[0-9]++|[0-9]++(?:\.[0-9]*+)?)[eE][-+]?[0-9]++\Z|[-+]?(?:\.[0-9]++|[0-9]++\.[0-9]*+)\Z")
NO_NUMBER = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)\Z")
MAY_BE_NUMBER = frozenset("-+.0123456789")

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^xuU])", re.DOTALL)
ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


class Unreadable(Exception):
    """What is wrong with a YAML text at an offset; `keys` are the way to it, from the innermost one."""

    def __init__(self, at: int, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason
        self.hint = hint
        self.keys: list[str | int] = []


def resolve(text: str) -> bool | int | float | str | None:
    """The value of a text without quotes."""
    if text[:1] in MAY_BE_NUMBER and len(text) <= LONGEST_NUMBER:
        if INTEGER.match(text):
            return int(text, 0) if text[1:2] in ("o", "x") else int(text)
        if REAL.match(text):
            return float(text)
        if NO_NUMBER.match(text):
            return math.nan if text[1] in "nN" else -math.inf if text[0] == "-" else math.inf
    return WORDS.get(text, text)


def unescaped(body: str, at: int) -> str:
    """What stands between double quotes, its lines folded already; `at` is the offset of the text, for errors."""

    def character(found: re.Match[str]) -> str:
        code = found[1]
        if len(code) == 1:
            if code not in ESCAPES:
                raise Unreadable(at, f"there is no escape \\{code}", 'a backslash is written as "\\\\"')
            return ESCAPES[code]
        number = int(code[1:], 16)
        if number > 0x10FFFF:
            raise Unreadable(at, f"there is no character \\{code}")
        return chr(number)

    if re.search(r"\\(?:x(?![0-9a-fA-F]{2})|u(?![0-9a-fA-F]{4})|U(?![0-9a-fA-F]{8}))", body.replace("\\\\", "")):
        raise Unreadable(at, "an escape has too few digits")
    text = _ESCAPE.sub(character, body)
    if re.search("[\ud800-\udbff][\udc00-\udfff]", text):  # a character written as two escapes, as JSON does
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


def joined(lines: list[str], escapes: bool = False) -> str:
    """The lines of a text that goes over several, as one: a line end is a space, each empty line a line end.

    With `escapes` a backslash before a line end joins the lines without a space.
    """
    parts, breaks = [_end_cut(lines[0], escapes)], 0
    for number, line in enumerate(lines[1:], 2):
        line = line.lstrip(" \t")
        if number < len(lines):
            line = _end_cut(line, escapes)
            if not line:
                breaks += 1
                continue
        if escapes and _continues(parts[-1]):
            parts[-1] = parts[-1][:-1] + "\n" * breaks
        else:
            parts.append("\n" * breaks or " ")
        parts.append(line)
        breaks = 0
    return "".join(parts)


def _end_cut(line: str, escapes: bool) -> str:
    cut = line.rstrip(" \t")
    return cut + line[len(cut) : len(cut) + 1] if escapes and _continues(cut) else cut


def _continues(line: str) -> bool:
    """Whether a line ends in a backslash that is not escaped itself."""
    return line.endswith("\\") and (len(line) - len(line.rstrip("\\"))) % 2 == 1


def folded(lines: list[str]) -> str:
    """The lines of a folded block without their indentation, as one text; lines that begin with a blank stay."""
    parts: list[str] = []
    breaks, apart = 0, True
    for line in lines:
        if not line:
            breaks += 1
            continue
        own = line[0] in " \t"
        if parts:
            parts.append("\n" * (breaks + 1) if own or apart else "\n" * breaks or " ")
        else:
            parts.append("\n" * breaks)
        parts.append(line)
        breaks, apart = 0, own
    return "".join(parts)
