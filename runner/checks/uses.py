"""Where a collection reads and sets each variable, and whether it can be set in time: the flow, by owner.

A script of a folder runs for each request in it. `runner/flow` has its accesses for each of these; here each stands once,
with the first and the last moment at which it may happen, so that a large collection costs no more than its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runner.checks.tree import Node, ScriptText
from runner.flow.access import ANY, VARIABLES, Access, Place
from runner.flow.flow import Writes
from runner.flow.scripts import ScriptFlow, Scripts
from runner.flow.templates import reads_in, reads_of, texts_in
from runner.model.collection import Item
from runner.model.quick_dataclass import dataclass

Moment = tuple[int, int]
"""The index of a request in the order of a run, and the phase: before, while or after it is sent."""

NO_NAME = re.compile(r"\s*[#/^>!&]")
"""The first characters of template tags, which are not variables: `{{#each}}`, `{{/if}}`."""

PHASES = {"prerequest": 0, "test": 2, "graphql:beforeQuery": 0, "graphql:afterResponse": 2}


@dataclass(frozen=True, slots=True)
class Use:
    """A read or write with its node, and its script if it is in one."""

    access: Access
    node: Node
    script: ScriptText | None = None

    @property
    def name(self) -> str | None:
        """The name of the variable; None if it is computed."""
        return self.access.name

    @property
    def phase(self) -> int:
        """Where in a request it happens."""
        return PHASES.get(self.script.listens, 1) if self.script else 1

    @property
    def first(self) -> Moment:
        """The first moment at which it may happen."""
        return self.node.first, self.phase

    @property
    def last(self) -> Moment:
        """The last moment at which it may happen."""
        return self.node.last, self.phase


class Uses:
    """The reads and writes of a collection; `wanted` has the names in its requests with their uses, in order.

    `reads_data` says whether a script reads iteration data.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.reads: list[Use] = []
        self._writes: list[Use] = []
        self.flows: dict[ScriptText, ScriptFlow] = {}
        nodes = list(nodes)
        told = {script.text: script.told for node in nodes for script in node.scripts}
        flows = Scripts(told, lambda texts: [told[text] for text in texts])
        for node in nodes:
            self.reads += [Use(access, node) for access in _reads(node)]
            for script in node.scripts:
                flow = flows.flow_of(script.text, node.path, script.listens, node.entry.name)
                self.flows[script] = flow
                self.reads += [Use(access, node, script) for access in flow.reads]
                self._writes += [Use(access, node, script) for access in flow.writes if not access.removes]
        self._by_name = Writes((at, use.access) for at, use in enumerate(self._writes))
        self._read = {(use.access.scope, use.name) for use in self.reads}
        self.wanted: dict[str, list[Use]] = {}
        for use in self.reads:
            if use.script is None and use.access.scope == ANY and use.name and not NO_NAME.match(use.name):
                self.wanted.setdefault(use.name, []).append(use)
        self.reads_data = any(use.access.scope == "data" for use in self.reads)
        self._setting = {use.name for use in self._writes if use.access.scope in VARIABLES}

    def writes_for(self, read: Access) -> list[Use]:
        """The writes that may set the variable of a read, at any time."""
        return [self._writes[at] for at, _ in self._by_name.meeting(read)]

    def named_writes(self, name: str) -> list[Use]:
        """The writes to a variable of exactly this name, in any scope."""
        return [use for use in self._writes if use.name == name]

    @property
    def may_set_any(self) -> bool:
        """Whether a script may set variables of any name."""
        return None in self._setting

    def is_set(self, name: str) -> bool:
        """Whether a script may set a variable of this name, in any scope."""
        return name in self._setting or self.may_set_any

    def is_read_in(self, scope: str, name: str) -> bool:
        """Whether something reads this variable of exactly this scope."""
        return (scope, name) in self._read

    def is_read(self, scope: str, name: str) -> bool:
        """Whether something may read this variable of a scope."""
        return any((where, what) in self._read for where in (scope, ANY) for what in (name, None))

    def set_too_late(self, read: Use, loops: Iterable[tuple[int, int]]) -> Use | None:
        """The first of the writes for a read if all of them can only happen after it; None if one may come before."""
        writes = self.writes_for(read.access)
        if not writes or any(write.first <= read.last or _repeated(write, read, loops) for write in writes):
            return None
        return min(writes, key=lambda write: write.first)


def _repeated(write: Use, read: Use, loops: Iterable[tuple[int, int]]) -> bool:
    """Whether a jump back may run the reader after the writer."""
    return any(first <= read.node.last and write.node.first <= last for first, last in loops)


def _reads(node: Node) -> Iterator[Access]:
    """The reads of a request without an inherited auth, which belongs to its folder or collection."""
    if isinstance(node.entry, Item):
        yield from reads_of(node.entry.request, node.auth, node.path)
    elif node.auth is not None:
        for value in node.auth.params.values():
            for text in texts_in(value):
                yield from reads_in(text, Place(node.path, "auth"))
