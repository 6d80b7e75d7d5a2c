"""Finds secret values in a text in any encoding, quickly for any number of values."""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from runner.secrets.lazy import Lazy
from runner.secrets.writings.encodings import UNRESERVED, encoded, plainest, unescaped, views
from runner.secrets.writings.runs import HIDDEN, Run, all_readings, lists, runs

SHORTEST_LINE = 12
"""Each line of a multi-line value (a key) is a value of its own from this length on."""

SHORTEST_BASE64 = 5
SHORTEST_HEX = 12
SHORTEST_BEGINNING = 6
"""Characters of a truncated value that are masked (chai truncates long values with a `…`)."""

SHORTEST_ANY_CASE = 8
"""Values from this length on are found in upper and lower case: names of hosts and headers change."""

WINDOW = 6
FEW = 500
PLAIN, HEX, LITERAL = -1, -2, -3
BASE64 = (0, 1, 2)
"""A value as a text, in hexadecimal digits, as the very bytes of another charset, and in base64 at each of the three places
at which it can start there."""

WIDEST, WIDEST_LETTER, WIDEST_IN_BASE64 = 80, 32, 22
"""Characters that one of a value can become by encodings on top of one another, a letter, and one of its base64."""

BLOCKS, LAYERS, LAYERS_WITHIN = 3, 5, 3
"""How many stretches (base64, lists of bytes) are read within one another, and how many layers of escapes are taken off,
in a text and within a stretch, to find a value in one of its forms."""

SHORTEST_PIECE = 8
"""Adjacent printable characters that bytes must have to be searched for further encodings."""

_PRINTABLE = bytes(code if 32 <= code < 127 or code in b"\0\t\n\r" else 1 for code in range(256))

Span = tuple[int, int]
Seen = dict[str, int]
"""The texts that were already searched, each with the number of layers left: different ways lead to the same text."""

_RUN = Lazy(r"[A-Za-z0-9]+")
_CHARSETS = (
    *("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp1252", "iso8859-2", "cp1251", "koi8-r"),
    *("shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"),
)


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
        """Also search for this text."""
        self._all.append(needle)
        if len(needle) < WINDOW:
            self._short.append(needle)
            return
        middle, last = (len(needle) - WINDOW) // 2, len(needle) - WINDOW
        windows = [needle[start : start + WINDOW] for start in (0, middle, last)]
        rarest = min(windows, key=lambda window: len(self._windows.get(window, ())))
        self._windows.setdefault(rarest, []).append(needle)

    def found(self, text: str) -> list[str]:
        """The needles that are in the text."""
        if len(self._all) <= FEW:
            return [needle for needle in self._all if needle in text]
        known, ends = self._windows, range(WINDOW, len(text) + 1)
        shared = {window for end in ends if (window := text[end - WINDOW : end]) in known}
        candidates = [*self._short, *(needle for window in shared for needle in known[window])]
        return [needle for needle in candidates if needle in text]


Form = tuple[str, int, tuple[str, ...]]
"""A value, the kind of its form, and what stands in this form beside its longest run."""


class Forms:
    """The values, and where they stand in a text: as they are, in base64, percent-encoded, escaped in JSON or XML.

    A text is searched for the longest run of letters and digits of each value (in base64: of its encoded form), which no
    encoding needs to change; only around such a run are the other characters looked at. Then it is searched again with one
    layer of escapes taken off, and so on, and so is what stretches of it say that are encoded as a whole.
    """

    def __init__(self) -> None:
        self._values: list[str] = []
        self._exact, self._folded = Needles(), Needles()
        self._by_exact: dict[str, list[Form]] = {}
        self._by_folded: dict[str, list[Form]] = {}
        self._letters: frozenset[str] = frozenset()
        self.reach = 0

    def add(self, value: str) -> None:
        """Also find this value."""
        self.reach = max(self.reach, _reach(value))
        for form in _normal_forms(value):
            self._add(form)
            if not form.isascii():
                self._letters |= {*form, *map(chr, range(128, 256))}
        if "\n" in value:
            for line in filter(lambda line: len(line) >= SHORTEST_LINE, map(str.strip, value.splitlines())):
                self.add(line)

    def _add(self, value: str) -> None:
        self._values.append(value)
        for kind in (PLAIN, HEX, *BASE64):
            self._add_form(value, kind)
        inner = json.dumps(value, ensure_ascii=False)[1:-1]
        for kind in BASE64 if inner != value else ():  # in base64 the escapes of JSON are not seen
            self._add_form(inner, kind)
        for raw in _in_charsets(value):
            self._add_form(raw, LITERAL)

    def _add_form(self, value: str, kind: int) -> None:
        text = _fixed_part(value, kind)
        if not text:
            return
        needles, forms = self._exact, self._by_exact
        whole = kind in (HEX, LITERAL) or (kind == PLAIN and UNRESERVED.fullmatch(text))
        parts = [text] if whole else _RUN.findall(text)
        if kind in (PLAIN, HEX):
            needles, forms, parts = self._folded, self._by_folded, [part.lower() for part in parts]
        run = max(parts, key=lambda part: (len(part), -len(forms.get(part, ()))), default="")
        known = forms.setdefault(run, [])
        if not known:
            needles.add(run)
        known.append((value, kind, tuple(part for part in set(parts) if part not in run)))

    def spans(self, text: str) -> list[Span]:
        """Start and end of each place where a value stands, in order."""
        if not self._values:
            return []
        found = list(self._as_written(text))
        hidden = list(self._deeper(_blanked(text, found), BLOCKS, LAYERS, {}))
        if found:  # a value may begin in a line in which another one was found
            hidden += [(run.start, run.end) for run in self._telling(text, BLOCKS, LAYERS_WITHIN) if run.wrapped]
        return sorted({*found, *hidden}) if found or hidden else []

    def _as_written(self, text: str) -> Iterator[tuple[int, int]]:
        """Where values stand in one encoding, or several of those that change single characters."""
        for needles, forms, searched in (
            (self._exact, self._by_exact, text),
            (self._folded, self._by_folded, text.lower()),
        ):
            for run in needles.found(searched):
                for value, kind, parts in forms[run]:
                    if all(part in searched for part in parts):
                        for match in _pattern(value, kind).finditer(text):
                            yield match.span()
        if "…" in text:
            yield from self._beginnings(text)

    def _deeper(self, text: str, blocks: int, layers: int, seen: Seen) -> Iterator[Span]:
        """Where values stand below another layer of escapes, or in stretches that are encoded as a whole."""
        plain = unescaped(text) if layers else None
        if plain is None:
            yield from ((run.start, run.end) for run in self._telling(text, blocks, min(layers, LAYERS_WITHIN)))
        for view in [*([plain] if plain else ()), *(views(text, self._letters) if layers else ())]:
            if seen.get(view.text, -1) < layers:
                seen[view.text] = layers
                found = list(self._as_written(view.text))
                yield from map(view.source, found)
                yield from map(view.source, self._deeper(_blanked(view.text, found), blocks, layers - 1, seen))

    def _telling(self, text: str, blocks: int, layers: int) -> Iterator[Run]:
        """The stretches in other encodings that tell a value; most texts have none, which one search tells."""
        candidates = [*runs(text), *lists(text)] if blocks and len(text) >= SHORTEST_HEX else []
        together = all_readings(candidates, utf8=bool(self._letters)) if candidates else ""
        if together and self._tells(together, blocks - 1, layers):
            for run in candidates:
                if any(self._tells(read, blocks - 1, layers) for read in run.readings()):
                    yield run

    def _tells(self, text: str, blocks: int, layers: int) -> bool:
        """Whether a text tells a value, in whatever encoding."""
        if any(True for _ in self._as_written(text)):
            return True
        if not self._letters:  # below it there is ASCII only: this leaves hardly anything of what is not text at all
            pieces = text.encode("latin-1", "replace").translate(_PRINTABLE).split(b"\x01")
            text = b"\x01".join(piece for piece in pieces if len(piece) >= SHORTEST_PIECE).decode()
        return any(True for _ in self._deeper(text, blocks, layers, {}))

    def _beginnings(self, text: str) -> Iterator[tuple[int, int]]:
        for cut in re.finditer("…", text):
            before = text[max(0, cut.start() - 1000) : cut.start()]
            for value in self._values:
                at = _beginning(value, before)
                if at is not None:
                    yield cut.start() - len(before) + at, cut.start()


def _normal_forms(value: str) -> set[str]:
    """A value as it is and without what may be escapes in it, as both are searched for.

    With accents as part of their letters (a pattern knows the other way), in capital and small letters.
    """
    plain = plainest(value, LAYERS)
    forms = {value, plain} if len(plain) >= SHORTEST_ANY_CASE else {value}
    if value.isascii() and plain.isascii():
        return forms
    from unicodedata import normalize

    cases = {value.lower(), value.upper()} if len(value) >= SHORTEST_ANY_CASE else set()
    return {*forms, normalize("NFC", value), normalize("NFD", value), *cases}


def _in_charsets(value: str) -> set[str]:
    """What the bytes of a value in other charsets look like, where these are not those of UTF-8."""
    found: set[str] = set()
    for charset in () if value.isascii() else _CHARSETS:
        try:
            found.add(value.encode(charset).decode("latin-1"))
        except UnicodeError:
            continue
    return found - {value, value.encode("utf-8", "surrogatepass").decode("latin-1")}


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with something in the place of the spans that no encoding has."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            pieces += [text[at : max(at, start)], HIDDEN * (end - max(at, start))]
            at = end
    return "".join([*pieces, text[at:]]) if pieces else text


def _beginning(value: str, before: str) -> int | None:
    """Where the beginning of a value stands at the end of a text that is cut off, in any encoding of its characters."""
    first = _RUN.match(value)
    if first and first[0][:SHORTEST_BEGINNING] not in before:
        return None
    start = _beginning_pattern(value[:SHORTEST_BEGINNING])
    for match in start.finditer(before):
        if value.startswith(before[match.start() :]):
            return match.start()
        at = match.end()
        for last, char in pairwise(value[SHORTEST_BEGINNING - 1 :]):
            following = re.compile(encoded(char)).match(before, at) if at < len(before) else None
            if following is not None:
                at = following.end()
            elif char != "\\" or last != "\\":  # the pattern of one takes all that follow each other
                break
        if len(before) - at < (1 if at < len(before) and before[at] not in "%\\&=" else 8):
            return match.start()
    return None


@lru_cache(maxsize=1024)
def _beginning_pattern(beginning: str) -> re.Pattern[str]:
    return re.compile("".join(map(encoded, beginning)))


def _fixed_part(value: str, kind: int) -> str:
    """The part of a form that depends on the value alone; empty where that is too short to tell anything."""
    if kind == LITERAL:
        return value
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
    encoded = sum(WIDEST_LETTER if UNRESERVED.fullmatch(char) else WIDEST for char in value)
    data = len(value.encode("utf-8", "surrogatepass"))
    return max(encoded, WIDEST_IN_BASE64 * (data * 4 // 3 + 4))


def _base64(data: bytes, before: int) -> str:
    return binascii.b2a_base64(bytes(before) + data, newline=False).decode()


@lru_cache(maxsize=1024)
def _pattern(value: str, kind: int) -> re.Pattern[str]:
    """What finds one form, each of its characters in any encoding."""
    fixed = _fixed_part(value, kind)
    if kind == LITERAL:
        return re.compile(re.escape(fixed))
    if kind == HEX:
        return re.compile(fixed, re.IGNORECASE)
    pattern = "".join(map(encoded, fixed))
    if kind == PLAIN:
        return re.compile(pattern, re.IGNORECASE if len(fixed) >= SHORTEST_ANY_CASE else re.NOFLAG)
    # at the end of a text the last characters depend on nothing else either
    data = value.encode("utf-8", "surrogatepass")
    rest = _base64(data, kind).rstrip("=")[(0, 2, 3)[kind] + len(fixed) :]
    return re.compile(f"{pattern}(?:{''.join(map(encoded, rest))})?")
