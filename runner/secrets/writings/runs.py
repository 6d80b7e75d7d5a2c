"""Stretches of a text that are other bytes in disguise: base64, base32, hexadecimal, lists of bytes, names of hosts.

A search for a value in one encoding (see `forms.py`) finds what is encoded once. What is encoded again, in UTF-16 before,
or broken into lines, is found by reading such a stretch and searching what it says.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from typing import NamedTuple

from runner.secrets.lazy import Lazy
from runner.secrets.writings.packed import PACKED, text_of

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
_BYTE = r"(?:\"{1,2}\d{1,9}\"{1,2}[\s+]{0,9}:[\s+]{0,9})?(?:0[xX]|\\{1,4}x)?[0-9A-Fa-f]{1,3}"
_LIST = Lazy(rf"(?<![0-9A-Fa-f]){_BYTE}(?:(?:[\s+]{{0,9}}[,:\-][\s+]{{0,40}}|[\s+]{{1,9}}){_BYTE}){{5,}}(?![0-9A-Fa-f])")
_INDEX, _TOKEN = Lazy(r"\"{1,2}\d{1,9}\"{1,2}[\s+]{0,9}:"), Lazy(r"(?:0[xX]|\\{1,4}x)?([0-9A-Fa-f]{1,3})")
_PAIRS = Lazy(rf"(?<!\S)(?:[0-9A-Fa-f]{{2}} ){{{SHORTEST_LIST - 1},}}[0-9A-Fa-f]{{2}}(?!\S)")
_UP_TO_255 = r"(?:[01]?\d{1,2}|2[0-4]\d|25[0-5])"
_DECIMALS = Lazy(rf"(?<!\S)(?:{_UP_TO_255} ){{{SHORTEST_LIST - 1},}}{_UP_TO_255}(?!\S)")
_HOST = Lazy(r"[Xx][Nn]--[A-Za-z0-9-]{1,59}")
_HEX_SPACES, _SPACES = "202020", "ICAg"
"""Three spaces in hexadecimal and in base64."""

_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_END_OF_TWO = str.maketrans(_BASE64, "".join(_BASE64[at & 0x30] for at in range(64)))
_END_OF_THREE = str.maketrans(_BASE64, "".join(_BASE64[at & 0x3C] for at in range(64)))
"""The last letter of a group of two or three without the bits that say nothing."""

_HEX_PACKED = tuple(sign.hex() for sign in PACKED)
_BASE64_PACKED = Lazy(_SPACES + r"(?:H4[s-v]|eA[E-H]|eF[4-7]|eJ[w-z]|eN[o-r]|UEsD)")
"""How packed bytes begin in hexadecimal and in base64."""

_URL_SAFE = str.maketrans("-_", "+/")
_HEX, _BASE32 = (
    bytes(120 if code in letters else 32 for code in range(256))
    for letters in (b"0123456789abcdefABCDEF", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
)
_IN_RUNS = bytes(120 if (chr(code).isalnum() and code < 128) or chr(code) in "+/-_" else 32 for code in range(256))
_ONE_RUN, _ONE_WORD = b"x" * SHORTEST_RUN, b"x" * (SHORTEST_RUN - 4)


class Run(NamedTuple):
    """A stretch of a text: what it says already, and its lines, which may say something when they are read.

    `following` is the character behind it. `wrapped` tells whether it goes over several lines, `continued` whether base64
    may go on in it at any place.
    """

    start: int
    end: int
    texts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    following: str = ""
    wrapped: bool = False
    continued: bool = False

    def readings(self) -> Iterator[str]:
        """All that it may say."""
        yield from self.texts
        for line in self.lines:
            yield from _readings(line, self.following, self.continued)


def runs(text: str) -> Iterator[Run]:
    """The stretches of a text that may be base64, base32 or hexadecimal, and names of hosts in Punycode."""
    if len(text) < SHORTEST_RUN:
        return
    shape = text.encode("latin-1", "replace").translate(_IN_RUNS)  # an x for each character of a stretch: quick to search
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
        read = tuple(line.rstrip("=") for line in lines if len(line) >= SHORTEST_RUN)
        texts = (lines[-1],) if wrapped else ()
        yield Run(at, end, texts, read, text[end : end + 1], wrapped is not None, text[at - 1 : at] == HIDDEN)
        at = shape.find(_ONE_RUN, end)
    for match in _HOST.finditer(text) if "n--" in text or "N--" in text else ():
        try:
            yield Run(match.start(), match.end(), (match[0][4:].lower().encode().decode("punycode"),))
        except ValueError:
            continue


_DIGITS = bytes(100 if chr(n) in "0123456789abcdefABCDEF" else 115 if chr(n) in " \t\r\n+,:-" else 32 for n in range(256))
_AROUND_DIGITS = b'"\\xX'
_SIX_NUMBERS = Lazy(r"ds{1,40}d{1,3}s{1,40}d{1,3}s{1,40}d{1,3}s{1,40}d{1,3}s{1,40}d")


def _has_lists(text: str) -> bool:
    """A quick look: whether six numbers stand next to each other."""
    shape = text.encode("latin-1", "replace").translate(_DIGITS, _AROUND_DIGITS)
    return bool(_SIX_NUMBERS.search(shape.decode("ascii")))


def lists(text: str) -> Iterator[Run]:
    """The stretches of a text that are lists of bytes."""
    for match in _LIST.finditer(text) if _has_lists(text) else ():
        if read := list(_listed(match[0])):
            yield Run(match.start(), match.end(), tuple(read))


def all_readings(runs: list[Run], *, utf8: bool) -> str:
    """What the stretches say, all in one text, so that one search tells whether they have to be read one by one.

    They are decoded together, with spaces between them; what stands beside hides nothing. With `utf8` letters beyond ASCII
    are looked for, too.
    """
    texts: list[str] = []
    parts: list[str] = []
    for run in runs:
        if run.following == "…":
            texts += run.readings()
            continue
        texts += run.texts
        for line in run.lines:
            if not (line.islower() or line.isupper() or line.isdigit()):
                line = line.translate(_URL_SAFE)
                parts += [line[at:] for at in _places(len(line), run.continued)]
    data = b""
    if parts:
        encoded = _SPACES + _SPACES.join(map(_filled, parts))
        data = binascii.a2b_base64(encoded)
        if _BASE64_PACKED.search(encoded):
            texts += [text_of(_decoded(part)) for part in parts if _BASE64_PACKED.match(_SPACES + part)]
    lines = "\n".join(line for run in runs for line in run.lines)
    if words := [even for word in _words(lines, _HEX) for even in _in_pairs(word)]:
        data += bytes.fromhex(_HEX_SPACES + _HEX_SPACES.join(words))
        texts += [text_of(bytes.fromhex(word)) for word in words if word.lower().startswith(_HEX_PACKED)]
    texts += map(_base32, _words(lines, _BASE32))
    texts += [data.decode("latin-1")] if data else []
    texts += [data.decode(errors="ignore")] if utf8 and not data.isascii() else []
    return "\n\n".join(texts)


def _filled(part: str) -> str:
    """Base64 with its last group filled up, to be joined with more: what it says ends in zero bytes instead of early."""
    rest = len(part) % 4
    if rest < 2:
        return part[: len(part) - rest]
    return part[:-1] + part[-1].translate(_END_OF_TWO if rest == 2 else _END_OF_THREE) + "A" * (4 - rest)


def _places(length: int, continued: bool) -> range:
    """The places at which base64 may start in a stretch."""
    return range(4) if continued or length <= LONGEST_AT_ALL_PLACES else range(1)


def _readings(run: str, following: str, continued: bool) -> Iterator[str]:
    """What a stretch of letters and digits says when it is read as hexadecimal, base32 or base64."""
    cut = following if following == "…" else ""
    for word in _words(run, _HEX):
        for even in _in_pairs(word):
            yield text_of(bytes.fromhex(even)) + cut
    for word in _words(run, _BASE32):
        yield _base32(word) + cut
    if run.islower() or run.isupper() or run.isdigit():  # hardly any base64 has letters of one kind only
        return
    run = run.translate(_URL_SAFE)
    for start in _places(len(run), continued):
        yield text_of(_decoded(run[start:])) + cut


def _words(text: str, letters: bytes) -> Iterator[str]:
    """The longest stretches of letters of one alphabet."""
    shape = text.encode("latin-1", "replace").translate(letters)
    at = shape.find(_ONE_WORD)
    while at >= 0:
        end = shape.find(b" ", at)
        end = end if end >= 0 else len(text)
        yield text[at:end]
        at = shape.find(_ONE_WORD, end)


def _in_pairs(digits: str) -> tuple[str, ...]:
    """Hexadecimal digits two by two: of an odd number the first or the last one belongs to what stands beside them."""
    return (digits[:-1], digits[1:]) if len(digits) % 2 else (digits,)


def _decoded(part: str) -> bytes:
    """What base64 says, without a last letter that says nothing."""
    rest = len(part) % 4
    return binascii.a2b_base64(part[:-1] if rest == 1 else part + "=" * (-rest % 4))


def _base32(word: str) -> str:
    from base64 import b32decode

    return text_of(b32decode(word[: len(word) // 8 * 8] + _last_of_base32(word)))


def _last_of_base32(run: str) -> str:
    """The last group of base32, filled up; nothing where it ends within a byte."""
    rest = run[len(run) // 8 * 8 :]
    return rest + "=" * (8 - len(rest)) if len(rest) in (2, 4, 5, 7) else ""


def _listed(text: str) -> Iterator[str]:
    """What the numbers of a list say: those in a row with two hexadecimal digits each, and decimal ones up to 255."""
    numbers = " ".join(_TOKEN.findall(_INDEX.sub("", text)))
    for row in _PAIRS.findall(numbers):
        yield text_of(bytes.fromhex(row))
    for row in _DECIMALS.findall(numbers):
        yield text_of(bytes(map(int, row.split())))
