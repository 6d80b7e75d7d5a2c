"""What several parts of a run, each of which began with the same variables, leave together."""

from __future__ import annotations

from runner.deep_json import equal
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Variable
from runner.variables.scopes import Scope, Scopes

MERGED = ("local", "environment", "collection", "globals")
"""The scopes that a part leaves to what comes after it; its data is its own."""


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A variable that two parts left with different values: the later one counts."""

    scope: str
    name: str
    first: str
    second: str


class Merge:
    """Takes what each part left, in the order of the plan, into `scopes`, with which all of them began."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._base = {name: _enabled(getattr(scopes, name)) for name in MERGED}
        self._by: dict[tuple[str, str], tuple[str, Variable | None]] = {}
        self._told: set[tuple[str, str]] = set()

    def take(self, part: str, scopes: Scopes) -> list[Overwritten]:
        """Take what a part left; gives the variables that an earlier one left with another value, each once in all."""
        overwritten = []
        for name in MERGED:
            for key, value in self._changes(name, getattr(scopes, name)).items():
                before, self._by[name, key] = self._by.get((name, key)), (part, value)
                if before is not None and not _same(before[1], value) and (name, key) not in self._told:
                    self._told.add((name, key))
                    overwritten.append(Overwritten(name, key, before[0], part))
        return overwritten

    def _changes(self, name: str, left: Scope) -> dict[str, Variable | None]:
        """What a part changed in a scope, None for what it removed; the merged scope gets it."""
        base, now, merged = self._base[name], _enabled(left), getattr(self._scopes, name)
        changes: dict[str, Variable | None] = {key: new for key, new in now.items() if not _same(base.get(key), new)}
        changes |= dict.fromkeys(base.keys() - now.keys())
        if changes:
            merged.adopt(changes)
        return changes


def _enabled(scope: Scope) -> dict[str, Variable]:
    return {variable.key: variable for variable in scope.variables if not variable.disabled}


def _same(one: Variable | None, other: Variable | None) -> bool:
    if one is None or other is None:
        return one is other
    return one is other or (
        one.type == other.type and type(one.value) is type(other.value) and equal(one.value, other.value)
    )
