"""The folders and requests of a collection, with their places in its document and their scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field

from runner.checks.documents.document import Document, value_at
from runner.checks.finding import Edit, Severity, Spot
from runner.formats.places import Steps
from runner.model.collection import Collection, Event, Folder, Item, description_of
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.request import Auth


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A rule's find and its place, with the node or script in which the rule may be switched off."""

    message: str
    document: Document
    spot: Spot
    node: Node | None = None
    script: ScriptText | None = None
    hint: str = ""
    severity: Severity | None = None
    fix: str = ""
    edits: tuple[Edit, ...] = ()


@dataclass(slots=True, eq=False)
class Node:
    """A collection, folder or request. `first` and `last` are the places of its requests in the order of a run.

    `source` is its JSON; `steps` lead to it in its document, or in the JSON of v2.1 that was made of that. The `trail` has
    what is around it, outermost first.
    """

    document: Document
    entry: Collection | Folder | Item
    source: JsonObject
    steps: Steps
    trail: tuple[Node, ...] = ()
    first: int = 0
    last: int = -1
    scripts: list[ScriptText] = field(default_factory=list)

    @property
    def is_item(self) -> bool:
        """Whether this is a request."""
        return isinstance(self.entry, Item)

    @property
    def auth(self) -> Auth | None:
        """The auth that is set here, not an inherited one."""
        return self.entry.request.auth if isinstance(self.entry, Item) else self.entry.auth

    @property
    def path(self) -> str:
        """The names from the top down, without the collection's."""
        return "/".join(node.entry.name for node in (*self.trail[1:], self) if node.trail)

    @property
    def line(self) -> tuple[Node, ...]:
        """The enclosing nodes, and this one."""
        return (*self.trail, self)

    @property
    def description(self) -> str:
        """The text of its description."""
        return description_of(self.entry)

    def problem(self, message: str, *steps: str | int, hint: str = "", severity: Severity | None = None) -> Problem:
        """A problem with a value of its JSON."""
        spot = Spot((*self.steps, *steps))
        return Problem(message=message, document=self.document, spot=spot, node=self, hint=hint, severity=severity)

    def get(self, *steps: str | int) -> Json:
        """A value of its JSON; None if there is none."""
        return value_at(self.source, steps)

    def rows(self, *steps: str | int) -> Iterator[tuple[Steps, JsonObject]]:
        """The objects of a list in its JSON with the steps to them."""
        found = self.get(*steps)
        for number, row in enumerate(found if isinstance(found, list) else ()):
            if isinstance(row, dict):
                yield (*steps, number), row


@dataclass(slots=True, eq=False)
class ScriptText:
    """A script of a node; `told` is the result of its analysis: `facts` and `lint`, or `error` and `at`."""

    node: Node
    event: Event
    steps: Steps
    told: JsonObject = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The script."""
        return self.event.script.exec

    @property
    def listens(self) -> str:
        """Its phase: `prerequest` or `test`."""
        return self.event.listen

    def offset(self, units: int) -> int:
        """The offset in the text for an offset in UTF-16 units."""
        if self.text.isascii():
            return units
        return len(self.text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "replace"))

    def line_of(self, units: int) -> int:
        """The line of the script, from 1, at an offset in UTF-16 units."""
        return self.text.count("\n", 0, self.offset(units)) + 1

    def lint(self, *kinds: str) -> Iterator[JsonObject]:
        """The facts of these kinds."""
        return (fact for fact in self.told.get("lint") or () if fact["do"] in kinds)

    def problem(self, message: str, units: int, *, hint: str = "", fix: str = "", edits: tuple[Edit, ...] = ()) -> Problem:
        """A problem at an offset of the script in UTF-16 units."""
        return self.problem_at(message, self.offset(units), hint=hint, fix=fix, edits=edits)

    def problem_at(self, message: str, at: int, *, hint: str = "", fix: str = "", edits: tuple[Edit, ...] = ()) -> Problem:
        """A problem at an offset of the text."""
        return Problem(
            message=message,
            document=self.node.document,
            spot=Spot(self.steps, at),
            node=self.node,
            script=self,
            hint=hint,
            fix=fix,
            edits=edits,
        )

    def edit(self, start: int, end: int, text: str) -> Edit:
        """The edit that replaces the part of the script between two offsets in UTF-16 units."""
        return Edit(Spot(self.steps, self.offset(start)), text, self.offset(end))


DocumentOf = Callable[[JsonObject], Document | None]
"""The document of a node that has its own; None if the node is in its parent's document."""


def nodes_of(collection: Collection, document: Document, first: Steps, own: DocumentOf) -> list[Node]:
    """The collection and everything in it, in the order of a run; `first` are the steps to it in its document."""
    found: list[Node] = []
    place = 0

    def add(node: Node) -> None:
        nonlocal place
        found.append(node)
        node.first = place
        node.scripts += _scripts(node)
        if isinstance(node.entry, Item):
            place += 1
        else:
            for entry, source, steps in _inside(node.entry, node):
                separate = own(source)
                if separate is not None:
                    add(Node(separate, entry, source, (), (*node.trail, node)))
                else:
                    add(Node(node.document, entry, source, steps, (*node.trail, node)))
        node.last = place - 1

    add(Node(document, collection, collection.source, first))
    return found


def _inside(entry: Collection | Folder, node: Node) -> Iterator[tuple[Folder | Item, JsonObject, Steps]]:
    listed = node.source.get("item")
    raw = listed if isinstance(listed, list) else [listed]
    numbers = [number for number, one in enumerate(raw) if isinstance(one, dict)]
    for child, number in zip(entry.items, numbers, strict=False):
        steps = (*node.steps, "item", number) if isinstance(listed, list) else (*node.steps, "item")
        yield child, child.source, steps


def _scripts(node: Node) -> Iterator[ScriptText]:
    """The scripts that would run, with the steps to their texts."""
    listed = node.source.get("event")
    raw = listed if isinstance(listed, list) else [listed]
    told = [
        (number, one["script"])
        for number, one in enumerate(raw)
        if isinstance(one, dict) and isinstance(one.get("listen"), str) and one.get("script")
    ]
    for event, (number, script) in zip(node.entry.events, told, strict=False):
        if event.script.exec.strip() and not event.disabled:
            above = (*node.steps, "event", number) if isinstance(listed, list) else (*node.steps, "event")
            inner = ("script", "exec") if isinstance(script, dict) else ("script",)
            yield ScriptText(node, event, (*above, *inner))
