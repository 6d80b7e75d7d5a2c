"""A syntax tree of JavaScript (ESTree), as `runner/sandbox/libraries/tree.js` tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from runner.model.json import Json, JsonObject


class Gap(Exception):
    """Something has no translation; the message says what."""


class Node:
    """One node of a tree."""

    __slots__ = ("_fields", "end", "line", "start", "type")

    def __init__(self, fields: JsonObject) -> None:
        self._fields: dict[str, Json] = fields
        self.type = cast("str", fields["type"])
        self.start, self.end, self.line = cast("tuple[int, int, int]", (fields["start"], fields["end"], fields["line"]))

    def get(self, name: str) -> Json:
        """A field that is not a node."""
        return self._fields.get(name)

    def text(self, name: str) -> str:
        """A field that is a text."""
        return cast("str", self._fields.get(name) or "")

    def child(self, name: str) -> Node:
        """The node of a field; raises `Gap` without one."""
        found = self._fields.get(name)
        if not isinstance(found, dict):
            raise Gap(f"{self.type} without {name}")
        return Node(found)

    def maybe(self, name: str) -> Node | None:
        """The node of a field that may be empty."""
        return self.child(name) if self._fields.get(name) is not None else None

    def children(self, name: str) -> list[Node]:
        """The nodes of a field; raises `Gap` for a list with holes."""
        found = cast("list[JsonObject | None]", self._fields.get(name) or [])
        if any(one is None for one in found):
            raise Gap("a list with holes")
        return [Node(one) for one in found if one is not None]

    def inside(self) -> Iterator[Node]:
        """Every node of the tree, itself first."""
        yield self
        for value in self._fields.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and "start" in one:
                    yield from Node(one).inside()

    @property
    def string(self) -> str | None:
        """The text of a literal, None for anything else."""
        if self.type == "Literal":
            value = self.get("value")
            return value if isinstance(value, str) else None
        if self.type == "TemplateLiteral" and not self._fields.get("expressions"):
            return self.children_texts()[0]
        return None

    def children_texts(self) -> list[str]:
        """The texts of a template between its expressions."""
        values = [
            cast("dict[str, str]", cast("JsonObject", one)["value"]) for one in cast("list[Json]", self.get("quasis"))
        ]
        return [value.get("cooked") or "" for value in values]


Step = tuple[str, list[Node] | Node | None]


def chain_of(node: Node) -> tuple[Node, list[Step]]:
    """What a chain of members begins with, and its steps.

    A step is a name with None, `[]` with the node in it, or `()` with the arguments.
    """
    steps: list[Step] = []
    while True:
        if node.type == "MemberExpression":
            if node.get("optional"):
                raise Gap("an optional chain")
            inner = node.child("property")
            named = inner.string if node.get("computed") else inner.text("name")
            steps.append((named, None) if named is not None else ("[]", inner))
            node = node.child("object")
        elif node.type == "CallExpression":
            if node.get("optional"):
                raise Gap("an optional chain")
            steps.append(("()", node.children("arguments")))
            node = node.child("callee")
        else:
            return node, steps[::-1]


def path_of(node: Node) -> str:
    """A chain as one word: `pm.response.json()`, with `()` for each call; empty if it begins with no name."""
    base, steps = chain_of(node)
    if base.type != "Identifier":
        return ""
    return base.text("name") + "".join(name if name in ("()", "[]") else f".{name}" for name, _ in steps)
