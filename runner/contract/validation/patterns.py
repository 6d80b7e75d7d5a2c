"""Patterns of schemas, which are regular expressions of ECMAScript (with the flag u), as those of Python."""

from __future__ import annotations

import re
from functools import lru_cache

SPACES = "\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What `\\s` stands for, as the inside of a class."""

NO_SPACES = (
    "\0-\x08\x0e-\x1f!-\x9f\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff"
    "\u3001-\ufefe\uff00-\U0010ffff"
)

CLASSES = {
    "d": "0-9",
    "D": "\0-/:-\U0010ffff",
    "w": "A-Za-z0-9_",
    "W": "\0-/:-@\\[-\\^`{-\U0010ffff",
    "s": SPACES,
    "S": NO_SPACES,
}
"""The inside of the class that an escape stands for."""

SAME = frozenset("fnrtv0123456789bBx")
"""Letters and digits behind a backslash that mean the same in Python."""

CATEGORIES = {
    "Letter": "L", "Cased_Letter": "LC", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M", "Combining_Mark": "M", "Nonspacing_Mark": "Mn",
    "Spacing_Mark": "Mc", "Enclosing_Mark": "Me", "Number": "N", "Decimal_Number": "Nd", "digit": "Nd",
    "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P", "Connector_Punctuation": "Pc",
    "Dash_Punctuation": "Pd", "Open_Punctuation": "Ps", "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi",
    "Final_Punctuation": "Pf", "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc",
    "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z", "Space_Separator": "Zs", "Line_Separator": "Zl",
    "Paragraph_Separator": "Zp", "Other": "C", "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs",
    "Private_Use": "Co", "Unassigned": "Cn",
}  # fmt: skip
"""The short names of Unicode's general categories."""

_TOKEN = re.compile(
    r"\\u\{(?P<point>[0-9A-Fa-f]{1,6})\}|\\u(?P<high>[Dd][89ABab][0-9A-Fa-f]{2})\\u(?P<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})"
    r"|\\u(?P<unit>[0-9A-Fa-f]{4})|\\(?P<negated>[pP])\{(?P<property>[^{}]*)\}|\\c(?P<control>[A-Za-z])"
    r"|\\k<(?P<back>[^<>]*)>|\(\?<(?P<group>[^=!<>][^<>]*)>|\\(?P<escape>.)|(?P<empty>\[\^?\])|(?P<other>.)",
    re.DOTALL,
)
_OTHER_GROUP = re.compile(r"\?[^:=!<]")
_FLAGS = re.compile(r"\(\?([ims]+)\)")


MARK = "(?a"
"""How every pattern of Python begins here: its escapes are those of ASCII, as in ECMAScript."""

ENDS = {"A": "\\A", "Z": "\\Z", "z": "\\Z"}
"""Ends of texts in other languages: no ECMAScript, but what documents that were written by programs mean."""


@lru_cache(maxsize=1000)
def as_python(pattern: str, *, strict: bool = False) -> str:
    """The same pattern for `re.search`; raises `re.error` if it is none, `strict` also for what is only meant as one."""
    flags = None if strict else _FLAGS.match(pattern)
    made = [f"{MARK}{flags[1] if flags else ''})"]
    inside = False
    for token in _TOKEN.finditer(pattern, flags.end() if flags else 0):
        if not strict and not inside and token["escape"] in ENDS:
            made.append(ENDS[token["escape"]])
            continue
        if strict and token["other"] == "(" and not inside and _OTHER_GROUP.match(pattern, token.end()):
            raise re.error("this group is none of ECMAScript")
        made.append(_translated(token, inside))
        if token["other"] in ("[", "]"):
            inside = token["other"] == "["
    found = "".join(made)
    re.compile(found)
    return found


def _translated(token: re.Match[str], inside: bool) -> str:
    kind = token.lastgroup or ""
    if token["high"]:
        high, low = int(token["high"], 16), int(token["low"], 16)
        return _character(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    if kind in ("point", "unit"):
        return _character(int(token[kind], 16))
    if kind == "property":
        found = _property(token["property"], negated=token["negated"] == "P")
        return found if inside else f"[{found}]"
    if kind == "control":
        return _character(ord(token["control"]) % 32)
    if kind == "back":
        return f"(?P={token['back']})"
    if kind == "group":
        return f"(?P<{token['group']}>"
    if kind == "escape":
        return _escaped(token["escape"], inside)
    if kind == "empty" and not inside:
        return "(?!)" if token["empty"] == "[]" else "[\\s\\S]"
    text = token[0]
    if inside:
        return re.sub(r"[\[&|~]", r"\\\g<0>", text)
    return {"$": "\\Z", ".": "[^\\n\\r\u2028\u2029]"}.get(text, text)


def _escaped(letter: str, inside: bool) -> str:
    if letter in CLASSES:
        return CLASSES[letter] if inside else f"[{CLASSES[letter]}]"
    if letter in SAME or not (letter.isascii() and letter.isalnum()):
        return "\\x00" if letter == "0" else f"\\{letter}"
    raise re.error(f"\\{letter} is no escape of ECMAScript")


def _character(point: int) -> str:
    if point > 0x10FFFF:
        raise re.error(f"{point:x} is no character")
    return f"\\U{point:08x}"


@lru_cache(maxsize=100)
def _property(name: str, *, negated: bool) -> str:
    """The inside of a class of the characters that have a property."""
    import sys
    import unicodedata

    key, _, value = name.rpartition("=")
    wanted = CATEGORIES.get(value, value)
    if key not in ("", "General_Category", "gc") or wanted not in {*CATEGORIES.values(), "Any", "ASCII"}:
        raise re.error(f"the Unicode property {name} is not known here")
    found: list[list[int]] = []
    for point in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(point))
        has = {
            "Any": True,
            "ASCII": point < 128,
            "LC": category in ("Lu", "Ll", "Lt"),
        }.get(wanted, category.startswith(wanted))
        if has == negated:
            continue
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in found)
