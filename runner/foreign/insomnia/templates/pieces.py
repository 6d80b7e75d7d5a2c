"""Cuts a text into what is sent as it is, variables, tags and comments."""

from __future__ import annotations

from collections.abc import Iterator

from runner.model.quick_dataclass import dataclass

TEXT, VARIABLE, TAG, COMMENT = "text", "variable", "tag", "comment"
ENDS = {"{{": ("}}", VARIABLE), "{%": ("%}", TAG), "{#": ("#}", COMMENT)}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: `inner` is what stands between its marks, `source` all of it, `at` where it begins."""

    kind: str
    inner: str
    source: str
    at: int


def pieces(text: str) -> list[Piece]:
    """The parts of a text in their order; `{%- … -%}` takes the blanks around it away, `{% raw %}` has no marks inside."""
    found: list[Piece] = []
    last, trim = 0, False
    for piece in _marked(text):
        inner = piece.source[2:-2] if piece.kind in (VARIABLE, TAG) else ""
        before = text[last : piece.at].lstrip() if trim else text[last : piece.at]
        before = before.rstrip() if inner.startswith("-") else before
        if before:
            found.append(Piece(TEXT, before, before, last))
        found.append(piece)
        last, trim = piece.at + len(piece.source), inner.endswith("-")
    rest = text[last:].lstrip() if trim else text[last:]
    return [*found, Piece(TEXT, rest, rest, last)] if rest else found


def _marked(text: str) -> Iterator[Piece]:
    """What stands between marks; a mark that is never closed is text."""
    at = 0
    unclosed: set[str] = set()
    while (at := text.find("{", at)) >= 0:
        mark = text[at : at + 2]
        closing, kind = ENDS.get(mark, ("", TEXT))
        end = text.find(closing, at + 2) if closing and mark not in unclosed else -1
        if end < 0:
            unclosed |= {mark}
            at += 1
            continue
        inner = text[at + 2 : end]
        inner = inner if kind == COMMENT else inner.removeprefix("-").removesuffix("-")
        piece = Piece(kind, inner.strip(), text[at : end + 2], at)
        if kind == TAG and piece.inner in ("raw", "verbatim"):
            piece = _raw(text, at, end + 2, piece.inner)
        yield piece
        at += len(piece.source)


def _raw(text: str, at: int, stop: int, name: str) -> Piece:
    """What stands between `{% raw %}` and its end."""
    close = text.find(f"end{name}", stop)
    opening = text.rfind("{%", stop, close) if close >= 0 else -1
    end = text.find("%}", close) if close >= 0 else -1
    if opening < 0 or end < 0:
        return Piece(TEXT, text[stop:], text[at:], at)
    return Piece(TEXT, text[stop:opening], text[at : end + 2], at)
