"""The variable scopes of a run and their order (Postman: local, data, environment, collection, globals)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from runner.model.variable import Variable
from runner.variables.text import text_of

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING", "__bool__": lambda self: False})()


class Scope:
    """One scope: an ordered list of variables, duplicates and disabled ones included.

    Among duplicates the last enabled one counts; disabled ones are never seen by `get`. `version` grows with each change.
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

    def get(self, key: str) -> Any:
        """The typed value of a variable, or `MISSING`: what a vault holds is no empty text."""
        variable = self._enabled.get(key)
        return MISSING if variable is None or variable.in_vault else typed(variable)

    def in_vault(self, key: str) -> bool:
        """Whether the value of this variable is in a vault."""
        variable = self._enabled.get(key)
        return variable is not None and variable.in_vault

    def set(self, key: str, value: Any, type: str | None = None) -> None:
        """Set a value; the file's type and further keys stay. A disabled variable is not touched: a new one is added."""
        old = self._enabled.get(key)
        new = Variable(key, value, type or "any") if old is None else replace(old, value=value, type=type or old.type)
        self._enabled[key] = new
        if old is None:
            self.variables.append(new)
        else:
            self.variables[max(i for i, v in enumerate(self.variables) if v is old)] = new
        self.version += 1

    def unset(self, key: str) -> None:
        """Remove every enabled variable of this name."""
        if self._enabled.pop(key, None) is not None:
            self.variables = [v for v in self.variables if v.key != key or v.disabled]
            self.version += 1

    def clear(self) -> None:
        """Remove everything, disabled variables included."""
        self.assign(())


class Scopes:
    """All scopes of a run, owned by the engine's driver."""

    __slots__ = ("collection", "data", "environment", "globals", "local")

    def __init__(
        self, *, environment: Iterable[Variable] = (), collection: Iterable[Variable] = (), globals: Iterable[Variable] = ()
    ) -> None:
        self.local = Scope("local")
        self.data = Scope("data")
        self.environment = Scope("environment", environment)
        self.collection = Scope("collection", collection)
        self.globals = Scope("globals", globals)

    @property
    def ordered(self) -> tuple[Scope, ...]:
        """The scopes, the one that wins first."""
        return (self.local, self.data, self.environment, self.collection, self.globals)

    def get(self, key: str) -> Any:
        """The value of a variable in the first scope that has it, or `MISSING`."""
        for scope in self.ordered:
            value = scope.get(key)
            if value is not MISSING:
                return value
        return MISSING

    def in_vault(self, key: str) -> bool:
        """Whether a scope names a vault as the place of this value."""
        return any(scope.in_vault(key) for scope in self.ordered)


def typed(variable: Variable) -> Any:
    """The value after the cast that the variable's type asks for (Postman: string, number, boolean, array, object)."""
    cast = CASTS.get(variable.type)
    return variable.value if cast is None or variable.value is None else cast(variable.value)


def _number(value: Any) -> Any:
    """A text as JavaScript's `Number` reads it; NaN when it is none."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if _WITH_BASE.fullmatch(text):
        return int(text, 0)
    if not _DECIMAL.fullmatch(text):
        return {"": 0, "Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}.get(text, math.nan)
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


_WITH_BASE = re.compile(r"0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def _parsed(kind: type) -> Any:
    def cast(value: Any) -> Any:
        if isinstance(value, kind):
            return value
        try:
            found = json.loads(value)
        except (TypeError, ValueError):
            return None
        return found if isinstance(found, kind) else None

    return cast


CASTS: dict[str, Any] = {
    "string": text_of,
    "number": _number,
    "boolean": bool,
    "array": _parsed(list),
    "object": _parsed(dict),
}
