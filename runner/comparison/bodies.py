"""Bodies of two messages: JSON by its structure, texts by their lines, all else by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from runner.comparison.alignment import matches
from runner.comparison.difference import ROOT, Difference, Place
from runner.comparison.rules import Rules
from runner.comparison.values import differences
from runner.errors import InvalidDocument
from runner.formats.json_text import parse_json
from runner.model.json import Json


def body_differences(left: bytes, right: bytes, rules: Rules | None = None) -> Iterator[Difference]:
    """Where two bodies differ: JSON in JSON paths, texts as `line N`, other bytes at `$` with size and SHA-256.

    What a body is, its bytes say: a wrong content type changes nothing. JSON with other blanks is the same.
    """
    if left == right:
        return
    one, other = _content(left), _content(right)
    if not left or not right:
        yield Difference("missing", ROOT, left=one[1]) if left else Difference("new", ROOT, right=other[1])
    elif one[0] == other[0] == "JSON":
        yield from differences(one[1], other[1], rules)
    elif one[0] == other[0] == "text":
        yield from text_differences(str(one[1]), str(other[1]))
    else:
        yield Difference("value" if one[0] == other[0] else "type", ROOT, one[1], other[1])


def text_differences(left: str, right: str) -> Iterator[Difference]:
    """Where two texts differ, line by line: what stands there instead, as `line N` of the left one.

    For lines that are new, N is their number on the right.
    """
    one, other = left.split("\n"), right.split("\n")
    start = begin = 0
    for end, close in [*matches(one, other), (len(one), len(other))]:
        gone, new = one[start:end], other[begin:close]
        if gone or new:
            place = Place(None, f"line {(start if gone else begin) + 1}")
            left_text, right_text = ("\n".join(lines) if lines else None for lines in (gone, new))
            yield Difference("value" if gone and new else "missing" if gone else "new", place, left_text, right_text)
        start, begin = end + 1, close + 1


def _content(body: bytes) -> tuple[str, Json]:
    """What a body is, and its value: that of JSON, a text, or how large other bytes are and their hash.

    Only an object or an array is JSON here: a text such as `1.0` may be a version, which is not `1`.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "bytes", f"{len(body)} bytes, SHA-256 {hashlib.sha256(body).hexdigest()}"
    inner = text.removeprefix("\ufeff").lstrip()
    try:
        return ("JSON", parse_json(inner)) if inner.startswith(("{", "[")) else ("text", text)
    except InvalidDocument:
        return "text", text
