"""The syntax of `.bru` files: blocks of pairs, of text, or of names, as Bruno's own parser takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from runner.errors import InvalidDocument
from runner.foreign.bruno.model import Row
from runner.model.quick_dataclass import dataclass

TEXTS = frozenset(
    ["body", "body:json", "body:text", "body:xml", "body:sparql", "body:graphql", "body:graphql:vars", "script:pre-request",
     "script:post-response", "tests", "docs", "example"]
)  # fmt: skip
"""The blocks that hold text; all others hold pairs."""

TYPES = ("number", "boolean", "object")
"""Annotations that say what kind of value a variable has."""

QUOTES = "'''"
_OPENING = re.compile(r"[ \t]*+([A-Za-z][\w:.-]*?):?[ \t]*+([{\[])[ \t]*+([}\]]?)[ \t]*+\Z")
_PAIR = re.compile(r"([A-Za-z]\w*)[ \t]*:(.*)\Z")
_ANNOTATION = re.compile(
    r"[ \t]*@([^()\s:]+)(?:\(('[^'\n]*'\)|\"(?:[^\"\\\n]|\\.)*\"\)|(?!''')[^)\n]*\)|'''.*))?[ \t]*\Z", re.DOTALL
)
_KEY = re.compile(r'[ \t]*(~?)"((?:\\"|[^"\n])*)"[ \t]*:(.*)\Z')
_CONTENT_TYPE = "@contentType("
_LIST_ITEM = re.compile(r"[ \t]+([\w-]+)[ \t]*\Z", re.ASCII)
_FILE = re.compile(r"@file\((.*)\)\Z", re.DOTALL)
_ESCAPED = re.compile(r"\\([rnt\"\\])")
_CONTROL = {"r": "\r", "n": "\n", "t": "\t"}


@dataclass(slots=True)
class Block:
    """One block: its name, its lines without the braces, and the number of the first of them; `value` is that of a pair.

    Lines of bodies keep a carriage return at their end where the file has other line ends.
    """

    name: str
    lines: list[str] = field(default_factory=list)
    line: int = 0
    value: str = ""

    @property
    def text(self) -> str:
        """The text of a text block, without its indentation and the empty lines at its beginning."""
        lines = [line.removeprefix("  ") for line in self.lines[self._lead :]]
        return "\n".join(lines)

    @property
    def text_line(self) -> int:
        """The number of the line in which the text begins."""
        return self.line + self._lead

    @property
    def _lead(self) -> int:
        return next((at for at, line in enumerate(self.lines) if line), len(self.lines))


def blocks(text: str, path: str, first: int = 1) -> list[Block]:
    """The blocks of a text, whose first line has the number `first`. Raises `InvalidDocument` with a line."""
    lines = _lines(text.removeprefix("\ufeff"))
    found: list[Block] = []
    at = 0
    while at < len(lines):
        line = lines[at].removesuffix("\r")
        opening = _OPENING.match(line)
        if opening is None:
            pair = _PAIR.match(line)
            if pair is not None:
                value, end = _value(lines, at, pair[2], f"{path}:{first + at}")
                found.append(Block(pair[1], line=first + at, value=value))
                at = end
            elif line.strip():
                raise InvalidDocument("not valid .bru: a block was expected here", where=f"{path}:{first + at}")
            at += 1
            continue
        end = at if opening[3] else _end(lines, at + 1, opening[1], "]" if opening[2] == "[" else "}")
        if end == len(lines):
            raise InvalidDocument(f"not valid .bru: the block {opening[1]} does not end", where=f"{path}:{first + at}")
        inner = lines[at + 1 : end]
        kept = len(inner) - 1 if opening[1].startswith("body") else 0
        inner[kept:] = [line.removesuffix("\r") for line in inner[kept:]]
        found.append(Block(opening[1], inner, first + at + 1))
        at = end + 1
    return found


def _lines(text: str) -> list[str]:
    """The lines of a file. Bruno drops carriage returns of line ends; where the first line has none, they are kept."""
    first = text.partition("\n")[0]
    return (text.replace("\r\n", "\n") if first.endswith("\r") else text).split("\n")


def _end(lines: list[str], at: int, name: str, mark: str) -> int:
    """The line that closes a block: the mark stands at its beginning, and not in a text of several lines."""
    quoted = False
    while at < len(lines):
        if not quoted and lines[at].startswith(mark):
            return at
        if quoted:
            quoted = QUOTES not in lines[at]
        elif name not in TEXTS and QUOTES in lines[at]:
            quoted = _opens_quotes(lines[at])
        at += 1
    return at


def _opens_quotes(line: str) -> bool:
    """Whether a text of several lines begins in a line: as a value, or in an annotation."""
    if line.lstrip().startswith("@") and f"({QUOTES}" in line:
        value = line.partition("(")[2]
    else:
        found = _KEY.match(line)
        value = (found[3] if found else line.partition(":")[2]).strip()
    return value.startswith(QUOTES) and QUOTES not in value.removeprefix(QUOTES)


def rows(block: Block, path: str, *, expressions: bool = False) -> list[Row]:
    """The pairs of a block with what is said about them; with `expressions` their names may hold blanks."""
    found: list[Row] = []
    notes: dict[str, str] = {}
    at = 0
    while at < len(block.lines):
        line = block.lines[at].removesuffix("\r")
        where = f"{path}:{block.line + at}"
        if not line.strip():
            at += 1
            continue
        annotation = _ANNOTATION.match(line)
        if annotation is not None:
            value, at = _annotation(block.lines, at, annotation[2])
            notes[annotation[1]] = value
            at += 1
            continue
        quoted = None if expressions else _KEY.match(line)
        plain, colon, rest = line.partition(":")
        name = quoted[1] + quoted[2].replace('\\"', '"') if quoted else plain.strip()
        rest = quoted[3] if quoted else rest
        if not colon:
            raise InvalidDocument("not valid .bru: a pair `name: value` was expected here", where=where)
        begun = at
        value, at = _value(block.lines, at, rest, where)
        description, line_of = notes.get("description", ""), block.line + begun
        row = Row(name.removeprefix("~"), value, enabled=name[:1] != "~", description=description, line=line_of)
        row.kind = next((kind for kind in reversed(notes) if kind in TYPES), row.kind)
        found.append(row)
        notes = {}
        at += 1
    return found


def _value(lines: list[str], at: int, rest: str, where: str) -> tuple[str, int]:
    """The value that begins behind a colon, and the line in which it ends."""
    rest = rest.strip()
    if rest == "[":
        end = next((n for n in range(at + 1, len(lines)) if lines[n] and not _LIST_ITEM.match(lines[n])), at)
        if lines[end].strip() != "]":
            return rest, at
        return ", ".join(line.strip() for line in lines[at + 1 : end] if line), end
    if not rest.startswith(QUOTES):
        return rest, at
    pieces = [rest.removeprefix(QUOTES)]
    while QUOTES not in pieces[-1]:
        at += 1
        if at == len(lines):
            raise InvalidDocument("not valid .bru: a text in ''' does not end", where=where)
        pieces.append(lines[at])
    last, _, behind = pieces[-1].partition(QUOTES)
    text = "\n".join([pieces[0], *(_unindented(piece) for piece in [*pieces[1:-1], last])]) if len(pieces) > 1 else last
    return f"{text.strip()} {behind.strip()}".strip(), at


def _unindented(line: str) -> str:
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(blanks, 4) :]


def _annotation(lines: list[str], at: int, given: str | None) -> tuple[str, int]:
    """What an annotation says in its parentheses, and the line in which it ends."""
    if given is None:
        return "", at
    given = given.strip()
    if not given.startswith(QUOTES):
        text = given.removesuffix(")")
        if text[:1] == '"' and text[-1:] == '"' and len(text) > 1:
            return _ESCAPED.sub(lambda found: _CONTROL.get(found[1], found[1]), text[1:-1]), at
        return (text[1:-1] if text[:1] == "'" and text[-1:] == "'" and len(text) > 1 else text), at
    pieces = [given.removeprefix(QUOTES)]
    while QUOTES not in pieces[-1] and at + 1 < len(lines):
        at += 1
        pieces.append(lines[at])
    pieces[-1] = pieces[-1].partition(QUOTES)[0]
    inner = [piece for piece in pieces[1:] if piece.strip()]
    indent = min((len(piece) - len(piece.lstrip()) for piece in inner), default=0)
    text = "\n".join([*([pieces[0]] if pieces[0] else []), *(piece[indent:] for piece in pieces[1:])]).rstrip()
    return text.replace("\\'\\'\\'", QUOTES).replace("\\\\'", "\\'"), at


def with_type(row: Row) -> Row:
    """A row of a form or of files, whose value may have a content type and name files."""
    value, type = row.value, ""
    before, typed, rest = row.value.rstrip().partition(_CONTENT_TYPE)
    if typed and rest.endswith(")"):
        value, type = before.rstrip(), rest[:-1].strip()
    files = _FILE.match(value.strip())
    row.value, row.content_type = value, type
    if files is not None:
        row.kind, row.files = "file", tuple(one for one in files[1].split("|") if one)
    return row


def names(block: Block) -> Iterator[Row]:
    """The rows of a list of names, which have no values (`vars:secret`)."""
    at = 0
    description = ""
    while at < len(block.lines):
        annotation = _ANNOTATION.match(block.lines[at])
        if annotation is not None:
            value, at = _annotation(block.lines, at, annotation[2])
            description = value if annotation[1] == "description" else description
        else:
            for name in block.lines[at].split(","):
                if name.strip():
                    plain = name.strip()
                    line = block.line + at
                    yield Row(
                        plain.removeprefix("~"), enabled=plain[0] != "~", description=description, line=line, secret=True
                    )
                    description = ""
        at += 1
