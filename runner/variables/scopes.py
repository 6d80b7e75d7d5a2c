"""The variable scopes of a run and their order (Postman: local, data, environment, collection, globals)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter

from runner.deep_json import equal
from runner.model.json import Json
from runner.model.variable import Variable
from runner.rules.casts import CASTS, typed
from runner.rules.substitute import MISSING
from runner.rules.text import json_text


class Scope:
    """One scope: an ordered list of variables, with duplicates and disabled ones.

    Of duplicates the last enabled one counts; `get` never returns a disabled one. `version` grows with each change.
    """

    __slots__ = ("_enabled", "name", "variables", "version")

    def __init__(self, name: str, variables: Iterable[Variable] = ()) -> None:
        self.name = name
        self.variables: list[Variable] = []
        self.version = 0
        self._enabled: dict[str, Variable] = {}
        self.assign(variables)

    def assign(self, variables: Iterable[Variable]) -> None:
        """Replace everything the scope holds."""
        self.variables = list(variables)
        self._enabled = {v.key: v for v in self.variables if not v.disabled}
        self.version += 1

    def get(self, key: str) -> Json:
        """The typed value of a variable, or `MISSING` if it is unknown or kept in a vault."""
        variable = self._enabled.get(key)
        return MISSING if variable is None or variable.in_vault else typed(variable)

    def by_script(self, key: str) -> bool:
        """Whether a script chose the value of this variable."""
        variable = self._enabled.get(key)
        return variable is not None and variable.by_script

    def in_vault(self, key: str) -> bool:
        """Whether the value of this variable is in a vault."""
        variable = self._enabled.get(key)
        return variable is not None and variable.in_vault

    def in_postman_vault(self, key: str) -> bool:
        """Whether the value of this variable is in the vault of Postman."""
        variable = self._enabled.get(key)
        return variable is not None and variable.in_postman_vault

    def set(self, key: str, value: Json, secret: bool | None = None) -> None:
        """Set a value; the type and the other keys from the file stay. A disabled variable stays: a new one is added."""
        self.change([(key, value, secret)])

    def unset(self, key: str) -> None:
        """Remove every enabled variable of this name."""
        self.change([(key, MISSING, None)])

    def change(self, changes: Iterable[tuple[str, Json, bool | None]]) -> None:
        """Set names in turn, each with its value and its secret mark (None keeps the old one); `MISSING` removes a name.

        Scripts call this: a value that differs from the old one counts as chosen by a script.
        """
        places: dict[str, list[int]] = {}
        for at, variable in enumerate(self.variables):
            if not variable.disabled:
                places.setdefault(variable.key, []).append(at)
        variables: list[Variable | None] = list(self.variables)
        changed = False
        for key, value, secret in changes:
            known = places.get(key)
            changed = changed or value is not MISSING or known is not None
            if value is MISSING:
                for at in places.pop(key, ()):
                    variables[at] = None
            elif known:
                old = variables[known[-1]]
                assert old is not None
                variables[known[-1]] = marked(_chosen(with_value(old, value), old), secret)
            else:
                places[key] = [len(variables)]
                variables.append(marked(Variable(key, value, by_script=True), secret))
        if changed:
            self.assign(variable for variable in variables if variable is not None)

    def reassign(self, variables: Iterable[Variable]) -> None:
        """Replace everything in the scope; what the file says about a variable stays with the next one of the same name."""
        known: dict[str, list[Variable]] = {}
        for variable in self.variables:
            known.setdefault(variable.key, []).append(variable)
        found = []
        for new in variables:
            old = known[new.key].pop(0) if known.get(new.key) else replace(new, by_script=True)
            unknown = new.type == "any" and old.type.lower() not in CASTS  # scripts know no other types
            type = old.type if unknown or old.type == "secret" else new.type
            made = replace(old, value=new.value, type=type, disabled=new.disabled)
            found.append(marked(_chosen(made, old), new.marked_secret))
        hidden = [variable for left in known.values() for variable in left if variable.in_vault]
        self.assign([*hidden, *found])

    def adopt(self, changes: Mapping[str, Variable | None]) -> None:
        """Put these variables in the places of the enabled ones of their names, or behind all; None removes a name."""
        kept, new = list[Variable](), dict(changes)
        for variable in self.variables:
            if variable.disabled or variable.key not in changes:
                kept.append(variable)
            elif variable is self._enabled[variable.key] and (own := new.pop(variable.key)) is not None:
                kept.append(own)
        self.assign([*kept, *(variable for variable in new.values() if variable is not None)])

    def remember(self) -> Callable[[], None]:
        """What brings the scope back to what it holds now. Nothing is copied: each change makes a new list."""
        variables, version = self.variables, self.version

        def bring_back() -> None:
            if self.version != version:
                self.assign(variables)

        return bring_back

    def overlay(self, variables: Iterable[Variable]) -> Callable[[], None]:
        """Put variables over those of their names; gives what takes them away again, but for what scripts made of them."""
        over, before = list(variables), self.variables
        names = {variable.key for variable in over}
        hidden = [variable for variable in before if variable.key in names and not variable.disabled]
        self.assign([*(variable for variable in before if variable not in hidden), *over])
        version = self.version

        def lift() -> None:
            if self.version == version:
                self.assign(before)
                return
            left = [variable for variable in self.variables if variable not in over]
            set_again = {variable.key for variable in left if not variable.disabled}
            self.assign([*(variable for variable in hidden if variable.key not in set_again), *left])

        return lift

    def clear(self) -> None:
        """Remove everything, disabled variables included."""
        self.assign(())


class Scopes:
    """All scopes of a run, owned by the engine's driver."""

    __slots__ = ("collection", "data", "environment", "globals", "local", "ordered")

    def __init__(
        self, *, environment: Iterable[Variable] = (), collection: Iterable[Variable] = (), globals: Iterable[Variable] = ()
    ) -> None:
        self.local = Scope("local")
        self.data = Scope("data")
        self.environment = Scope("environment", environment)
        self.collection = Scope("collection", collection)
        self.globals = Scope("globals", globals)
        self.ordered = (self.local, self.data, self.environment, self.collection, self.globals)
        """The one that wins comes first."""

    def copy(self) -> Scopes:
        """Scopes of their own with the same variables."""
        copy = Scopes()
        for own, other in zip(copy.ordered, self.ordered, strict=True):
            own.assign(other.variables)
        return copy

    @property
    def versions(self) -> tuple[int, ...]:
        """The version of each scope, in their order."""
        return tuple(map(_VERSION, self.ordered))

    def get(self, key: str) -> Json:
        """The value of a variable in the first scope that has it, or `MISSING`."""
        for scope in self.ordered:
            value = scope.get(key)
            if value is not MISSING:
                return value
        return MISSING

    def by_script(self, key: str) -> bool:
        """Whether a script chose the value that `get` returns."""
        scope = next((scope for scope in self.ordered if scope.get(key) is not MISSING), None)
        return scope is not None and scope.by_script(key)

    def in_vault(self, key: str) -> bool:
        """Whether a scope names a vault as the place of this value."""
        return any(scope.in_vault(key) for scope in self.ordered)

    def in_postman_vault(self, key: str) -> bool:
        """Whether a scope links this value to the vault of Postman."""
        return any(scope.in_postman_vault(key) for scope in self.ordered)


_VERSION = attrgetter("version")


def marked(variable: Variable, secret: bool | None) -> Variable:
    """The variable with the secret mark of a script; None keeps the old mark."""
    if secret is None or secret == variable.marked_secret:
        return variable
    source = variable.source or {"key": variable.key, "value": "", "type": variable.type}
    return replace(variable, source={**source, "secret": secret})


def _chosen(new: Variable, old: Variable) -> Variable:
    """The variable that a script set: it counts as chosen by the script unless its value is the old one."""
    same = new.type == old.type and type(new.value) is type(old.value) and equal(new.value, old.value)
    return new if same else replace(new, by_script=True)


def with_value(variable: Variable, value: Json) -> Variable:
    """The variable with a value cast to its type; lists and objects become JSON text, what is not a number stays."""
    kind = variable.type.lower()
    if kind in ("array", "object"):
        value = value if isinstance(value, str) else json_text(value)
    elif kind in CASTS:
        cast = CASTS[kind](value)
        value = value if isinstance(cast, float) and not math.isfinite(cast) else cast
    if value is None and variable.without_value:
        return replace(variable, source={**(variable.source or {}), "value": None})
    return replace(variable, value=value)
