"""What one part of a call leaves to the next: variables and cookies, from setups to collections, and on to teardowns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from runner.engine.ports import Inputs
from runner.variables.scopes import Scopes

HANDED_ON = ("local", "environment", "globals")
"""The scopes that are nobody's own; the variables of a collection are."""


class Copied(Protocol):
    """What a copy can be made of; the engine knows no more of a cookie jar."""

    def copy(self: Jar) -> Jar:
        """One of its own with the same contents."""
        ...


Jar = TypeVar("Jar", bound=Copied)


class State(Generic[Jar]):
    """The variables and cookies of one collection, as the run goes on."""

    __slots__ = ("jar", "scopes")

    def __init__(self, scopes: Scopes, jar: Jar) -> None:
        self.scopes, self.jar = scopes, jar


class States(Generic[Jar]):
    """The state of each collection of a call, by its unit. All setups come first, each goes on from the one before."""

    def __init__(self, new_jar: Callable[[], Jar]) -> None:
        self._new_jar = new_jar
        self._of: dict[str, State[Jar]] = {}
        self._setups: list[State[Jar]] = []

    def __contains__(self, unit: str) -> bool:
        return unit in self._of

    def of(self, unit: str, inputs: Inputs) -> State[Jar]:
        """What the next part of a collection goes on from; at first what the setups left, or what the files say."""
        if unit not in self._of:
            self._of[unit] = State(inputs.scopes(), self._setups[-1].jar.copy() if self._setups else self._new_jar())
            self._hand_on(self._of[unit])
        return self._of[unit]

    def set_up(self, unit: str) -> None:
        """The setup of this collection is over."""
        self._setups.append(self._of[unit])

    def all_set_up(self) -> None:
        """The last setup is over: the collections of the others start from what it left, too."""
        for state in self._setups[:-1]:
            state.jar = self._setups[-1].jar.copy()
            self._hand_on(state)

    def _hand_on(self, state: State[Jar]) -> None:
        """Give a collection what the setups of others set: a variable of theirs where it has none of that name itself."""
        if not self._setups:
            return
        for name in HANDED_ON:
            getattr(state.scopes, name).assign(getattr(self._setups[-1].scopes, name).variables)
        own = state.scopes.collection
        known = {variable.key for variable in own.variables}
        others = [other.scopes.collection for other in self._setups if other is not state]
        new = {v.key: v for scope in others for v in scope.variables if v.by_script and v.key not in known}
        own.assign([*own.variables, *new.values()])
