"""Stretches of a text that are other bytes in disguise: base64, base32, hexadecimal, lists of bytes, names of hosts.

A search for a value in one encoding (see `runner/secrets/forms.py`) finds what is encoded once. What is encoded again, in
UTF-16 before, or broken into lines, is found by reading such a stretch and searching what it says.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from runner.secrets.lazy import Lazy
from runner.secrets.packed import text_of

SHORTEST_RUN = 16
"""Characters of the shortest stretch that is read: twelve bytes in base64."""

SHORTEST_LIST = 6
"""Numbers of the shortest list of bytes."""

LONGEST_AT_ALL_PLACES = 65_536
"""Characters of the longest stretch that is read from each of the places at which base64 can start within it."""

HIDDEN = "\u2022"
"""What stands where something was found already; base64 may go on behind it at any of its places."""

_BREAK = r"(?:=?\r?\n[ \t]{0,8}|(?:\\{1,16}r)?\\{1,16}n|(?:%0[Dd])?%0[Aa])"
_LETTERS = "A-Za-z0-9+/_-"
_WRAPPED = Lazy(rf"(?:{_BREAK}[{_LETTERS}]{{2,}})+={{0,2}}")
_ENDS = frozenset("=\r\n\\%")
_LINE_END = Lazy(_BREAK)
_BYTE = r"(?:\"\d{1,9}\"\s{0,9}:\s{0,9})?(?:0[xX]|\\{1,4}x)?[0-9A-Fa-f]{1,3}"
_LIST = Lazy(rf"(?<![0-9A-Za-z]){_BYTE}(?:(?:\s{{0,9}}[,:\-]\s{{0,40}}|\s{{1,9}}){_BYTE}){{5,}}(?![0-9A-Za-z])")
_INDEX, _TOKEN = Lazy(r"\"\d{1,9}\"\s{0,9}:"), Lazy(r"(?:0[xX]|\\{1,4}x)?([0-9A-Fa-f]{1,3})")
_WORD = Lazy(rf"[A-Za-z0-9]{{{SHORTEST_RUN - 4},}}")
_HEX, _BASE32 = Lazy(r"[0-9A-Fa-f]+"), Lazy(r"[A-Z2-7]+")
_HOST = Lazy(r"[Xx][Nn]--[A-Za-z0-9-]{1,59}")
_URL_SAFE = str.maketrans("-_", "+/")
_IN_RUNS = bytes(120 if (chr(code).isalnum() and code < 128) or chr(code) in "+/-_" else 32 for code in range(256))
_ONE_RUN = b"x" * SHORTEST_RUN


class Run(NamedTuple):
    """A stretch of a text, what it may say, and whether it goes over several lines."""

    start: int
    end: int
    texts: tuple[str, ...]
    wrapped: bool = False


def runs(text: str) -> Iterator[Run]:
    """The stretches of a text that may be base64, base32 or hexadecimal, and names of hosts in Punycode."""
    if len(text) < SHORTEST_RUN:
        return
    shape = text.encode("ascii", "replace").translate(_IN_RUNS)  # an x for each character of a stretch: quick to search
    at = shape.find(_ONE_RUN)
    while at >= 0:
        end = shape.find(b" ", at)
        end = end if end >= 0 else len(text)
        lines = [text[at:end]]
        wrapped = _WRAPPED.match(text, end) if text[end : end + 1] in _ENDS else None
        if wrapped is not None:  # it may be one stretch in lines, or lines that have nothing to do with each other
            lines += _LINE_END.split(wrapped[0])
            end = wrapped.end()
            lines.append("".join(lines))
        following, continued = text[end : end + 1], text[at - 1 : at] == HIDDEN
        read = [lines[-1]] if wrapped else []
        for line in lines:
            read += _readings(line.rstrip("="), following, continued) if len(line) >= SHORTEST_RUN else ()
        if read:
            yield Run(at, end, tuple(read), wrapped is not None)
        at = shape.find(_ONE_RUN, end)
    for match in _HOST.finditer(text) if "n--" in text or "N--" in text else ():
        try:
            yield Run(match.start(), match.end(), (match[0][4:].lower().encode().decode("punycode"),))
        except ValueError:
            continue


_DIGITS = bytes(100 if chr(n) in "0123456789abcdefABCDEF" else 115 if chr(n) in " \t\r\n,:-" else 32 for n in range(256))
_AROUND_DIGITS = b'"\\xX'
_SIX_NUMBERS = Lazy(r"ds{1,40}d{1,3}s{1,40}d{1,3}s{1,40}d{1,3}s{1,40}d{1,3}s{1,40}d")


def _has_lists(text: str) -> bool:
    """A quick look: whether six numbers stand next to each other."""
    shape = text.encode("ascii", "replace").translate(_DIGITS, _AROUND_DIGITS)
    return bool(_SIX_NUMBERS.search(shape.decode("ascii")))


def lists(text: str) -> Iterator[Run]:
    """The stretches of a text that are lists of bytes."""
    for match in _LIST.finditer(text) if _has_lists(text) else ():
        if read := list(_listed(match[0])):
            yield Run(match.start(), match.end(), tuple(read))


def _readings(run: str, following: str, continued: bool) -> Iterator[str]:
    """What a stretch of letters and digits says when it is read as hexadecimal, base32 or base64."""
    cut = following if following == "…" else ""
    for word in _WORD.findall(run):
        if _HEX.fullmatch(word):
            yield text_of(bytes.fromhex(word[: len(word) // 2 * 2])) + cut
        if _BASE32.fullmatch(word):
            from base64 import b32decode

            yield text_of(b32decode(word[: len(word) // 8 * 8] + _last_of_base32(word))) + cut
    if run.islower() or run.isupper() or run.isdigit():  # hardly any base64 has letters of one kind only
        return
    run = run.translate(_URL_SAFE)
    for start in range(4) if continued or len(run) <= LONGEST_AT_ALL_PLACES else (0,):
        part = run[start : start + (len(run) - start) // 4 * 4]
        rest = run[start + len(part) :]
        data = binascii.a2b_base64(part)
        if len(rest) > 1:
            data += binascii.a2b_base64(rest + "=" * (4 - len(rest)))
        yield text_of(data) + cut


def _last_of_base32(run: str) -> str:
    """The last group of base32, filled up; nothing where it ends within a byte."""
    rest = run[len(run) // 8 * 8 :]
    return rest + "=" * (8 - len(rest)) if len(rest) in (2, 4, 5, 7) else ""


def _listed(text: str) -> Iterator[str]:
    """What the numbers of a list say: those in a row with two hexadecimal digits each, and decimal ones up to 255."""
    parts = _TOKEN.findall(_INDEX.sub("", text))
    for fits, group in groupby(parts, lambda part: len(part) == 2):
        if fits and len(row := list(group)) >= SHORTEST_LIST:
            yield text_of(bytes.fromhex("".join(row)))
    for fits, group in groupby(parts, lambda part: part.isdigit() and int(part) < 256):
        if fits and len(row := list(group)) >= SHORTEST_LIST:
            yield text_of(bytes(map(int, row)))
