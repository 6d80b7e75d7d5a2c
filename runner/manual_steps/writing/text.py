"""Documents as plain text for a terminal or a mail: wrapped, and free of control characters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from textwrap import wrap

from runner.logs import visible
from runner.manual_steps.document import (
    Block,
    Code,
    Document,
    Entry,
    Heading,
    Line,
    Listing,
    Paragraph,
    Piece,
    Quote,
    StepLink,
    Table,
    without_last_blank,
)

WIDTH = 100
"""Characters per line; longer words are not broken, so that they can be copied."""

NARROWEST = 8


def write(document: Document) -> str:
    """The text of a document."""
    lines = [*_heading(Heading(1, document.title)), ""]
    for block in document.blocks:
        lines += [*without_last_blank(_block(block, WIDTH)), ""]
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _heading(heading: Heading) -> Iterator[str]:
    text = _one_line(heading.text)
    if heading.level <= 2:
        yield text
        yield ("=" if heading.level == 1 else "-") * min(max(len(text), 1), WIDTH)
    else:
        yield f"## {text}"


def _block(block: Block, width: int) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from _heading(block)
    elif isinstance(block, Paragraph):
        yield from _wrapped(_line(block.line), width)
    elif isinstance(block, Quote):
        for at, inner in enumerate(block.blocks):
            yield from ("|",) if at else ()
            yield from (f"| {line}" for line in _block(inner, width - 2))
    elif isinstance(block, Listing):
        for number, entry in enumerate(block.entries, 1):
            yield from _entry(entry, f"{number}. " if block.ordered else "- ", width)
    elif isinstance(block, Table):
        yield from _table(block, width)
    else:
        if block.title:
            yield from (f"{_one_line(block.title)}:", "")
        yield from (f"    {line}" for line in visible(block.text).split("\n"))


def _entry(entry: Entry, marker: str, width: int) -> Iterator[str]:
    indent = " " * len(marker)
    for at, line in enumerate(_wrapped(_line(entry.line), width - len(marker))):
        yield (indent if at else marker) + line
    for block in entry.blocks:
        yield ""
        yield from (indent + line for line in _block(block, width - len(marker)))
    if entry.blocks:
        yield ""


def _table(table: Table, width: int) -> Iterator[str]:
    """The columns side by side, wrapped; each is as wide as its longest cell, as far as there is room."""
    rows = [table.columns, *([_cell(cell) for cell in row] for row in table.rows)]
    longest = [max(len(row[at]) for row in rows) for at in range(len(table.columns))]
    room = max(width - 3 * (len(longest) - 1), NARROWEST * len(longest))
    widths = list(longest)
    while sum(widths) > room and max(widths) > NARROWEST:
        widest = widths.index(max(widths))
        others = sorted(widths, reverse=True)[1] if len(widths) > 1 else 0
        widths[widest] = max(NARROWEST, min(widths[widest] - 1, max(others, widths[widest] - (sum(widths) - room))))
    for number, row in enumerate(rows):
        cells = [_wrapped(cell, size, whole=False) for cell, size in zip(row, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            yield " | ".join(part.ljust(size) for part, size in zip(parts, widths, strict=True))
        if not number:
            yield "-+-".join("-" * size for size in widths)


def _wrapped(text: str, width: int, *, whole: bool = True) -> list[str]:
    return wrap(text, max(width, NARROWEST), break_long_words=not whole, break_on_hyphens=False) or [""]


def _line(line: Line) -> str:
    return "".join(map(_piece, line))


def _cell(line: Line) -> str:
    """The text of a cell; a cell that is just a value needs no quotation marks."""
    return _value(line[0]) if len(line) == 1 and isinstance(line[0], Code) else _line(line)


def _value(code: Code) -> str:
    return _one_line(code.text).replace("\t", "\\t") if code.text.strip() else "(empty)"


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return _one_line(piece)
    if isinstance(piece, Code):
        return f"“{_value(piece)}”" if piece.text.strip() else "(empty)"
    if isinstance(piece, StepLink):
        return f"step {piece.number}"
    return _one_line(piece.text)


def _one_line(text: str) -> str:
    return visible(text).replace("\n", "\\n")
