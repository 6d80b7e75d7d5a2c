"""Finds values under the names of secrets in a text: in URLs, forms, JSON, JavaScript objects, XML and multipart.

Each kind of text is parsed loosely and at any depth of escapes, so that fragments and texts within texts are covered,
too. A text is searched for the stems of words in names of secrets and only parsed around them, so that a text without any
costs next to nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

from runner.secrets.lazy import Lazy
from runner.secrets.names import LONGEST, STEMS, names_a_secret

FORM_NAMES = frozenset({"assertion"})
"""Names that mean a secret only in a form or URL: elsewhere they are plain words."""


class Field(NamedTuple):
    """A value under the name of a secret: where it stands, how it reads, and the quotation mark that a number gets."""

    start: int
    end: int
    name: str
    value: str
    quote: str = ""


SHORT, LONG = 300, 100_000
"""The most characters of a text that recurs often (a URL, a header), and of one that several reports show (a body), whose
results are cached."""


def secret_fields(text: str) -> tuple[Field, ...]:
    """The values under the names of secrets, in order."""
    if not _SEPARATOR.search(text):
        return ()
    return _read_short(text) if len(text) <= SHORT else _read_long(text) if len(text) <= LONG else tuple(_read(text))


@lru_cache(maxsize=2048)
def _read_short(text: str) -> tuple[Field, ...]:
    return tuple(_read(text))


@lru_cache(maxsize=16)
def _read_long(text: str) -> tuple[Field, ...]:
    return tuple(_read(text))


def _read(text: str) -> Iterator[Field]:
    done = 0
    for end in _ends_of_names(text):
        read = _READERS.get(text[end : end + 1])
        if read is not None and end >= done:
            for field in read(text, end):
                done = field.end
                yield field


_SEPARATOR = Lazy(r"[=:>%]|&gt")
_STEMS = tuple((stem, Lazy(rf"{then}[\w.$\-\[\]]*")) for stem, then in STEMS.items())
_ANY_STEM = Lazy("|".join(STEMS))


def _ends_of_names(text: str) -> list[int]:
    """The ends of words that contain a stem: possible names of secrets."""
    lower = text.lower()
    if len(lower) != len(text):  # some letters become two in lower case
        lower = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    if len(lower) <= SHORT and not _ANY_STEM.search(lower):  # in a long text this is slower than a search for each stem
        return []
    ends: set[int] = set()
    for stem, rest_of_name in _STEMS:
        at = lower.find(stem)
        while at >= 0:
            at += len(stem)
            if rest := rest_of_name.match(text, at):
                at = rest.end()
                ends.add(at)
            at = lower.find(stem, at)
    return sorted(ends)


# -- JSON, objects as scripts write them, pairs of a key and its value, attributes, multipart --------------------------

_NAME_END = Lazy(r"""[^"'\\\n{}=<>]{0,100}(\\*)(["'])""")
_COLON = Lazy(r"\s{0,100}:")
_BARE_COLON = Lazy(r"\s{0,100}:(?=\s{0,100}\\*[\"'`\[])")
_BEFORE_BARE = Lazy(r"(?:[{,(\n\r]|\\[nrt]|\A)\s*\Z")
_KEY_BEFORE = Lazy(r"""(?:key|name)(?:=|\\*["']\s{0,100}:\s{0,100})\\*\Z""", re.IGNORECASE)
_VALUE_AFTER = Lazy(r"""\s{0,100},\s{0,100}\\*["']value\\*["']\s{0,100}:""", re.IGNORECASE)
_ATTRIBUTE_AFTER = Lazy(r"""[^<>\n]{0,300}?\s(?:value|content)=(?=\\*["'])""", re.IGNORECASE)
_PART_AFTER = Lazy(r"[^\n]{0,500}\n(?:[^\r\n]{1,500}\r?\n){0,5}\r?\n")
_PART = Lazy(r"(.*?)(?:\r?\n--|\Z)", re.DOTALL)

_OPENING = Lazy(r"""\s*(\\*)(["'`])""")
_MARK = {mark: Lazy(rf"(?<!\\)(\\*){mark}|\n") for mark in "\"'`"}
_LIST, _COMMA = Lazy(r"\s*\["), Lazy(r"\s*,")
_NUMBER = Lazy(r"\s*(-?\d{4,}(?:\.\d+)?)(?![\w.])")


def _quoted(text: str, end: int) -> Iterator[Field]:
    """A quoted name, and the value after its colon, or in the pair whose key it is."""
    start = max(text.rfind('"', max(0, end - LONGEST), end), text.rfind("'", max(0, end - LONGEST), end)) + 1
    close = _NAME_END.match(text, end)
    if not start or close is None or not names_a_secret(name := text[start : close.start(1)]):
        return
    quote = close[1] + close[2]
    if colon := _COLON.match(text, close.end()):
        yield from _texts(text, colon.end(), name, quote)
    elif _KEY_BEFORE.search(text[max(0, start - 50) : start - 1]):
        if after := _VALUE_AFTER.match(text, close.end()):
            yield from _texts(text, after.end(), name, quote)
        elif after := _ATTRIBUTE_AFTER.match(text, close.end()):
            yield from _texts(text, after.end(), name, "")
        elif (after := _PART_AFTER.match(text, close.end())) and (part := _PART.match(text, after.end())):
            yield Field(part.start(1), part.end(1), name, part[1])


def _bare(text: str, end: int) -> Iterator[Field]:
    """A name as in an object of a script: `{ password: 'x' }`."""
    colon = _BARE_COLON.match(text, end)
    name = _name_before(text, end, _IDENTIFIER)
    before = text[max(0, end - len(name) - 100) : end - len(name)]
    if colon and names_a_secret(name) and _BEFORE_BARE.search(before):
        yield from _texts(text, colon.end(), name, '"')


def _texts(text: str, at: int, name: str, quote: str) -> Iterator[Field]:
    """The texts of a value: one, or those of a list; numbers only if they have as many digits as a secret."""
    if number := _NUMBER.match(text, at):
        yield Field(number.start(1), number.end(1), name, number[1], quote)
        return
    listed = _LIST.match(text, at)
    at = listed.end() if listed else at
    while opening := _OPENING.match(text, at):
        start, level = opening.end(), len(opening[1])
        end, at = _end_of_text(text, start, opening[2], level)
        if end > start:
            yield Field(start, end, name, _unescaped(text[start:end], level))
        comma = _COMMA.match(text, at) if listed else None
        if comma is None:
            return
        at = comma.end()


def _end_of_text(text: str, start: int, mark: str, level: int) -> tuple[int, int]:
    """The end of a quoted text, and the end of its closing mark; a text without one ends with its line.

    A mark behind `level` backslashes is closed by one that has as many, or as many more as stand for backslashes at the end
    of the text: twice (level + 1) each. One with fewer ends the text around it.
    """
    for found in _MARK[mark].finditer(text, start):
        if found[1] is None:
            return found.start(), found.start()
        escapes = len(found[1])
        if escapes < level or escapes % (2 * (level + 1)) == level:
            return max(start, found.end() - 1 - min(level, escapes)), found.end()
    return len(text), len(text)


def _unescaped(text: str, level: int) -> str:
    while level >= 0 and "\\" in text:
        try:
            text = json.loads(f'"{text}"', strict=False)
        except ValueError:
            break
        level = (level - 1) // 2 if level else -1
    return text


# -- URLs and forms: name=value&name=value, also as the value of a parameter; attributes and assignments ---------------

_IDENTIFIER = Lazy(r"[\w$]{0,100}")
_DOTTED = Lazy(r"[\w:.$\-]{0,100}")
_PARAMETER = Lazy(r"[^\s=&?;#\"'<>\\/]{0,300}")
_NESTED = Lazy(r"%(?:3[Ff]|26)")
_VALUE = Lazy(r"=([^&#\s\"'<>\\]+)")
_VALUE_UP_TO_SEMICOLON = Lazy(r"=([^&#\s\"'<>\\;]+)")
_VALUE_IN_VALUE = Lazy(r"%3[Dd]((?:(?!%26|%23)[^&#\s\"'<>\\])+)")
_ASSIGNED = Lazy(r"""\s{0,10}=\s{0,10}(?=\\*["'`])""")
_SPACE = Lazy(r"\s")


def _equals(text: str, end: int) -> Iterator[Field]:
    yield from _parameter(text, end)
    yield from _assigned(text, end)


def _parameter(text: str, end: int) -> Iterator[Field]:
    raw = _name_before(text, end, _PARAMETER)
    start = end - len(raw)
    *nested, name = _NESTED.split(raw)
    before = text[max(0, start - 5) : start]
    if before.endswith("\\") and raw.startswith("u0026"):
        name = raw[5:]
    elif not nested and not before.endswith(("?", "&", ";", "; ", "#")) and (start or _SPACE.search(text)):
        return
    name = unquote(name)
    if names_a_secret(name) or name.lower() in FORM_NAMES:
        within = before.endswith((";", "; ")) and not before.endswith("&amp;")
        reading = _VALUE_IN_VALUE if text[end] == "%" else _VALUE_UP_TO_SEMICOLON if within else _VALUE
        if value := reading.match(text, end):
            yield Field(value.start(1), value.end(1), name, unquote_plus(value[1]))


def _assigned(text: str, end: int) -> Iterator[Field]:
    """An attribute of XML, or a variable of a script."""
    equals = _ASSIGNED.match(text, end)
    name = _name_before(text, end, _DOTTED)
    before = text[end - len(name) - 1 : end - len(name)]
    if equals and names_a_secret(name) and (not before or before in " \t\r\n;,"):
        for field in _texts(text, equals.end(), name, ""):
            yield field._replace(value=_without_entities(field.value))


def _name_before(text: str, end: int, letters: Lazy) -> str:
    """The name that ends here."""
    found = letters.match(text[max(0, end - 300) : end][::-1])
    return found[0][::-1] if found else ""


_PERCENT_COLON = Lazy(r"%22(?:%20|\+){0,9}(?::|%3[Aa])(?:%20|\+){0,9}%22((?:%5[Cc]%22|(?!%22)[^\s&#\"<>])+)")


def _percent(text: str, end: int) -> Iterator[Field]:
    """A name in a percent-encoded text: `%22token%22:%22x%22`, `%3Ftoken%3Dx`, `user%5Btoken%5D=x`."""
    if value := _PERCENT_COLON.match(text, end):
        name = unquote(_name_before(text, end, _PARAMETER).rpartition("%22")[2])
        if names_a_secret(name):
            yield Field(value.start(1), value.end(1), name, unquote(value[1]))
    elif text[end : end + 3] in ("%3D", "%3d"):
        yield from _parameter(text, end)
    elif text[end : end + 4] in ("%5D=", "%5d="):
        yield from _parameter(text, end + 3)


# -- XML --------------------------------------------------------------------------------------------------------------

_CDATA = r"\s*((?:<!\[CDATA\[(?:(?!\]\]>|<!\[CDATA\[).)*\]\]>)+)\s*"
_SPLIT = "]]><![CDATA["
_ELEMENT = {
    mark: Lazy(rf"(?:\s[^<>&\\]{{0,1000}})?{close}({_CDATA}|(?:(?!{open}).)*){open}\\?/", re.DOTALL)
    for mark, open, close in (("<", "<", ">"), ("&lt;", "&lt;", "&gt;"), ("\\", r"\\u003[cC]", r"\\u003[eE]"))
}
"""What follows the name of an element that contains only text, by the encoding of its angle brackets."""


def _element(text: str, end: int) -> Iterator[Field]:
    name = _name_before(text, end, _DOTTED)
    before = text[max(0, end - len(name) - 6) : end - len(name)]
    if before.endswith("\\") and name[:5] in ("u003c", "u003C"):
        name = name[5:]
    mark = next((mark for mark in _ELEMENT if before.endswith(mark)), None)
    if mark is None or not names_a_secret(name):
        return
    content = _ELEMENT[mark].match(text, end)
    if content and content[1].strip():
        sections = content[2]
        value = _without_entities(content[1].strip()) if sections is None else sections[9:-3].replace(_SPLIT, "")
        yield Field(content.start(1), content.end(1), name, value)


def _without_entities(text: str) -> str:
    if "&" not in text:
        return text
    from html import unescape

    return unescape(text)


def _spaced(text: str, end: int) -> Iterator[Field]:
    for read in (_quoted, _bare, _assigned, _element):
        yield from read(text, end)


def _colon(text: str, end: int) -> Iterator[Field]:
    yield from _bare(text, end)
    yield from _quoted(text, end)


def _backslash(text: str, end: int) -> Iterator[Field]:
    yield from _quoted(text, end)
    yield from _element(text, end)


_READERS: dict[str, Callable[[str, int], Iterator[Field]]] = {
    '"': _quoted,
    "'": _quoted,
    "\\": _backslash,
    ":": _colon,
    "=": _equals,
    "%": _percent,
    ">": _element,
    "&": _element,
    **dict.fromkeys(" \t\r\n", _spaced),
}
"""How to continue after the end of a name, by the character that follows."""
