"""A document in any format, as its parts: headings, paragraphs, lists, tables, code."""

from __future__ import annotations

from collections.abc import Iterable

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """Literal text: a value, a name, a URL."""

    text: str


@dataclass(frozen=True, slots=True)
class Control:
    """The label of something in the app: a tab, a button, a field; `›` separates the labels of a path."""

    text: str


@dataclass(frozen=True, slots=True)
class StepLink:
    """A reference to another step by its number."""

    number: int


Piece = str | Code | Control | StepLink
Line = tuple[Piece, ...]
"""A line of text in pieces. A bare string is prose, which the writer of a format escapes."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; a step's heading has the step's `number`."""

    level: int
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """A description by the author of the collection."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list, with the blocks that belong to it."""

    line: Line
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, numbered if it is `ordered`."""

    entries: tuple[Entry, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; each row has as many cells as there are `columns`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A block of literal text: a body, an example. One with a `title` may be collapsed."""

    text: str
    language: str = ""
    title: str = ""


Block = Heading | Paragraph | Quote | Listing | Table | Sample


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document; its `title` is the first heading."""

    title: str
    blocks: tuple[Block, ...]


def joined(lines: list[Line] | tuple[Line, ...], separator: str = ", ", last: str = "") -> Line:
    """Lines joined to one; `last` is the separator before the last one, if it differs."""
    found: list[Piece] = []
    for at, line in enumerate(lines):
        if at:
            found.append(last if last and at == len(lines) - 1 else separator)
        found += line
    return tuple(found)


def without_last_blank(lines: Iterable[str]) -> list[str]:
    """The lines of a written block without a final blank line, which is added where blocks are joined."""
    found = list(lines)
    return found[:-1] if found and not found[-1].strip() else found
