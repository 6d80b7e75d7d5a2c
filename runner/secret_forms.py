"""The forms in which a secret value may stand in a text, and how many of them are found quickly."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

SHORTEST_LINE = 12
"""Lines of a value of several lines (a key) are values of their own from so many characters on."""

SHORTEST_BASE64 = 5

WINDOW = 6
FEW = 500


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
        windows = {needle[start : start + WINDOW] for start in (0, middle, last)}
        rarest = min(windows, key=lambda window: (len(self._windows.get(window, ())), window))
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
    """The ways to write each value: as it is, base64, percent-encoded, escaped in JSON or XML; some once more on top.

    Forms are kept under the part that all of them have in common, and apart by a character that a text must have at all.
    """

    def __init__(self) -> None:
        self._groups: dict[str, Needles] = {marker: Needles() for marker in ("", "%", "\\", "&")}
        self._forms: dict[str, tuple[str, ...]] = {}

    def add(self, value: str) -> None:
        """Find this value, too."""
        for needle, forms in _forms(value).items():
            known = self._forms.get(needle)
            self._forms[needle] = tuple(dict.fromkeys((*(known or ()), *forms)))
            if known is None:
                marker = next((marker for marker in "%\\&" if marker in needle and marker not in value), "")
                self._groups[marker].add(needle)

    def found(self, text: str) -> list[str]:
        """Every form that is in the text."""
        needles = [needle for marker, group in self._groups.items() if marker in text for needle in group.found(text)]
        return [form for needle in needles for form in self._forms[needle] if form == needle or form in text]


def _forms(text: str) -> dict[str, set[str]]:
    """The forms of a value, by the part of them that is searched for first."""
    stripped = text.strip()
    forms: dict[str, set[str]] = {stripped: {stripped, text}}
    escaped = {json.dumps(stripped)[1:-1], json.dumps(stripped, ensure_ascii=False)[1:-1]}
    escaped |= {form.replace("/", "\\/") for form in escaped}
    escaped |= {json.dumps(form)[1:-1] for form in escaped}
    for form in escaped | _percent_forms(text) | _percent_forms(stripped) | _xml_forms(stripped):
        forms.setdefault(form, set()).add(form)
    for inner, longer in _base64_forms(text):
        forms.setdefault(inner, {inner}).add(longer)
    if "\n" in text:
        for line in filter(lambda line: len(line) >= SHORTEST_LINE, map(str.strip, text.splitlines())):
            forms.setdefault(line, {line})
    return forms


def _xml_forms(text: str) -> set[str]:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = plain.replace('"', "&quot;")
    return {plain, quoted, quoted.replace("'", "&#39;"), quoted.replace("'", "&#x27;")}


def _percent_forms(text: str) -> set[str]:
    data = text.encode("utf-8", "surrogatepass")
    upper = {quote(data, safe=safe) for safe in ("", "/", "-_.!~*'()", "!$&'()*+,;=:@/?")} | {quote_plus(data)}
    once = upper | set(map(_lower_hex, upper))
    return once | {form.replace("%", "%25") for form in once}


def _lower_hex(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), text)


def _base64_forms(text: str) -> Iterator[tuple[str, str]]:
    """The part of the base64 text that depends on the value alone, and that part at the end of a text.

    They differ for each of the three places the value can start at in a longer text, and by alphabet.
    """
    data = text.encode("utf-8", "surrogatepass")
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).decode()
        first, last = (0, 2, 3)[before], (before + len(data)) * 8 // 6
        if last - first >= SHORTEST_BASE64:
            inner, longer = encoded[first:last], encoded[first:].rstrip("=")
            yield inner, longer
            yield inner.translate(_URL_SAFE), longer.translate(_URL_SAFE)
            percent = quote(inner, safe=""), quote(longer, safe="")
            yield percent
            yield _lower_hex(percent[0]), _lower_hex(percent[1])


_URL_SAFE = str.maketrans("+/", "-_")
