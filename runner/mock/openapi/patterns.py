"""Random texts that a regular expression of a schema matches (ECMA-262, as JSON Schema uses it)."""

from __future__ import annotations

import string

from runner.entropy import Entropy

MOST_REPEATED = 4
"""How often at most more than asked something is repeated that may be repeated without end."""

PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F))
DIGITS, WORD, SPACE = string.digits, f"{string.ascii_letters}{string.digits}_", " "
CLASSES = {
    "d": DIGITS,
    "w": WORD,
    "s": SPACE,
    "D": "".join(one for one in PRINTABLE if one not in DIGITS),
    "W": "".join(one for one in PRINTABLE if one not in WORD),
    "S": PRINTABLE.strip(),
}
CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}


class UnknownPattern(Exception):
    """A pattern has a part that no text is made for: a look-around, a back reference, a property of Unicode."""


class Pattern:
    """Makes texts for one pattern; raises `UnknownPattern`."""

    def __init__(self, pattern: str, entropy: Entropy) -> None:
        self._text, self._at, self._entropy = pattern, 0, entropy

    def made(self) -> str:
        """A text that the pattern matches; what may stand around it is left out."""
        self._at = 0
        found = self._alternatives()
        if self._at < len(self._text):
            raise UnknownPattern(self._text[self._at :])
        return found

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise UnknownPattern("it ends early")
        self._at += 1
        return self._text[self._at - 1]

    def _alternatives(self) -> str:
        found = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            found.append(self._sequence())
        return found[self._entropy.integer(0, len(found) - 1)]

    def _sequence(self) -> str:
        made = ""
        while self._peek() not in ("", "|", ")"):
            begun = self._at
            atom = self._atom()
            low, high = self._times()
            if high == 1 and low == 1:
                made += atom
                continue
            after = self._at
            for _ in range(self._entropy.integer(low, high)):
                self._at = begun
                made += self._atom()
            self._at = after
        return made

    def _times(self) -> tuple[int, int]:
        mark = self._peek()
        if mark == "{":
            low, comma, high = self._text[self._at + 1 :].partition("}")[0].partition(",")
            if not low.isdecimal() or (high and not high.isdecimal()):
                return 1, 1
            self._at += len(low) + len(comma) + len(high) + 2
            found = int(low), int(high) if high else int(low) + (MOST_REPEATED if comma else 0)
        elif mark and mark in "*+?":
            self._at += 1
            found = int(mark == "+"), 1 if mark == "?" else MOST_REPEATED
        else:
            return 1, 1
        self._at += self._peek() == "?"  # a lazy one
        return found[0], max(found[0], min(found[1], found[0] + MOST_REPEATED))

    def _atom(self) -> str:
        one = self._next()
        if one in "^$":
            return ""
        if one == ".":
            return self._of(WORD)
        if one == "[":
            return self._of(self._set())
        if one == "(":
            return self._group()
        if one == "\\":
            return self._of(self._escaped())
        if one in "*+?":
            raise UnknownPattern(one)
        return one

    def _group(self) -> str:
        if self._peek() == "?":
            self._at += 1
            mark = self._next()
            if mark == "<" and self._peek() not in ("=", "!", ""):
                while self._next() != ">":
                    continue
            elif mark != ":":
                raise UnknownPattern(f"(?{mark}")
        found = self._alternatives()
        if self._next() != ")":
            raise UnknownPattern("a group without an end")
        return found

    def _escaped(self) -> str:
        """The characters that an escape stands for."""
        one = self._next()
        if one in "xu":
            length = 2 if one == "x" else 4
            digits = self._text[self._at : self._at + length]
            if len(digits) < length or not set(digits) <= set(string.hexdigits):
                raise UnknownPattern(f"\\{one}")
            self._at += length
            return chr(int(digits, 16))
        if one in "bB":
            return ""
        if one in "pPkc" or (one.isdecimal() and one != "0"):
            raise UnknownPattern(f"\\{one}")
        return CLASSES.get(one) or CONTROLS.get(one, one)

    def _set(self) -> str:
        negated = self._peek() == "^"
        self._at += negated
        found = ""
        while self._peek() != "]":
            one = self._next()
            low = self._escaped() if one == "\\" else one
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", "") and len(low) == 1:
                self._at += 1
                last = self._next()
                high = self._escaped() if last == "\\" else last
                found += "".join(map(chr, range(ord(low), min(ord(high), ord(low) + 255) + 1)))
            else:
                found += low
        self._at += 1
        return "".join(one for one in PRINTABLE if one not in found) if negated else found

    def _of(self, characters: str) -> str:
        return self._entropy.text(characters, 1) if characters else ""
