"""Descriptions as Postman shows them, in Markdown: paragraphs, lists, tables, code; headings become bold lines.

Anything else stays plain text. The result is generated, so nothing in a description can break out of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.manual_steps.document import Block, Code, Control, Entry, Line, Listing, Paragraph, Piece, Sample, Table

_FENCE = re.compile(r" {0,3}(```+|~~~+)\s*([\w+-]*)")
_BULLET = re.compile(r" {0,3}[*+-] +(?=\S)")
_NUMBER = re.compile(r" {0,3}\d{1,9}[.)] +(?=\S)")
_HEADING = re.compile(r" {0,3}#{1,6} +(.*)$")
_RULER = re.compile(r" {0,3}\|?[ :]*-+[-: |]*$")
_INLINE = re.compile(
    r"(?<!`)(?P<ticks>`{1,9})(?!`)(?P<code>[^\n`]|[^\n]{0,999}?[^`\n])(?P=ticks)(?!`)"
    r"|(?P<stars>\*\*|__)(?=\S)(?P<bold>[^\n*_]{1,999})(?P=stars)"
    r"|(?<![\w*_])(?P<star>[*_])(?=\S)(?P<plain>[^\n*_]{1,999})(?P=star)(?![\w*_])"
    r"|\[(?P<label>[^\[\]\n]{1,999})\]\((?P<target>[^()\s]{1,999})\)"
)


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a description."""
    return tuple(_blocks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def _blocks(lines: list[str]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif fence := _FENCE.match(line):
            end = next((n for n in range(at + 1, len(lines)) if lines[n].strip().startswith(fence[1])), len(lines))
            yield Sample("\n".join(lines[at + 1 : end]), fence[2])
            at = end + 1
        elif "|" in line and at + 1 < len(lines) and _RULER.match(lines[at + 1]) and "|" in lines[at + 1]:
            end = next((n for n in range(at + 2, len(lines)) if "|" not in lines[n]), len(lines))
            yield _table([line, *lines[at + 2 : end]])
            at = end
        elif marker := _marker(line):
            end = at + 1
            while end < len(lines) and (marker.match(lines[end]) or (lines[end].strip() and lines[end][:1].isspace())):
                end += 1
            yield _listing(lines[at:end], marker)
            at = end
        elif heading := _HEADING.match(line):
            title = heading[1].rstrip(" #")
            yield Paragraph((Control(title),) if title else ())
            at += 1
        else:
            end = at + 1
            while end < len(lines) and lines[end].strip() and not _begins(lines[end]):
                end += 1
            yield Paragraph(line_of(" ".join(one.strip().lstrip("> ") for one in lines[at:end])))
            at = end


def _marker(line: str) -> re.Pattern[str] | None:
    return next((one for one in (_BULLET, _NUMBER) if one.match(line)), None)


def _begins(line: str) -> bool:
    """Whether another block begins at this line, so that a paragraph ends before it."""
    return bool(_FENCE.match(line) or _marker(line) or _HEADING.match(line))


def _listing(lines: list[str], marker: re.Pattern[str]) -> Listing:
    entries: list[str] = []
    for line in lines:
        if found := marker.match(line):
            entries.append(line[found.end() :].strip())
        else:
            entries[-1] += " " + line.strip()
    return Listing(tuple(Entry(line_of(text)) for text in entries), ordered=marker is _NUMBER)


def _table(lines: list[str]) -> Table:
    rows = [[cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")] for line in lines]
    columns = tuple("".join(_plain(line_of(cell))) for cell in rows[0])
    sized = ((*row, *[""] * len(columns))[: len(columns)] for row in rows[1:])
    return Table(columns, tuple(tuple(line_of(cell) for cell in row) for row in sized))


def _plain(line: Line) -> Iterator[str]:
    for piece in line:
        yield piece if isinstance(piece, str) else str(getattr(piece, "text", ""))


def line_of(text: str) -> Line:
    """One line of a description, split into pieces."""
    found: list[Piece] = []
    end = 0
    for match in _INLINE.finditer(text):
        found.append(text[end : match.start()])
        end = match.end()
        if match["code"] is not None:
            found.append(Code(match["code"].strip() or match["code"]))
        elif match["bold"] is not None:
            found.append(Control(match["bold"]))
        elif match["plain"] is not None:
            found.append(match["plain"])
        else:
            found.append(f"{match['label']} ({match['target']})" if match["label"] != match["target"] else match["label"])
    return tuple(piece for piece in (*found, text[end:]) if piece)
