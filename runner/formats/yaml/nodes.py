"""What stands where in a YAML text."""

from __future__ import annotations

from collections.abc import Sequence

from runner.formats.places import line_and_column
from runner.logs import visible
from runner.model.json import Json

Keys = Sequence[str | int]
"""The keys and indices that lead to a value from the outermost one."""


class Node:
    """A value and its place: it is `text[start:end]`, without a line end behind it; `begin` is before its anchor and tag.

    `kind` is one of plain, single, double, literal, folded, map, list, flow-map, flow-list, alias and empty. `pairs` has
    the keys and values of a mapping, `items` the values of a list. `indent` is the column, from 0, in which the entries of
    a block collection or the lines of a block scalar begin. `lead` is where the entry begins that an item of a block list
    (at its dash) or a key (perhaps at a question mark) belongs to.
    """

    __slots__ = ("begin", "end", "kind", "lead", "start", "value")

    indent: int = 0
    pairs: Sequence[tuple[Node, Node]] = ()
    items: Sequence[Node] = ()

    def __init__(self, kind: str, start: int, end: int, value: Json) -> None:
        self.kind = kind
        self.lead = self.begin = self.start = start
        self.end = end
        self.value = value


class Branch(Node):
    """A node with an indentation: a collection, or a block of lines."""

    __slots__ = ("indent", "items", "pairs")

    def __init__(self, kind: str, start: int, end: int, value: Json, indent: int = 0) -> None:
        super().__init__(kind, start, end, value)
        self.indent = indent
        self.pairs: Sequence[tuple[Node, Node]] = ()
        self.items: Sequence[Node] = ()


class Document:
    """A YAML text that was read: its value, and the places of everything in it.

    `text` has no byte order mark and no carriage returns, and always a last line end; `root` has its offsets. `is_plain`
    says that there are no comments, anchors, tags and directives, so that the value is all there is.
    """

    def __init__(self, text: str, root: Node, is_plain: bool) -> None:
        self.text = text
        self.root = root
        self.value = root.value
        self.is_plain = is_plain

    def place(self, keys: Keys, *, key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of a value, or with `key` of the key that it has.

        Of what does not exist it is the place of the nearest collection around it.
        """
        return line_and_column(self.text, self.node(keys, key=key).begin)

    def node(self, keys: Keys, *, key: bool = False) -> Node:
        """The node of a value, or of its key; for what does not exist, that of the nearest collection around it."""
        node = name = self.root
        for step in keys:
            found: tuple[Node, Node] | None = None
            if isinstance(step, int) and 0 <= step < len(node.items):
                found = node.items[step], node.items[step]
            elif isinstance(step, str):
                found = next((pair for pair in node.pairs if pair[0].value == step), None)
            if found is None:
                return node
            name, node = found
        return name if key else node


def pointer(keys: Keys) -> str:
    """Keys and indices as Postman shows them in its messages: `/headers/0/value`."""
    return in_one_line("".join([f"/{key}" for key in keys]))


def in_one_line(text: str) -> str:
    """A text of a file as a message may quote it: without line ends and anything that steers a terminal."""
    return visible(text.replace("\x1b", "\\x1b").replace("\r", "\\r").replace("\n", "\\n"))
