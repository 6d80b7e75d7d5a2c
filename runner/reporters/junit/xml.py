"""Writes XML piece by piece, so that a long report is never whole in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from runner.logs import Rewritten
from runner.reporters.text import clean

_FORBIDDEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_IN_ATTRIBUTES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def add_element(
    file: Rewritten, depth: int, tag: str, attributes: Mapping[str, str], text: str | None = None
) -> AbstractContextManager[None]:
    """Write an element with its text; without a text it stays open for children until the returned context ends."""
    pairs = "".join(f' {name}="{_allowed(value).translate(_IN_ATTRIBUTES)}"' for name, value in attributes.items())
    indent = "  " * depth
    if text is None:
        file.write(f"{indent}<{tag}{pairs}>\n")
    elif text:
        file.write(f"{indent}<{tag}{pairs}>{_allowed(text).translate(_ESCAPES)}</{tag}>\n")
    else:
        file.write(f"{indent}<{tag}{pairs} />\n")
    return _closing(file, f"{indent}</{tag}>\n" if text is None else "")


@contextmanager
def _closing(file: Rewritten, end: str) -> Iterator[None]:
    yield
    file.write(end)


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", clean(text))


def token(text: str) -> str:
    """A name as the schemas require it: trimmed, with single blanks inside, never empty."""
    return " ".join(_allowed(text).split()) or "(no name)"
