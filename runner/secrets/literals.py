"""Names that stand literally in a collection: they came from no variable, so nothing in them is masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from urllib.parse import unquote

from runner.secrets.lazy import Lazy

Names = Callable[[], Iterable[str]]
"""Returns names when they are needed, which most runs never do."""

_MENTION = Lazy(r'"([^"\n]{1,300})"|(?:^|(?<=[\s(]))([^\s()]{1,900})/(?:test|prerequest)\.js\b', re.MULTILINE)


class Literals:
    """Names of items, folders and collections (and the paths of these), and names of tests."""

    def __init__(self) -> None:
        self._sources: list[tuple[object, Names, Names]] = []

    def has(self, collection: object) -> bool:
        """Whether the names of this collection were added."""
        return any(known is collection for known, _, _ in self._sources)

    def add(self, collection: object, names: Names, tests: Names) -> None:
        """Add the names of a collection."""
        self._sources.append((collection, names, tests))
        vars(self).pop("names", None)
        vars(self).pop("tests", None)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names and paths of all collections."""
        return frozenset(name for _, names, _ in self._sources for name in names())

    @cached_property
    def tests(self) -> frozenset[str]:
        """The names of tests that stand in a script."""
        return frozenset(name for _, _, tests in self._sources for name in tests())

    def mentions(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a message has such a name in quotation marks, or a stack as the file of a script."""
        for match in _MENTION.finditer(text):
            name = match[1] if match[1] is not None else unquote(match[2])
            if name in self.names:
                yield match.span()


_QUOTED = r"""(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\$]|\\.)*)`)"""
_TEST = Lazy(rf"\b(?:test(?:\s*\.\s*skip)?|it|tests(?=\s*\[))\s*[(\[]\s*{_QUOTED}")
_ESCAPE = Lazy(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}


def names_of_tests(script: str) -> Iterator[str]:
    """The literal names of tests in a script: of `pm.test("…")`, `it("…")` and `tests["…"]`."""
    for match in _TEST.finditer(script):
        text = next(group for group in match.groups() if group is not None)
        yield _ESCAPE.sub(lambda escape: _ESCAPES.get(escape[1], escape[1]), text) if "\\" in text else text
