"""The subjects of rules: a collection, variables or a workspace file, with everything known about it before a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from runner.checks.documents.document import Document
from runner.checks.finding import Edit, Spot
from runner.checks.tree import DocumentOf, Node, Problem, ScriptText
from runner.checks.uses import Uses
from runner.formats.places import Steps
from runner.model.collection import Collection, Item
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Environment, Variable
from runner.rules.substitute import names_in

if TYPE_CHECKING:
    from runner.contract.contract import Contracts
    from runner.contract.planned import Verdict

Analyse = Callable[[Sequence[str]], Sequence[JsonObject]]
"""Analyses the texts of scripts."""


Listing = Sequence[tuple[str, Sequence[str], Sequence[str]]]
"""Folder → the names of the folders and files in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The variables that a run would start with, as far as known: from the environment, globals and data.

    `environment` and `rows` are None if none were given. `found` has the names in the environments and globals that are
    checked beside the collection: a run may use each of them, or none. Files that requests send are looked for in
    `folders`. `contracts` are documents that say what requests there are.
    """

    environment: Environment | None = None
    globals: Environment | None = None
    rows: tuple[JsonObject, ...] | None = None
    found: frozenset[str] = frozenset()
    folders: tuple[str, ...] = (".",)
    contracts: Contracts | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names that have a value."""
        files = [one for one in (self.environment, self.globals) if one is not None]
        return frozenset({*(v.key for one in files for v in one.values if not v.disabled), *self.columns, *self.found})

    @property
    def empty(self) -> frozenset[str]:
        """The names that are empty in the environment and have no value elsewhere."""
        values = {v.key: v.value for v in self.environment.values if not v.disabled} if self.environment else {}
        others = {v.key for v in self.globals.values if not v.disabled} if self.globals else set()
        return frozenset(name for name, value in values.items() if value in (None, "")) - others - self.columns

    @property
    def columns(self) -> frozenset[str]:
        """The names of the columns of the data."""
        return frozenset(name for row in self.rows or () for name in row)


class CollectionSubject:
    """A collection to check; in the v3 format `listing` has the folders and files in each of its folders."""

    def __init__(
        self,
        collection: Collection,
        nodes: Sequence[Node],
        known: Known,
        analyse: Analyse,
        listing: Listing,
        own: DocumentOf,
    ) -> None:
        self.collection = collection
        self._own = own
        self.listing = listing
        self.known = known
        self.nodes = nodes
        self.documents: list[Document] = list(dict.fromkeys(node.document for node in nodes))
        self.top = self.nodes[0]
        self.items: list[Node] = [node for node in self.nodes if node.is_item]
        self.scripts: list[ScriptText] = [script for node in self.nodes for script in node.scripts]
        texts = list(dict.fromkeys(script.text for script in self.scripts))
        told = dict(zip(texts, analyse(texts), strict=True)) if texts else {}
        for script in self.scripts:
            script.told = told[script.text]

    @cached_property
    def examples(self) -> Sequence[Node]:
        """The saved examples as nodes; each has its request's names, and its steps in the file that it is in."""
        found: list[Node] = []
        for node in self.items:
            for steps, response in node.rows("response"):
                document = self._own(response)
                if document is None:
                    found.append(Node(node.document, node.entry, response, (*node.steps, *steps), node.trail))
                elif isinstance(document.value, dict):
                    found.append(Node(document, node.entry, document.value, (), node.trail))
        return found

    @cached_property
    def beside_contract(self) -> list[tuple[Node, Verdict | None]]:
        """What the contract says of each request, None for one to another server; empty without a contract."""
        if self.known.contracts is None:
            return []
        from runner.checks.planning import judged

        return judged(self.items, self._values_for, self.uses.is_set, self.known.contracts)

    def _values_for(self, node: Node) -> Mapping[str, Variable]:
        """The variables that a request may read, as far as they are known; columns of data are not."""
        globals, environment = self.known.globals, self.known.environment
        around = [variable for one in node.trail if not isinstance(one.entry, Item) for variable in one.entry.variables]
        rows = (*(globals.values if globals else ()), *around, *(environment.values if environment else ()))
        found = {one.key: one for one in rows if not one.disabled and not one.in_vault}
        return {name: one for name, one in found.items() if name not in self.known.columns}

    @cached_property
    def uses(self) -> Uses:
        """The reads and writes of variables."""
        return Uses(self.nodes)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """Every name in double braces anywhere in the files."""
        return frozenset(name for document in self.documents for name in names_in(document.text))

    @cached_property
    def own(self) -> Mapping[str, Variable]:
        """The enabled variables of the collection and its folders, by name."""
        entries = (node.entry for node in self.nodes)
        variables = [one for entry in entries if not isinstance(entry, Item) for one in entry.variables]
        return {variable.key: variable for variable in variables if not variable.disabled}

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[Node]]:
        """The requests by their names and ids, as `setNextRequest` finds them."""
        found: dict[str, list[Node]] = {}
        for node in self.items:
            for name in dict.fromkeys((node.entry.name, node.entry.id)):
                found.setdefault(name, []).append(node)
        return found


class VariablesSubject:
    """An environment or globals file to check; `first` are the steps to its values."""

    def __init__(self, document: Document, environment: Environment, top: Steps, values: Steps) -> None:
        self.document = document
        self.documents = [document]
        self.environment = environment
        self.top = top
        self.values = values

    @property
    def is_globals(self) -> bool:
        """Whether the file holds globals."""
        return self.environment.scope == "globals"

    def rows(self) -> Iterator[tuple[Steps, JsonObject]]:
        """The variables as written in the file, with the steps to them."""
        found = self.document.get(self.values)
        for number, row in enumerate(found if isinstance(found, list) else ()):
            if isinstance(row, dict):
                yield (*self.values, number), row

    def problem(self, message: str, steps: Steps, hint: str = "", fix: str = "", edits: tuple[Edit, ...] = ()) -> Problem:
        """A problem with a value of the file."""
        return Problem(message=message, document=self.document, spot=Spot(steps), hint=hint, fix=fix, edits=edits)


class WorkspaceSubject:
    """The file that says which parts of a workspace are in Postman's cloud."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.documents = [document]

    def problem(self, message: str, steps: Steps, hint: str = "") -> Problem:
        """A problem with a value of the file."""
        return Problem(message=message, document=self.document, spot=Spot(steps), hint=hint)


Subject = CollectionSubject | VariablesSubject | WorkspaceSubject
