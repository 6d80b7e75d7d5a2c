"""A document as its parts, whatever it is written as: headings, paragraphs, lists, tables, code."""

from __future__ import annotations

from collections.abc import Iterable

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A text to be taken letter by letter: a value, a name, a URL."""

    text: str


@dataclass(frozen=True, slots=True)
class Control:
    """What is to be found in the app: a tab, a button, the label of a field; `›` stands between those of a way."""

    text: str


@dataclass(frozen=True, slots=True)
class StepLink:
    """The mention of another step by its number."""

    number: int


Piece = str | Code | Control | StepLink
Line = tuple[Piece, ...]
"""A line of text in pieces; a text alone is prose and is escaped by whoever writes it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; that of a step has its `number`."""

    level: int
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """What the author of the collection wrote about something."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list with what belongs to it."""

    line: Line
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: with numbers if it is `ordered`."""

    entries: tuple[Entry, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; each row has as many cells as there are `columns`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """Text to be taken letter by letter, in lines: a body, an example. One with a `title` may be folded away."""

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
    """Lines put together as one, the last two by another separator."""
    found: list[Piece] = []
    for at, line in enumerate(lines):
        if at:
            found.append(last if last and at == len(lines) - 1 else separator)
        found += line
    return tuple(found)


def without_last_blank(lines: Iterable[str]) -> list[str]:
    """The lines of a block that is written, without an empty one at the end: whoever puts blocks together adds it."""
    found = list(lines)
    return found[:-1] if found and not found[-1].strip() else found
