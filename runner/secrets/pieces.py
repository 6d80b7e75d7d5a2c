"""The pieces into which the syntax of a URL, or of a Cookie header, takes a secret value apart that stands in one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.secrets.lazy import Lazy
from runner.secrets.writings.forms import Needles

SHORTEST_PIECE = 6
"""Characters of the shortest piece that is a secret, too."""

IN_AUTHORITY, IN_PATH, IN_QUERY, IN_COOKIE = r"[/?#&=;:@.\[\]\s]", r"[/?#&=\s]", r"[#&=\s]", r"[;\s]"
"""Where a value is taken apart: before the path, within it, in the query, and in a Cookie header."""


_PARTED = Lazy(r"[/?#&=;:@.\[\]\s]")


class Pieces:
    """Known values that can be taken apart, and what becomes of those that stand in a URL or a Cookie header."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._needles = Needles()

    def add(self, value: str) -> None:
        """Know this value; a URL has a slash for each backslash in it."""
        for form in {value, value.replace("\\", "/")} - self._known:
            parts = _PARTED.split(form)
            if len(parts) > 1 and max(map(len, parts)) >= SHORTEST_PIECE:
                self._known.add(form)
                self._needles.add(form)

    def in_url(self, url: str) -> Iterator[str]:
        """The pieces of each known value in a URL, by what separates the parts of it at the place where the value stands.

        Plain words in a value that is a URL itself are none: reports would lose them everywhere.
        """
        for form in self._needles.found(url):
            for found in re.finditer(re.escape(form), url):
                before = url[: found.start()]
                before = before.partition("://")[2] if "://" in before else before
                if "#" in before:
                    continue
                separators = IN_QUERY if "?" in before else IN_PATH if "/" in before else IN_AUTHORITY
                yield from _pieces(form, separators, words="://" not in form)

    def in_cookies(self, header: str) -> Iterator[str]:
        """The pieces of each known value in a Cookie header."""
        for form in self._needles.found(header):
            yield from _pieces(form, IN_COOKIE, words=True)


def _pieces(value: str, separators: str, *, words: bool) -> Iterator[str]:
    parts = re.split(separators, value)
    for part in parts if len(parts) > 1 else ():
        if len(part) >= SHORTEST_PIECE and (words or not part.isalpha() or not (part.islower() or part.istitle())):
            yield part
