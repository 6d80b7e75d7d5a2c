"""Documents as Markdown (CommonMark with GitHub's tables)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from runner.logs import visible
from runner.manual_steps.document import (
    Block,
    Code,
    Control,
    Document,
    Entry,
    Heading,
    Line,
    Listing,
    Paragraph,
    Quote,
    Sample,
    StepLink,
    Table,
    without_last_blank,
)

_SPECIAL = re.compile(r"[\\`*\[\]<>|~#]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|!(?=\[)")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d{1,9}(?=[.)]))")
_NO_SLUG = re.compile(r"[^\w\- ]")


def write(document: Document) -> str:
    """The text of a document."""
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    slugs = {one.number: _slug(one.text) for one in headings if one.number is not None}
    lines = [f"# {_text(document.title)}", ""]
    for block in document.blocks:
        lines += [*without_last_blank(_block(block, slugs)), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _slug(heading: str) -> str:
    """The anchor that GitHub gives to a heading."""
    return _NO_SLUG.sub("", heading.lower()).replace(" ", "-")


def _block(block: Block, slugs: Mapping[int, str]) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {_text(block.text)}"
    elif isinstance(block, Paragraph):
        yield _line(block.line, slugs)
    elif isinstance(block, Quote):
        for at, inner in enumerate(block.blocks):
            if at:
                yield ">"
            yield from (f"> {line}".rstrip() for line in _block(inner, slugs))
    elif isinstance(block, Listing):
        for at, entry in enumerate(block.entries, 1):
            yield from _entry(entry, f"{at}. " if block.ordered else "- ", slugs)
    elif isinstance(block, Table):
        yield f"| {' | '.join(_cell((column,), slugs) for column in block.columns)} |"
        yield f"|{'---|' * len(block.columns)}"
        for row in block.rows:
            yield f"| {' | '.join(_cell(cell, slugs) for cell in row)} |"
    else:
        yield from (*([f"{_text(block.title)}:", ""] if block.title else ()), *_fenced(block))


def _entry(entry: Entry, marker: str, slugs: Mapping[int, str]) -> Iterator[str]:
    yield marker + _line(entry.line, slugs)
    for block in entry.blocks:
        yield ""
        yield from ((" " * len(marker) + line).rstrip() for line in _block(block, slugs))
    if entry.blocks:
        yield ""


def _fenced(sample: Sample) -> Iterator[str]:
    longest = max((len(run) for run in re.findall("`+", sample.text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield fence + re.sub(r"[^\w+-]", "", sample.language)
    yield from visible(sample.text).split("\n")
    yield fence


def _line(line: Line, slugs: Mapping[int, str]) -> str:
    text = "".join(_piece(piece, slugs) for piece in line)
    return _LINE_START.sub(r"\1\\\2", text) if line and isinstance(line[0], str) else text


def _cell(line: Line, slugs: Mapping[int, str]) -> str:
    return "".join(
        _code(piece.text).replace("|", "\\|") if isinstance(piece, Code) else _piece(piece, slugs) for piece in line
    )


def _piece(piece: str | Code | Control | StepLink, slugs: Mapping[int, str]) -> str:
    if isinstance(piece, str):
        return _text(piece)
    if isinstance(piece, Code):
        return _code(piece.text)
    if isinstance(piece, StepLink):
        return f"[step {piece.number}](#{slugs[piece.number]})" if piece.number in slugs else f"step {piece.number}"
    return f"**{_text(piece.text)}**" if piece.text.strip() else ""


def _text(text: str) -> str:
    """Prose on one line, with all markup escaped."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], " ".join(visible(text).split("\n")))


def _code(text: str) -> str:
    r"""A code span; line ends are written `\n`, and empty text as a space."""
    shown = visible(text).replace("\n", "\\n").replace("\t", "\\t")
    if not shown.strip():
        return f"` {shown} `" if shown else "(empty)"
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    both = shown[0] == shown[-1] == " "
    space = " " if both or "`" in (shown[0], shown[-1]) else ""
    return f"{fence}{space}{shown}{space}{fence}"
