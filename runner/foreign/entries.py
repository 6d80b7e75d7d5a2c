"""Values of a document that know their lines: what a file says, without a check of types at each step."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from runner.formats.yaml.nodes import Document, Node
from runner.model.json import Json
from runner.rules.text import text_of

BLOCKS = ("literal", "folded")


class Lines:
    """Where the lines of a text end, so that each place in it is found without counting from its beginning."""

    def __init__(self, text: str) -> None:
        ends, at = [], text.find("\n")
        while at >= 0:
            ends.append(at)
            at = text.find("\n", at + 1)
        self._ends: Sequence[int] = ends

    def number(self, at: int) -> int:
        """The number, from 1, of the line in which a place is."""
        return bisect_left(self._ends, at) + 1


class Entry:
    """A value of a document; what it does not have is an entry without a value."""

    __slots__ = ("_line", "_lines", "_node", "value")

    def __init__(self, value: Json, line: int = 0, node: Node | None = None, lines: Lines | None = None) -> None:
        self.value = value
        self._line = line
        self._node = node
        self._lines = lines

    @classmethod
    def of(cls, document: Document) -> Entry:
        """The outermost value of a YAML text."""
        return cls(document.value, node=document.root, lines=Lines(document.text))

    def __bool__(self) -> bool:
        """Whether there is a value other than null."""
        return self.value is not None

    @property
    def line(self) -> int:
        """The line where it stands, from 1; that of a text in lines of its own is the first of these."""
        if self._node is None or self._lines is None:
            return self._line
        return self._lines.number(self._node.begin) + self.in_lines

    @property
    def in_lines(self) -> bool:
        """Whether it is a text whose lines are lines of the file."""
        return self._node is not None and self._node.kind in BLOCKS

    def get(self, key: str) -> Entry:
        """The value of a key."""
        if not isinstance(self.value, dict) or key not in self.value:
            return Entry(None, self.line)
        if self._node is not None:
            for name, node in self._node.pairs:
                if name.value == key:
                    return Entry(node.value, node=node, lines=self._lines)
        return Entry(self.value[key], self.line)

    def text(self, key: str, default: str = "") -> str:
        """The value of a key as a text; an object or a list counts as missing."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return default if value is None or isinstance(value, (dict, list)) else text_of(value)

    def flag(self, key: str) -> bool:
        """Whether the value of a key is true."""
        return isinstance(self.value, dict) and self.value.get(key) is True

    def __iter__(self) -> Iterator[Entry]:
        """The items of a list; nothing else has any."""
        if isinstance(self.value, list):
            nodes = self._node.items if self._node is not None else ()
            for at, value in enumerate(self.value):
                node = nodes[at] if at < len(nodes) else None
                yield Entry(value, self._line if node is None else 0, node, self._lines)

    def pairs(self) -> Iterator[tuple[str, Entry]]:
        """The keys and values of an object."""
        if self._node is not None and self._node.pairs:
            for name, node in self._node.pairs:
                yield text_of(name.value), Entry(node.value, node=node, lines=self._lines)
        elif isinstance(self.value, dict):
            for key, value in self.value.items():
                yield key, Entry(value, self.line)
