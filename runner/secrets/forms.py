"""Finds secret values in a text, in whatever encoding they stand there, quickly for any number of values."""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterator
from functools import lru_cache

from runner.secrets.lazy import Lazy

SHORTEST_LINE = 12
"""Lines of a value of several lines (a key) are values of their own from so many characters on."""

SHORTEST_BASE64 = 5
SHORTEST_HEX = 12
SHORTEST_BEGINNING = 6
"""Characters of a value that are masked when the rest of it is cut off (chai cuts long values with a `…`)."""

WINDOW = 6
FEW = 500
PLAIN, HEX = -1, -2
WIDEST, WIDEST_IN_BASE64 = 80, 22
"""Characters that one of a value can become by encodings on top of one another, and one of its base64."""
KINDS = (PLAIN, HEX, 0, 1, 2)
"""A value as a text, in hexadecimal digits, and in base64 at each of the three places at which it can start there."""

_RUN = Lazy(r"[A-Za-z0-9]+")
_UNRESERVED = Lazy(r"[A-Za-z0-9._-]*")
_XML = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_JSON = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_ALPHABETS = {"+": "-", "/": "_", " ": "+"}
"""What else may stand for a character: in base64 for URLs, and in forms."""


class Needles:
    """Finds which of many texts are in another one.

    Searching for one after the other is quickest while there are few; of more than `FEW` only those are searched for that
    have a piece of `WINDOW` characters in common with the text, so that their number no longer counts.
    """

    def __init__(self) -> None:
        self._all: list[str] = []
        self._short: list[str] = []
        self._windows: dict[str, list[str]] = {}

    def add(self, needle: str) -> None:
        """Search for this text, too."""
        self._all.append(needle)
        if len(needle) < WINDOW:
            self._short.append(needle)
            return
        middle, last = (len(needle) - WINDOW) // 2, len(needle) - WINDOW
        windows = [needle[start : start + WINDOW] for start in (0, middle, last)]
        rarest = min(windows, key=lambda window: len(self._windows.get(window, ())))
        self._windows.setdefault(rarest, []).append(needle)

    def found(self, text: str) -> list[str]:
        """Those that are in the text."""
        if len(self._all) <= FEW:
            return [needle for needle in self._all if needle in text]
        known, ends = self._windows, range(WINDOW, len(text) + 1)
        shared = {window for end in ends if (window := text[end - WINDOW : end]) in known}
        candidates = [*self._short, *(needle for window in shared for needle in known[window])]
        return [needle for needle in candidates if needle in text]


class Forms:
    """The values, and where they stand in a text: as they are, in base64, percent-encoded, escaped in JSON or XML.

    A text is searched for the longest run of letters and digits of each value (in base64: of its encoded form), which no
    encoding changes; only around such a run are the other characters looked at.
    """

    def __init__(self) -> None:
        self._values: list[str] = []
        self._runs = Needles()
        self._by_run: dict[str, tuple[tuple[str, int], ...]] = {}
        self.reach = 0

    def add(self, value: str) -> None:
        """Find this value, too."""
        self._values.append(value)
        self.reach = max(self.reach, _reach(value))
        for kind in KINDS:
            self._add_form(value, kind)
        inner = json.dumps(value, ensure_ascii=False)[1:-1]
        for kind in (0, 1, 2) if inner != value else ():  # in base64 the escapes of JSON are not seen
            self._add_form(inner, kind)
        if "\n" in value:
            for line in filter(lambda line: len(line) >= SHORTEST_LINE, map(str.strip, value.splitlines())):
                self.add(line)

    def _add_form(self, value: str, kind: int) -> None:
        text = _fixed_part(value, kind)
        whole = kind == HEX or (kind == PLAIN and _UNRESERVED.fullmatch(text))
        longest = text if whole else max(_RUN.findall(text), key=len, default="")
        for run in {longest, longest.upper()} if kind == HEX else {longest}:
            if text:
                known = self._by_run.get(run)
                self._by_run[run] = (*(known or ()), (value, kind))
                if known is None:
                    self._runs.add(run)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each place where a value stands, in order."""
        found = [form for run in self._runs.found(text) for form in self._by_run[run]]
        spans = [match.span() for value, kind in found for match in _pattern(value, kind).finditer(text)]
        if "…" in text:
            spans += self._beginnings(text)
        return sorted(spans)

    def _beginnings(self, text: str) -> Iterator[tuple[int, int]]:
        for cut in re.finditer("…", text):
            before = text[: cut.start()][-1000:]
            for value in self._values:
                at = before.rfind(value[:SHORTEST_BEGINNING])
                if at >= 0 and value.startswith(before[at:]):
                    yield cut.start() - len(before) + at, cut.start()


def _fixed_part(value: str, kind: int) -> str:
    """The part of a form that depends on the value alone; empty where that is too short to tell anything."""
    if kind == PLAIN:
        return value.strip()
    if kind == HEX:
        digits = value.strip().encode("utf-8", "surrogatepass").hex()
        return digits if len(digits) >= SHORTEST_HEX else ""
    data = value.encode("utf-8", "surrogatepass")
    first, last = (0, 2, 3)[kind], (kind + len(data)) * 8 // 6
    return _base64(data, kind)[first:last] if last - first >= SHORTEST_BASE64 else ""


def _reach(value: str) -> int:
    """The most characters that any form of a value can have: in base64 any of them may be `+` or `/`, which are escaped."""
    encoded = sum(1 if _UNRESERVED.fullmatch(char) else WIDEST for char in value)
    data = len(value.encode("utf-8", "surrogatepass"))
    return max(encoded, 2 * data, WIDEST_IN_BASE64 * (data * 4 // 3 + 4))


def _base64(data: bytes, before: int) -> str:
    return binascii.b2a_base64(bytes(before) + data, newline=False).decode()


@lru_cache(maxsize=1024)
def _pattern(value: str, kind: int) -> re.Pattern[str]:
    """What finds one form, each of its characters in any encoding."""
    fixed = _fixed_part(value, kind)
    if kind == HEX:
        return re.compile(fixed, re.IGNORECASE)
    pattern = "".join(map(_encoded, fixed))
    if kind != PLAIN:  # at the end of a text the last characters depend on nothing else either
        data = value.encode("utf-8", "surrogatepass")
        rest = _base64(data, kind).rstrip("=")[(0, 2, 3)[kind] + len(fixed) :]
        pattern += f"(?:{''.join(map(_encoded, rest))})?"
    return re.compile(pattern)


@lru_cache(maxsize=1024)
def _encoded(char: str) -> str:
    """The pattern of one character as any encoding may write it, with any number of encodings on top."""
    if _UNRESERVED.fullmatch(char):
        return re.escape(char)
    percent = "".join(f"%(?:25){{0,4}}{_any_case(f'{byte:02x}')}" for byte in char.encode("utf-8", "surrogatepass"))
    units = char.encode("utf-16-be", "surrogatepass").hex()
    escaped = "".join(rf"\\{{1,16}}u{_any_case(units[at : at + 4])}" for at in range(0, len(units), 4))
    forms = [percent, escaped, f"&(?:amp;){{0,4}}#(?:{ord(char)}|x{_any_case(f'{ord(char):x}')});"]
    forms += [rf"\\{{1,16}}{_JSON[char]}"] if char in _JSON else []
    forms += [f"&(?:amp;){{0,4}}{_XML[char]};"] if char in _XML else []
    forms += [rf"\\{{0,16}}{re.escape(char)}" if char != "\\" else r"\\{1,32}"]  # last: `%` also begins its own code
    forms += [re.escape(_ALPHABETS[char])] if char in _ALPHABETS else []
    if char > "\x7f":  # its UTF-8 read as latin-1, as headers are; and what JavaScript's `escape` makes of it
        forms.append(re.escape(char.encode("utf-8", "surrogatepass").decode("latin-1")))
        forms.append("".join(f"%(?:25){{0,4}}u{_any_case(units[at : at + 4])}" for at in range(0, len(units), 4)))
        forms += [f"%(?:25){{0,4}}{_any_case(f'{ord(char):02x}')}"] if char < "\u0100" else []
    return f"(?:{'|'.join(forms)})"


def _any_case(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)
