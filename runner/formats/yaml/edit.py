"""Changes a YAML text so that it says another value, touching nothing but the nodes that differ.

Comments, quotes, blank lines, the order of keys, line ends and the indentation of everything else stay. The result is read
again and compared with what was meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from runner.deep_json import same
from runner.errors import InvalidDocument, NotEditable
from runner.formats.yaml.align import aligned_items, aligned_keys
from runner.formats.yaml.nodes import Node
from runner.formats.yaml.reader import read
from runner.formats.yaml.writer import block_lines, flow_text, inline, quoted_as, write, written_key
from runner.model.json import Json

_COLON = re.compile(r"[ \t]*:")
_INDICATOR = re.compile(r"[|>][0-9+-]*")

Splice = tuple[int, int, str]
"""What stands from one offset to another is replaced by a text."""


def edit(text: str, value: Json, path: str = "") -> str:
    """The text with another value; raises `NotEditable` if only more than the nodes that differ could be changed.

    `InvalidDocument` is raised for a text that cannot be read.
    """
    document = read(text, path)
    if same(document.value, value):
        return text
    # A block of lines may take in blank lines and comments behind it, or need the last line end.
    for blocks, ended in ((True, False), (True, True), (False, False)):
        try:
            result = _spliced(text, _Edit(document.text, blocks).of(document.root, value), ended)
            if same(read(result, path).value, value):
                return result
        except (InvalidDocument, _Unmovable, RecursionError):
            continue
    hint = "change it by hand: what differs is part of an anchor, or has a style that cannot be kept"
    raise NotEditable("cannot be changed in place", where=path, hint=hint)


def _spliced(text: str, splices: list[Splice], ended: bool) -> str:
    """The text as it was given, with the splices of its form without carriage returns; `ended` gives it a last line end."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    end = "\r\n" if re.match(r"[^\n]*\r\n", text) else "\n"
    added = "" if text.endswith("\n") else end
    text += added
    returns = [found.start() - number for number, found in enumerate(re.finditer("\r\n", text))]
    moved = [
        (start + bisect_left(returns, start), stop + bisect_left(returns, stop), new.replace("\n", end))
        for start, stop, new in splices
    ]
    result = _applied(text, moved)
    return mark + (result.removesuffix(added) if added and not ended else result)


def _applied(text: str, splices: Sequence[Splice], start: int = 0, end: int | None = None) -> str:
    """A part of the text with the splices within it."""
    parts = []
    for begin, stop, new in sorted(splices, key=lambda one: one[:2]):
        parts += [text[start:begin], new]
        start = max(stop, start)
    return "".join(parts) + text[start : len(text) if end is None else end]


class _Edit:
    """Finds the splices of one text."""

    def __init__(self, text: str, blocks: bool) -> None:
        self._text = text
        self._blocks = blocks

    def of(self, root: Node, value: Json) -> list[Splice]:
        """The splices that make the document say another value."""
        inside = self._inside(root, value)
        if inside is not None:
            return inside
        if root.kind == "empty":
            return [(len(self._text), len(self._text), write(value))]
        return [(root.begin, root.end, write(value).removesuffix("\n"))]

    def _inside(self, node: Node, value: Json) -> list[Splice] | None:
        """The splices within a collection that stays one; None for a value that is to be replaced as a whole."""
        if same(node.value, value):
            return []
        fits = isinstance(node.value, dict | list) and type(node.value) is type(value) and bool(value)
        if not fits or not node.value or node.kind == "alias":
            return None
        if isinstance(value, dict) and isinstance(node.value, dict):
            found = aligned_keys(node.value, value)
            entries: list[tuple[str | None, Json]] = list(value.items())
            old = list(node.pairs)
        else:
            assert isinstance(value, list)
            assert isinstance(node.value, list)
            found = aligned_items(node.value, value)
            entries = [(None, entry) for entry in value]
            old = [(item, item) for item in node.items]
        if node.kind.startswith("flow"):
            return self._flow(node, old, entries, found)
        return self._block(node, old, entries, found)

    # -- block collections ------------------------------------------------------------------------------------------

    def _block(
        self, node: Node, old: list[tuple[Node, Node]], entries: list[tuple[str | None, Json]], found: list[int | None]
    ) -> list[Splice]:
        used = [number for number in found if number is not None]
        if not used:
            return [(node.begin, node.end, self._lines(entries, node.indent))]
        moved = used != sorted(used)
        spans = [self._span(old, number, moved) for number in range(len(old))]
        splices: list[Splice] = []
        slots, fresh = iter(sorted(used)), []
        last: int | None = None
        for (key, value), number in zip(entries, found, strict=True):
            if number is None:
                fresh.append((key, value))
                continue
            slot = next(slots)
            splices += self._added(fresh, node.indent, None if last is None else spans[last][1], spans[slot][0])
            fresh, last = [], slot
            changes = self._entry(old[number], key, value, node.indent)
            if slot == number:
                splices += changes
            else:
                if not self._blocks:
                    changes = changes or self._quoted_end(old[number], node.indent, key is None)
                splices.append((*spans[slot], _applied(self._text, changes, *spans[number])))
        assert last is not None
        splices += self._added(fresh, node.indent, spans[last][1], 0)
        return splices + self._removed(old, spans, set(used))

    def _quoted_end(self, pair: tuple[Node, Node], column: int, item: bool) -> list[Splice]:
        """Put a block that ends an entry, and would take in blank lines behind it, into quotes."""
        name, node = pair
        while node.kind in ("map", "list"):
            column, item = node.indent, node.kind == "list"
            name, node = (node.items[-1], node.items[-1]) if item else node.pairs[-1]
        return self._replaced((name, node), node.value, column, item) if node.kind in ("literal", "folded") else []

    def _span(self, old: list[tuple[Node, Node]], number: int, moved: bool) -> tuple[int, int]:
        """Where an entry begins and where its last line ends; one that may move takes the comments right above along."""
        lead = old[number][0].lead
        end = self._text.index("\n", old[number][1].end)
        if moved and number:
            first = self._text.index("\n", old[number - 1][1].end) + 1
            line = self._text.rindex("\n", 0, lead) + 1
            while line > first:
                above = self._text.rindex("\n", 0, line - 1) + 1
                comment = self._text[above:line].lstrip(" ")
                if not comment.startswith("#"):
                    break
                lead, line = line - len(comment), above
        return lead, end

    def _added(self, entries: list[tuple[str | None, Json]], column: int, after: int | None, before: int) -> list[Splice]:
        """New entries behind the line that ends at `after`, else in front of the entry that begins at `before`."""
        if not entries:
            return []
        lines, margin = self._lines(entries, column), " " * column
        return [(before, before, f"{lines}\n{margin}") if after is None else (after, after, f"\n{margin}{lines}")]

    def _lines(self, entries: list[tuple[str | None, Json]], column: int) -> str:
        """Entries as text that begins at a column."""
        keyed = {key: value for key, value in entries if key is not None}
        return "\n".join(block_lines(keyed or [value for _, value in entries], column, self._blocks))[column:]

    def _removed(self, old: list[tuple[Node, Node]], spans: list[tuple[int, int]], used: set[int]) -> list[Splice]:
        """Take out the entries that are not used; comments in lines of their own stay."""
        text, splices, first, begin = self._text, [], min(used), 0
        lead = old[0][0].lead
        if first and text[text.rfind("\n", 0, lead) + 1 : lead].strip(" "):  # it stands behind a dash
            gaps = [text[spans[number][1] : old[number + 1][0].lead] for number in range(first)]
            if "".join(gaps).strip():
                splices.append((len(text[:lead].rstrip(" ")), spans[0][1], ""))
                begin = 1
            else:
                splices.append((lead, old[first][0].lead, ""))
                begin = first
        for number in range(begin, len(old)):
            if number not in used:
                line = text.rfind("\n", 0, old[number][0].lead) + 1
                end = spans[number][1] + 1
                if not self._blocks:  # blank lines would belong to the text before
                    end += len(text[end:]) - len(text[end:].lstrip("\n"))
                splices.append((line, end, ""))
        return splices

    def _entry(self, pair: tuple[Node, Node], key: str | None, value: Json, column: int) -> list[Splice]:
        """The splices of one entry, which may get another name and another value."""
        name, node = pair
        splices: list[Splice] = []
        if key is not None and name.value != key:
            splices.append((name.begin, name.end, written_key(key, column)))
        inside = self._inside(node, value)
        if inside is not None:
            return splices + inside
        if key is not None and name.lead != name.begin:  # the key behind a question mark
            return [(name.lead, node.end, self._lines([(key, value)], column))]
        return splices + self._replaced(pair, value, column, key is None)

    # -- values -----------------------------------------------------------------------------------------------------

    def _replaced(self, pair: tuple[Node, Node], value: Json, column: int, item: bool) -> list[Splice]:
        """Replace a value as a whole; a comment behind its key, its indicator or the value itself stays."""
        name, node = pair
        text = self._text
        colon = _COLON.match(text, name.end)
        assert item or colon is not None
        lead = name.lead + 1 if item or colon is None else colon.end()
        below = "\n" in text[lead : node.begin] and node.kind != "empty"
        begin = lead if below or node.kind == "empty" else node.begin
        place = column + 2 if not item or begin == lead else begin - (text.rfind("\n", 0, begin) + 1)
        head, rest = self._parts(node, value, place, item)
        space = " " if head and begin == lead else ""
        if below:
            line_end = text.index("\n", lead)
            stop = text.index("\n", node.end)
            first = text.rindex("\n", 0, node.begin)
            same_line = (begin, begin, space + head)
            if first == line_end:
                return [same_line, (line_end, stop, rest)]
            return [same_line, (line_end, line_end, rest), (first, stop, "")]
        if node.kind in ("literal", "folded"):
            indicator = _INDICATOR.match(text, node.start)
            assert indicator is not None
            line_end = text.index("\n", node.start)
            return [(begin, indicator.end(), space + head), (line_end, max(node.end, line_end), rest)]
        if head:
            stop = text.index("\n", node.end)
            return [(begin, node.end, space + head), *([(stop, stop, rest)] if rest else [])]
        stop = text.index("\n", node.end)
        return [(len(text[:begin].rstrip(" \t")), node.end, ""), (stop, stop, rest)]

    def _parts(self, node: Node, value: Json, column: int, item: bool) -> tuple[str, str]:
        """What comes behind the key or dash, and the further lines with their line end; `column` is where these begin."""
        if isinstance(value, dict | list) and value:
            lines = list(block_lines(value, column, self._blocks))
            if not item:
                return "", "".join(["\n" + line for line in lines])
            return lines[0][column:], "".join(["\n" + line for line in lines[1:]])
        if not isinstance(value, str):
            return inline(value, column), ""
        if node.kind in ("double", "single") and "\n" not in value:
            return quoted_as(node.kind, value), ""
        head, newline, rest = inline(value, column).partition("\n")
        if newline and not (head.startswith("|") and self._blocks):
            return quoted_as("double", value), ""
        return head, newline + rest

    # -- flow collections -------------------------------------------------------------------------------------------

    def _flow(
        self, node: Node, old: list[tuple[Node, Node]], entries: list[tuple[str | None, Json]], found: list[int | None]
    ) -> list[Splice]:
        """Put each entry where it belongs; if their number changes, they are separated as before."""
        spans = [(name.lead, value.end) for name, value in old]
        parts: list[str] = []
        splices: list[Splice] = []
        for place, ((key, value), number) in enumerate(zip(entries, found, strict=True)):
            if number is None:
                parts.append(flow_text(value) if key is None else f"{flow_text(key)}: {flow_text(value)}")
                continue
            changes = self._flow_entry(old[number], key, value)
            parts.append(_applied(self._text, changes, *spans[number]))
            splices += changes if place == number else [(*spans[min(place, len(old) - 1)], parts[-1])]
        if len(parts) == len(old) and None not in found:
            return splices
        gaps = [self._text[spans[number][1] : spans[number + 1][0]] for number in range(len(old) - 1)]
        if "#" in "".join(gaps) or self._text[node.start] not in "[{":
            raise _Unmovable
        return [(spans[0][0], spans[-1][1], (gaps[0] if gaps else ", ").join(parts))]

    def _flow_entry(self, pair: tuple[Node, Node], key: str | None, value: Json) -> list[Splice]:
        name, node = pair
        splices: list[Splice] = []
        if key is not None and name.value != key:
            splices.append((name.begin, name.end, flow_text(key)))
        inside = self._inside(node, value)
        if inside is not None:
            return splices + inside
        quoted = isinstance(value, str) and node.kind in ("double", "single")
        shown = quoted_as(node.kind, value) if quoted and isinstance(value, str) else flow_text(value)
        if key is not None and node.kind == "empty":
            between = self._text[name.end : node.begin]
            shown = ("" if between.endswith((" ", "\n")) else " " if ":" in between else ": ") + shown
        return [*splices, (node.begin, node.end, shown)]


class _Unmovable(Exception):
    """Entries within brackets cannot be added, moved or removed."""
