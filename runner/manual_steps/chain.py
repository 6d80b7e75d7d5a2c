"""How values travel between steps: the names that each step sets, and the requests that need them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from runner.engine.plan import PlannedItem
from runner.flow.access import Access
from runner.flow.flow import Flow
from runner.flow.templates import VAULT
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.rules.substitute import names_in

BEFORE = frozenset({"prerequest", "graphql:beforeQuery"})
"""The phases before a request is sent."""


@dataclass(frozen=True, slots=True)
class Setter:
    """A script's action that sets a variable, in the step at index `at`, before or after its request."""

    at: int
    before: bool
    action: JsonObject


class Chain:
    """The names that requests need, and the actions that set them. Steps are counted from 0.

    `told` has the actions of each script by its text. A name that `flow` finds to be set, although no action
    says how, counts as set, too. `values` has the values that files give to names.
    """

    def __init__(
        self,
        items: Sequence[PlannedItem],
        flow: Flow,
        told: Mapping[str, JsonObject],
        values: Mapping[str, Sequence[Json]],
    ) -> None:
        self._told = told
        self._inner = {name: {one for value in found for one in _names_in(value)} for name, found in values.items()}
        self._setters: dict[str, list[Setter]] = {}
        self._repeats: list[tuple[int, int]] = []
        for at, planned in enumerate(items):
            self._add(at, planned, flow.items[at].writes)
            self._repeats += ((first, at) for first in _targets(items, at, flow.items[at].jumps) if first <= at)
        self.left_out = frozenset(at for at, planned in enumerate(items) if self._is_left_out(planned))
        self.needs: list[dict[str, list[str]]] = [
            {} if at in self.left_out else self._needs(flow.items[at].reads) for at in range(len(items))
        ]
        self.wanted = frozenset(name for needs in self.needs for name in needs)
        reads = {read.name for item in flow.items for read in item.reads if read.scope not in ("script", "cookies")}
        self.of_scripts = frozenset(name for name in reads if name) - self.wanted

    @property
    def kept_by_scripts(self) -> frozenset[str]:
        """The names that scripts set and no request needs."""
        return frozenset(self._setters) - self.wanted

    @property
    def set_by_scripts(self) -> frozenset[str]:
        """The names that any script sets."""
        return frozenset(self._setters)

    def actions(self, text: str) -> Sequence[JsonObject]:
        """The actions of a script; empty if it cannot be parsed."""
        found: Sequence[JsonObject] = self._told.get(text, {}).get("actions") or ()
        return found

    def is_readable(self, text: str) -> bool:
        """Whether a script can be parsed."""
        return "error" not in self._told.get(text, {})

    def source(self, name: str, at: int) -> Setter | None:
        """The last setter of a name before the request of a step is sent; None if there is none."""
        found = [one for one in self._setters.get(name, ()) if one.at < at or (one.at == at and one.before)]
        return found[-1] if found else None

    def uses(self, name: str, at: int, *, before: bool = False) -> dict[int, list[str]]:
        """The later steps whose requests need the value that a step sets for a name, with the parts that need it."""
        found = {}
        for place in range(at if before else at + 1, len(self.needs)):
            source = self.source(name, place)
            if name in self.needs[place] and source is not None and source.at == at:
                found[place] = self.needs[place][name]
        for first, last in self._repeats:
            if first <= at <= last:
                found |= {one: self.needs[one][name] for one in range(first, last + 1) if name in self.needs[one]}
        return dict(sorted(found.items()))

    def needs_a_value(self, name: str) -> bool:
        """Whether some request needs a name that no step has set by then."""
        return any(name in needs and self.source(name, at) is None for at, needs in enumerate(self.needs))

    def _is_left_out(self, planned: PlannedItem) -> bool:
        """Whether a script always skips this request."""
        actions = (
            action
            for phase, row in planned.scripts.items()
            for one in row
            if phase in BEFORE
            for action in self.actions(one.script.exec)
        )
        return any(action["do"] == "skip" and not action["when"] for action in actions)

    def _add(self, at: int, planned: PlannedItem, writes: Sequence[Access]) -> None:
        told = set()
        for phase, row in planned.scripts.items():
            for one in row:
                for action in self.actions(one.script.exec):
                    if action["do"] == "set" and action["name"]:
                        told.add(action["name"])
                        self._setters.setdefault(action["name"], []).append(Setter(at, phase in BEFORE, action))
                    names = _names_in_value(action.get("value"))
                    if action["do"] == "set" and action["name"] and names:
                        self._inner.setdefault(action["name"], set()).update(names)
        for write in writes:
            if write.name and not write.removes and write.name not in told and write.scope not in ("script", "cookies"):
                before = any(write.place.part == f"{phase} script" for phase in BEFORE)
                action = {"do": "set", "when": [], "scope": write.scope, "name": write.name, "value": None}
                self._setters.setdefault(write.name, []).append(Setter(at, before, action))

    def _needs(self, reads: Sequence[Access]) -> dict[str, list[str]]:
        """The names in a request with the parts that contain them, including names inside the values of other names."""
        found: dict[str, list[str]] = {}
        names = ((read, VAULT if read.scope == "vault" else "") for read in reads if read.place.line is None and read.name)
        waiting = [(f"{prefix}{read.name}", read.place.part) for read, prefix in names]
        while waiting:
            name, part = waiting.pop(0)
            parts = found.setdefault(name, [])
            if part not in parts:
                parts.append(part)
                waiting += [(inner, part) for inner in sorted(self._inner.get(name, ()))]
        return found


def _targets(items: Sequence[PlannedItem], at: int, jumps: Sequence[str | None]) -> Iterator[int]:
    for name in jumps:
        if name is None:
            yield at  # a computed name: most often that of the script's own request
        else:
            yield from (n for n, one in enumerate(items) if name in (one.item.id, one.item.name))


def _names_in(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield from names_in(value)
    elif isinstance(value, list | dict):
        for one in value if isinstance(value, list) else value.values():
            yield from _names_in(one)


def _names_in_value(value: JsonObject | None) -> set[str]:
    """The names in the constant parts of a script's value."""
    found: set[str] = set()
    waiting = [value] if value else []
    while waiting:
        one = waiting.pop()
        if one["is"] == "constant" and isinstance(one["value"], str):
            found.update(names_in(one["value"]))
        elif one["is"] in ("joined", "either"):
            waiting += one["of"]
    return found
