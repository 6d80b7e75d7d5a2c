"""Parses what may stand inside of a line of YAML: quoted texts, aliases, anchors, tags, and flow collections."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.formats.yaml.nodes import Branch, Node
from runner.formats.yaml.scalars import REAL, Unreadable, joined, resolve, unescaped
from runner.model.json import Json
from runner.rules.text import text_of

DEEPEST = 100
"""Levels of nested lists and mappings; a request has five."""

REPEATED = 1_000_000
"""Characters and values that aliases may repeat, in addition to ten times the size of the text."""

_DOUBLE = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)
_SINGLE = re.compile(r"'([^']*+(?:''[^']*+)*+)'")
_ANCHOR = re.compile(r"[&*]([^ \t\n\0,\[\]{}]+)")
_TAG = re.compile(r"!(?:<([^>\s]*)>|([^ \t\n\0,\[\]{}]*))(?=[ \t\n,\]}])")
_MARKER = re.compile(r"(?m)^(?:---|\.\.\.)(?=[ \t\n])")


def _plain_patterns(ends: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The first and each further line of a text without quotes; `ends` has what ends it besides `: ` and ` #`."""
    rest = rf"(?:[^ \t\n\0:#{ends}]++|:(?![ \t\n{ends}])|(?<![ \t])#|[ \t]++(?![#\n]))*+"
    first = rf"(?:[^ \t\n\0,\[\]{{}}#&*!|>'\"%@`?:-]|[?:-](?=[^ \t\n{ends}]))"
    return re.compile(first + rest), re.compile(rf"(?:[^ \t\n\0#:{ends}]|:(?![ \t\n{ends}]))" + rest)


BLOCK_TEXT = _plain_patterns("")
FLOW_TEXT = _plain_patterns(r",\[\]{}")
_LINE_END = re.compile(r"[ \t]*+\n((?:[ \t]*+\n)*+)( *+)[ \t]*+(?=[^#\0])")
_SPACE = re.compile(r"(?:[ \t\n]++|(?<=[ \t\n])#[^\n]*+)*+")
_AFTER_KEY = frozenset(" \t\n,[]{}")

STANDARD = "tag:yaml.org,2002:"
TEXT_TAGS: dict[str, Callable[[Json], bool]] = {
    "str": lambda value: True,
    "null": lambda value: value is None,
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}
"""The tags of the core schema for scalars, and which values they allow."""


class FlowParser:
    """The part of the parser that needs no indentation; `at` is the offset of the next character to look at."""

    def __init__(self, text: str) -> None:
        self.text = text + ("" if text.endswith("\n") else "\n") + "\0"
        self.at = 0
        self.depth = 0
        self.is_plain = True
        self._anchors: dict[str, Node] = {}  # of several with the same name the one that begins last counts
        self._repeatable = REPEATED + 10 * len(text)

    def _at_marker(self, at: int) -> bool:
        """Whether a line that begins here ends the document."""
        return bool(_MARKER.match(self.text, at))

    def _deeper(self, at: int) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable(at, f"nested more than {DEEPEST} levels deep")

    def _new_key(self, key: Node, known: dict[str, Json]) -> str:
        """The name of a key, which must be new; a number, true or null is named as JavaScript does."""
        if isinstance(key.value, dict | list):
            raise Unreadable(key.begin, "a key that is not text", "put it in quotes")
        name = key.value if isinstance(key.value, str) else "" if key.value is None else text_of(key.value)
        if name in known:
            error = Unreadable(key.begin, f'the key "{name[:80]}" is there twice')
            error.keys.append(name)
            raise error
        key.value = name
        return name

    # -- anchors and tags -------------------------------------------------------------------------------------------

    def _properties(self) -> tuple[str, str | None]:
        """Read anchor and tag, and the blanks behind them: the name of the anchor, and the tag (None without one)."""
        anchor, tag = "", None
        while (mark := self.text[self.at]) in "&!":
            self.is_plain = False
            found = (_ANCHOR if mark == "&" else _TAG).match(self.text, self.at)
            if found is None or (anchor if mark == "&" else tag is not None):
                raise Unreadable(self.at, f"a text that begins with {mark}", "put it in quotes")
            if mark == "&":
                anchor = found[1]
            else:
                tag = self._tag_name(found)
            self.at = found.end()
            if self.text[self.at] not in " \t\n,]}":
                raise Unreadable(self.at, "a space is missing")
            while self.text[self.at] in " \t":
                self.at += 1
        return anchor, tag

    def _tag_name(self, found: re.Match[str]) -> str:
        if found[1] is None and not found[2]:
            return "!"
        name = found[1].removeprefix(STANDARD) if found[1] else found[2].removeprefix("!")
        standard = found[1].startswith(STANDARD) if found[1] else found[2].startswith("!")
        if not standard or name not in (*TEXT_TAGS, "map", "seq"):
            hint = "put a text that begins with ! in quotes"
            raise Unreadable(found.start(), f"the tag {found[0][:80]} is not known", hint)
        return name

    def _named(self, node: Node, begin: int, anchor: str, tag: str | None) -> Node:
        """A value with its anchor and tag, which begin at `begin`."""
        if not anchor and tag is None:
            return node
        if node.kind == "alias":
            raise Unreadable(begin, "an alias takes no anchor or tag of its own")
        node.lead = node.begin = begin
        if tag is not None:
            node.value = self._tagged(node, begin, tag)
        known = self._anchors.get(anchor)
        if anchor and (known is None or known.begin < begin):
            self._anchors[anchor] = node
        return node

    def _tagged(self, node: Node, begin: int, tag: str) -> Json:
        collection = isinstance(node.value, dict | list)
        if tag == "!":
            return node.value if collection else self._text_in(node)
        if collection or tag in ("map", "seq"):
            fits = type(node.value) is {"map": dict, "seq": list}.get(tag)
        elif tag == "str":
            return self._text_in(node)
        else:
            text = self._text_in(node)
            value = resolve(text)
            if tag == "float" and REAL.match(text):
                value = float(text)
            if TEXT_TAGS[tag](value):
                return value
            fits = False
        if not fits:
            raise Unreadable(begin, f"what follows is not a value of the tag !!{tag}")
        return node.value

    def _text_in(self, node: Node) -> str:
        """A scalar as the text that it was written as."""
        return node.value if isinstance(node.value, str) else self.text[node.start : node.end]

    def _alias(self) -> Node:
        found = _ANCHOR.match(self.text, self.at)
        known = self._anchors.get(found[1]) if found else None
        if found is None or known is None:
            reason = "an alias of something that is not there before it" if found else "a text that begins with *"
            raise Unreadable(self.at, reason, "put a text that begins with * in quotes")
        size, levels = _measure(known.value)
        self._repeatable -= size
        if self._repeatable < 0:
            raise Unreadable(self.at, "aliases repeat too much")
        if self.depth + levels > DEEPEST:
            raise Unreadable(self.at, f"nested more than {DEEPEST} levels deep")
        node = Node("alias", self.at, found.end(), _copy(known.value))
        self.at = found.end()
        return node

    # -- texts ------------------------------------------------------------------------------------------------------

    def _quoted(self, parent: int) -> Node:
        """A text in quotes; its further lines are indented more than `parent`."""
        start = self.at
        double = self.text[start] == '"'
        found = (_DOUBLE if double else _SINGLE).match(self.text, start)
        if found is None:
            raise Unreadable(start, "a quote that is never closed")
        body = found[1]
        if "\n" in body:
            self._check_lines(start, found.end(), parent)
            body = joined(body.split("\n"), double)
        if not double:
            body = body.replace("''", "'")
        elif "\\" in body:
            body = unescaped(body, start)
        self.at = found.end()
        return Node("double" if double else "single", start, found.end(), body)

    def _plain(self, parent: int, patterns: tuple[re.Pattern[str], re.Pattern[str]]) -> Node:
        """A text without quotes, which goes on in lines that are indented more than `parent`."""
        text, start = self.text, self.at
        found = patterns[0].match(text, start)
        if found is None:
            raise self._no_plain()
        lines = [found[0].rstrip(" \t")]
        end = start + len(lines[0])
        while text[end] not in ":#" and (more := _LINE_END.match(text, end)):
            found = patterns[1].match(text, more.end())
            if found is None or len(more[2]) <= parent or (not more[2] and self._at_marker(more.end())):
                break
            lines += [""] * more[1].count("\n")
            lines.append(found[0].rstrip(" \t"))
            end = more.end() + len(lines[-1])
        self.at = end
        return Node("plain", start, end, resolve(lines[0]) if len(lines) == 1 else joined(lines))

    def _check_lines(self, start: int, end: int, parent: int) -> None:
        """Whether the further lines of a text belong to it."""
        for line in re.compile(r"\n( *)(?![ \t\n])").finditer(self.text, start, end):
            if len(line[1]) <= parent:
                raise Unreadable(line.end(), "a line of a text in quotes is indented too little")
            if not line[1] and self._at_marker(line.end()):
                raise Unreadable(line.end(), "the document ends within a text in quotes")

    def _no_plain(self) -> Unreadable:
        """Why a text without quotes cannot begin here."""
        mark = self.text[self.at]
        if mark in "-?:":
            return Unreadable(self.at, f'"{mark} " cannot stand here')
        return Unreadable(self.at, f"a text without quotes cannot begin with {mark}", "put it in quotes")

    # -- flow collections -------------------------------------------------------------------------------------------

    def _flow(self, parent: int) -> Node:
        """A collection in brackets; its further lines are indented more than `parent`, but for the bracket at the end."""
        start, is_map = self.at, self.text[self.at] == "{"
        closing = "}" if is_map else "]"
        value: dict[str, Json] = {}
        node = Branch("flow-map" if is_map else "flow-list", start, 0, value if is_map else [])
        pairs: list[tuple[Node, Node]] = []
        items: list[Node] = []
        self._deeper(start)
        self.at += 1
        while self._space(parent) != closing:
            if self.text[self.at] == ",":
                raise Unreadable(self.at, "a comma without a value before it")
            if is_map:
                self._flow_pair(parent, value, pairs)
            else:
                items.append(self._flow_item(parent, len(items)))
            follows = self._space(parent)
            if follows == ",":
                self.at += 1
            elif follows != closing:
                reason = f"{self.text[start]} is never closed" if follows == "\0" else f", or {closing} is expected here"
                raise Unreadable(start if follows == "\0" else self.at, reason)
        self.at += 1
        self.depth -= 1
        if not is_map:
            node.value = [item.value for item in items]
        node.pairs, node.items, node.end = pairs, items, self.at
        return node

    def _space(self, parent: int) -> str:
        """Go to the next character that counts."""
        text, before = self.text, self.at
        found = _SPACE.match(text, before)
        assert found is not None
        self.at = at = found.end()
        self.is_plain = self.is_plain and "#" not in found[0]
        mark = text[at]
        if mark == "#":
            raise Unreadable(at, "a comment needs a space before its #")
        line = text.rfind("\n", before, at) + 1
        if line and mark not in "]}\0":
            indent = len(text[line:at]) - len(text[line:at].lstrip(" "))
            if indent <= parent:
                raise Unreadable(at, "a line within brackets is indented too little")
        if line == at and self._at_marker(at):
            raise Unreadable(at, "the document ends within brackets")
        return mark

    def _flow_pair(self, parent: int, value: dict[str, Json], pairs: list[tuple[Node, Node]]) -> None:
        """A key and its value, which is null without a colon."""
        text = self.text
        lead = self.at
        if text[lead] == "?" and text[lead + 1] in _AFTER_KEY:
            self.at += 1
            self._space(parent)
        key = self._flow_node(parent)
        key.lead = lead
        end = self.at
        name = self._new_key(key, value)
        try:
            follows = self._space(parent)
            if follows == ":" and (text[self.at + 1] in _AFTER_KEY or key.kind in ("double", "single")):
                self.at += 1
                self._space(parent)
                child = self._flow_node(parent)
            else:
                self.at = end
                child = Node("empty", end, end, None)
        except Unreadable as error:
            error.keys.append(name)
            raise
        value[name] = child.value
        pairs.append((key, child))

    def _flow_item(self, parent: int, number: int) -> Node:
        """An item of a list: a value, or a mapping of one key without brackets."""
        text, start = self.text, self.at
        try:
            if text[start] == "?" and text[start + 1] in _AFTER_KEY:
                return self._single_pair(parent)
            node = self._flow_node(parent)
            end = self.at
            while text[self.at] in " \t":
                self.at += 1
            json_like = node.kind not in ("plain", "alias", "empty")
            if text[self.at] == ":" and (json_like or text[self.at + 1] in _AFTER_KEY):
                if "\n" in text[start : self.at]:
                    raise Unreadable(self.at, "a key within [ ] must be on one line")
                self.at = start
                return self._single_pair(parent)
            self.at = end
            return node
        except Unreadable as error:
            error.keys.append(number)
            raise

    def _single_pair(self, parent: int) -> Node:
        start = self.at
        value: dict[str, Json] = {}
        pairs: list[tuple[Node, Node]] = []
        self._flow_pair(parent, value, pairs)
        node = Branch("flow-map", start, self.at, value)
        node.pairs = pairs
        return node

    def _flow_node(self, parent: int) -> Node:
        begin = self.at
        anchor, tag = self._properties()
        self._space(parent)
        mark = self.text[self.at]
        if mark in "\"'":
            node = self._quoted(parent)
        elif mark in "[{":
            node = self._flow(parent)
        elif mark == "*":
            node = self._alias()
        elif mark in ",]}" or (mark == ":" and self.text[self.at + 1] in _AFTER_KEY):
            node = Node("empty", self.at, self.at, None)
        else:
            node = self._plain(parent, FLOW_TEXT)
        return self._named(node, begin, anchor, tag)


def _measure(value: Json) -> tuple[int, int]:
    """The characters and values in a value, and its levels."""
    if isinstance(value, dict | list):
        inside = [_measure(entry) for entry in (value.values() if isinstance(value, dict) else value)]
        size = 1 + sum(size for size, _ in inside) + sum(map(len, value) if isinstance(value, dict) else ())
        return size, 1 + max((levels for _, levels in inside), default=0)
    return 1 + (len(value) if isinstance(value, str) else 0), 0


def _copy(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _copy(entry) for key, entry in value.items()}
    return [_copy(entry) for entry in value] if isinstance(value, list) else value
