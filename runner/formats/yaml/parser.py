"""Parses YAML text into nodes: one document, from its first character to its last, each character looked at once.

A method begins at `at`. Those that read block content leave `at` at the next content and its column in `indent`.
"""

from __future__ import annotations

import re
from functools import cache

from runner.formats.yaml.flow import BLOCK_TEXT, FlowParser
from runner.formats.yaml.nodes import Branch, Node
from runner.formats.yaml.scalars import WORDS, Unreadable, folded, resolve
from runner.model.json import Json

BLANK = frozenset(" \t\n\0")

LONGEST_KEY = 1024
"""Characters of a key without `?` before it."""

_GAP = re.compile(r"((?:[ \t]*+(?:#[^\n]*+)?\n)*+)( *+)")
"""The rest of a line without content, further lines without content, the indentation of the next line."""
_REST = re.compile(r"[ \t]*+(?=(?:(?<=[ \t\n])#[^\n]*+)?\n)")
_COLON = re.compile(r"[ \t]*+:(?=[ \t\n])")
_SIMPLE_KEY = re.compile(r"([A-Za-z_$][\w$.-]*+):(?=[ \n])", re.ASCII)
_SIMPLE_ENTRY = re.compile(
    r"([A-Za-z_$][\w$.-]*+):[ ]"
    r"(?:([A-Za-z0-9/$_.~+](?:[^\n\0:#]++|:(?![ \t\n])|(?<![ \t])[#])*+(?<![ \t]))|\"([^\"\\\n]*+)\")"
    r"\n([ ]*+)(?=[^ \n#\t])",
    re.ASCII,
)
"""A key with a text of one line, without quotes or in double ones, and the indentation of the next line."""
_HEADER = re.compile(r"[|>](?:([1-9])([+-]?)|([+-]?)([1-9]?))(?=[ \t]*\n|[ \t]+#)[^\n]*\n")
_EMPTY_LINES = re.compile(r"(?: *\n)*")


class Parser(FlowParser):
    """Parses one text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.indent = 0

    def document(self) -> Node:
        """The value of the text, `empty` if there is none; raises `Unreadable`."""
        text = self.text
        self._next()
        self._directives()
        if text[self.at] == "-" and self._at_marker(self.at):
            self.at += 3
            node = self._node(-1)
        elif self.indent < 0:
            node = Node("empty", self.at, self.at, None)
        else:
            node = self._block(-1)
        if self.indent >= 0:
            raise Unreadable(self.at, "this belongs to nothing before it", "is it indented as its neighbours?")
        while text.startswith("...", self.at):
            self.at += 3
            self._next()
        if text[self.at] != "\0":
            raise Unreadable(self.at, "there is a second document", "a file holds one: remove the rest, or the line ---")
        return node

    def _directives(self) -> None:
        version = False
        while self.indent == 0 and self.text[self.at] == "%":
            line = self.text[self.at : self.text.index("\n", self.at)]
            if not re.fullmatch(r"%YAML[ \t]+1\.2[ \t]*(?:[ \t]#.*)?", line) or version:
                raise Unreadable(self.at, "only the directive %YAML 1.2 is supported", "remove the line")
            version, self.is_plain = True, False
            self.at += len(line)
            self._next()
        if version and not self.text.startswith("---", self.at):
            raise Unreadable(self.at, "the line --- is missing behind the directive")

    def _next(self) -> None:
        """Go to the next content; `indent` becomes -1 at the end of the document."""
        text, at = self.text, self.at
        if text[at] == "#" and at and text[at - 1] not in BLANK:
            raise Unreadable(at, "a comment needs a space before its #")
        found = _GAP.match(text, at)
        assert found is not None
        line, self.at = found.span(2)
        if "#" in found[1]:
            self.is_plain = False
        if line == at and at and text[at - 1] != "\n" and text[self.at] != "\0":
            raise self._unexpected()
        first = text[self.at]
        if first == "\t":
            raise Unreadable(self.at, "a tab as indentation", "YAML is indented with spaces")
        self.indent = -1 if first == "\0" or (self.at == line and self._at_marker(line)) else self.at - line

    def _unexpected(self) -> Unreadable:
        if _COLON.match(self.text, self.at):
            return Unreadable(self.at, "a mapping cannot begin here", 'put a text with ": " in quotes')
        return Unreadable(self.at, "something follows the value", "put a text in quotes as a whole")

    # -- block collections ------------------------------------------------------------------------------------------

    def _node(self, parent: int, *, compact: bool = False, same: bool = False) -> Node:
        """The value behind `key:`, `-`, `?` or `---`, whose own column is `parent`.

        With `compact` a block collection may begin on this line; with `same` a list may be indented as its key.
        """
        text, start = self.text, self.at
        while text[start] in " \t":
            start += 1
        first = text[start]
        if first == "\n" or (first == "#" and start > self.at):
            return self._below(parent, same)
        if not compact and first not in "&!":
            if first in "-?:" and text[start + 1] in BLANK:
                raise Unreadable(start, "a list or mapping cannot begin here", "it begins on the next line")
            self.at = start
            return self._scalar(parent)
        blanks = text[self.at : start]
        self.at = start
        if compact:
            node = self._block(parent, same)
            if "\t" in blanks and node.kind in ("map", "list"):
                raise Unreadable(start, "a tab as indentation", "YAML is indented with spaces")
            return node
        return self._marked(parent, same) or self._scalar(parent)

    def _below(self, parent: int, same: bool) -> Node:
        """The value on the next lines."""
        origin = self.at
        self._next()
        if self.indent > parent or (same and self.indent == parent and self._at_indicator("-")):
            return self._block(parent)
        return Node("empty", origin, origin, None)

    def _at_indicator(self, mark: str) -> bool:
        return self.text[self.at] == mark and self.text[self.at + 1] in BLANK

    def _block(self, parent: int, same: bool = False) -> Node:
        """A value that begins at its own place: a block collection or a scalar."""
        text, start = self.text, self.at
        first = text[start]
        if first in "&!":
            node = self._marked(parent, same)
            if node is not None:
                return node
        column = start - (text.rfind("\n", 0, start) + 1)
        if first in "-?" and text[start + 1] in BLANK:
            return self._list(column) if first == "-" else self._mapping(column, None)
        if _SIMPLE_KEY.match(text, start):
            return self._mapping(column, None)
        key = self._key()
        return self._scalar(parent) if key is None else self._mapping(column, key)

    def _marked(self, parent: int, same: bool) -> Node | None:
        """A value below its anchor and tag; None if they stand before something in their own line."""
        begin = self.at
        anchor, tag = self._properties()
        if not _REST.match(self.text, self.at):
            self.at = begin
            return None
        return self._named(self._below(parent, same), begin, anchor, tag)

    def _mapping(self, column: int, key: Node | None) -> Node:
        """A mapping that begins with a key that was read already, or else here."""
        pairs: list[tuple[Node, Node]] = []
        value: dict[str, Json] = {}
        node = Branch("map", self.at if key is None else key.begin, 0, value, column)
        self._deeper(node.begin)
        if key is None:
            self._simple_entries(column, pairs, value)
        while not pairs or self.indent == column:
            name: str | None = None
            key = key or self._key()
            if key is None and not self._at_indicator("?"):
                raise Unreadable(self.at, "a key and a colon are expected here", "key: value")
            try:
                if key is None:
                    key, child = self._explicit(column)
                    name = self._new_key(key, value)
                else:
                    name = self._new_key(key, value)
                    child = self._node(column, same=True)
            except Unreadable as error:
                error.keys += [] if name is None else [name]
                raise
            value[name] = child.value
            pairs.append((key, child))
            key = None
            if self.indent == column:
                self._simple_entries(column, pairs, value)
        last, child = pairs[-1]
        if self.indent > column:
            raise self._misplaced(column, str(last.value))
        self.depth -= 1
        node.pairs, node.end = pairs, child.end
        return node

    def _misplaced(self, column: int, behind: str | int) -> Unreadable:
        error = Unreadable(self.at, f"indented by {self.indent} spaces, but its neighbours by {column}")
        error.keys.append(behind)
        return error

    def _simple_entries(self, column: int, pairs: list[tuple[Node, Node]], value: dict[str, Json]) -> None:
        """The next entries as far as they are simple; only this makes reading fast."""
        text, at = self.text, self.at
        while found := _SIMPLE_ENTRY.match(text, at):
            (_, end), (_, key_end), (start, stop), quotes, margin = found.regs
            name, indent = text[at:key_end], margin[1] - margin[0]
            if indent > column or name in value or name in WORDS or (not column and text[end] in "-."):
                break
            if start >= 0:
                child = Node("plain", start, stop, resolve(text[start:stop]))
            else:
                start, stop = quotes
                child = Node("double", start - 1, stop + 1, text[start:stop])
            value[name] = child.value
            pairs.append((Node("plain", at, key_end, name), child))
            self.at, self.indent = at, indent = end, -1 if text[end] == "\0" else indent
            if indent != column:
                break

    def _explicit(self, column: int) -> tuple[Node, Node]:
        """The key behind a `?` with its value."""
        lead = self.at
        self.at += 1
        key = self._node(column, compact=True)
        key.lead = lead
        if self.indent == column and self._at_indicator(":"):
            self.at += 1
            return key, self._node(column, compact=True, same=True)
        return key, Node("empty", key.end, key.end, None)

    def _list(self, column: int) -> Node:
        items: list[Node] = []
        value: list[Json] = []
        node = Branch("list", self.at, 0, value, column)
        self._deeper(self.at)
        while True:
            lead = self.at
            self.at += 1
            try:
                child = self._node(column, compact=True)
            except Unreadable as error:
                error.keys.append(len(items))
                raise
            child.lead = lead
            items.append(child)
            value.append(child.value)
            if self.indent != column or not self._at_indicator("-"):
                break
        if self.indent > column:
            raise self._misplaced(column, len(items) - 1)
        self.depth -= 1
        node.items, node.end = items, child.end
        return node

    def _key(self) -> Node | None:
        """A key on one line, with `at` behind its colon; None if there is none here."""
        text, begin = self.text, self.at
        found = _SIMPLE_KEY.match(text, begin)
        if found:
            self.at = found.end()
            return Node("plain", begin, found.end(1), resolve(found[1]))
        anchor, tag = self._properties()
        node = self._key_value()
        colon = None if node is None else _COLON.match(text, self.at)
        if node is None or colon is None or "\n" in text[node.start : node.end]:
            self.at = begin
            return None
        if node.end - begin > LONGEST_KEY:
            raise Unreadable(begin, f"a key of more than {LONGEST_KEY} characters", "write ? before it")
        self.at = colon.end()
        return self._named(node, begin, anchor, tag)

    def _key_value(self) -> Node | None:
        """What may be a key; None if nothing that begins here can be one."""
        text, start = self.text, self.at
        first = text[start]
        if first in "\"'":
            return self._quoted(-1)
        if first in "[{":
            return self._flow(-1)
        if first == "*":
            return self._alias()
        found = BLOCK_TEXT[0].match(text, start)
        if found is None:
            return Node("empty", start, start, None) if first == ":" else None
        shown = found[0].rstrip(" \t")
        self.at = start + len(shown)
        return Node("plain", start, self.at, resolve(shown))

    # -- scalars ----------------------------------------------------------------------------------------------------

    def _scalar(self, parent: int) -> Node:
        """A scalar, a flow collection or an alias, perhaps behind an anchor and a tag."""
        begin = self.at
        anchor, tag = self._properties()
        first = self.text[self.at]
        if first in "|>":
            node = self._lines(parent)
        else:
            if first in "\"'":
                node = self._quoted(parent)
            elif first in "[{":
                node = self._flow(parent)
            elif first == "*":
                node = self._alias()
            else:
                node = self._block_plain(parent)
            self._next()
        return self._named(node, begin, anchor, tag)

    def _block_plain(self, parent: int) -> Node:
        node = self._plain(parent, BLOCK_TEXT)
        if "\n" in self.text[node.start : node.end] and _COLON.match(self.text, node.end):
            raise Unreadable(node.end, "a mapping cannot begin in the middle of a text", "is a line indented too much?")
        return node

    def _lines(self, parent: int) -> Node:
        """A block of lines behind `|` or `>`."""
        text, start = self.text, self.at
        header = _HEADER.match(text, start)
        if header is None:
            raise Unreadable(start, "only +, -, a digit and a comment may follow | and >", "put a text in quotes")
        self.is_plain = self.is_plain and "#" not in header[0]
        digit, chomping = header[1] or header[4], header[2] or header[3]
        begin = header.end()
        content, indent = self._indented(begin, parent, int(digit or 0))
        raw = content.split("\n")[:-1]
        lines = [line[indent:] for line in raw]
        used = len(lines)
        while used and not lines[used - 1]:
            used -= 1
        value = "\n".join(lines[:used]) if text[start] == "|" else folded(lines[:used])
        if chomping != "-":
            value += "\n" * (bool(used) + (len(lines) - used if chomping == "+" else 0))
        self.at = begin + len(content)
        shown = len(raw) if chomping == "+" else used
        end = begin + len("\n".join(raw[:shown])) if shown else begin - 1
        node = Branch("literal" if text[start] == "|" else "folded", start, end, value, indent)
        self._next()
        return node

    def _indented(self, begin: int, parent: int, digit: int) -> tuple[str, int]:
        """The lines of a block scalar with their line ends, and its indentation: told by `digit` or by the first text."""
        text, least = self.text, parent + 1
        empty = _EMPTY_LINES.match(text, begin)
        assert empty is not None
        lead = _spaces(text, empty.end())
        longest = max(map(len, empty[0].split("\n")))
        if lead < least and text[empty.end() + lead] == "\t":
            raise Unreadable(empty.end() + lead, "a tab as indentation", "YAML is indented with spaces")
        if digit:
            indent = max(parent, 0) + digit
        elif lead < least or text[empty.end() + lead] == "\0":  # there are no lines with text
            indent = max(longest, least)
        elif longest > lead:
            raise Unreadable(begin, "the first lines have more spaces than the first line with text", "add a digit: |2")
        else:
            indent = lead
        body = _lines_of(indent).match(text, begin)
        assert body is not None
        content = body[0]
        if not indent and (marker := re.search(r"(?m)^(?:---|\.\.\.)(?=[ \t\n])", content)):
            content = content[: marker.start()]
        return content, indent


@cache
def _lines_of(indent: int) -> re.Pattern[str]:
    """The lines that are indented so far, and empty ones."""
    return re.compile(f"(?: {{{indent}}}[^\\n\\0]*+\\n| {{0,{indent}}}\\n)*+")


def _spaces(text: str, at: int) -> int:
    """The number of spaces that begin here."""
    end = at
    while text[end] == " ":
        end += 1
    return end - at
