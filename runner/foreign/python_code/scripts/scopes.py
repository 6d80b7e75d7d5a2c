"""The names of a script's own, and what they are called in Python."""

from __future__ import annotations

from runner.foreign.python_code.names import free_name
from runner.foreign.python_code.scripts.tree import Gap


class Scope:
    """The names of one block. A name of Python is free again behind the block that declared it."""

    def __init__(self, outer: Scope | None, taken: set[str] | None = None) -> None:
        self.outer = outer
        self._names: dict[str, str | None] = {}
        self._taken: set[str] = set(taken or ()) | (outer._taken if outer else set())
        self._lost: set[str] = outer._lost if outer else set()

    def declare(self, name: str) -> str:
        """Declare a name; the same block may do so again."""
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = free_name(name, self._taken, "value")
        return known

    def spoil(self, name: str, *, forever: bool = False) -> None:
        """Let a name be unknown from here on: something that is not translated may have changed it, or may do so later."""
        if forever:
            self._lost.add(name)
        holder: Scope | None = self
        while holder is not None:
            if name in holder._names:
                holder._names[name] = None
            holder = holder.outer

    def owns(self, name: str) -> bool:
        """Whether a name is the script's own, even if its value is unknown."""
        return name in self._names or (self.outer is not None and self.outer.owns(name))

    def find(self, name: str) -> str:
        """What a name of the script's own is called in Python; raises `Gap` for one whose value is unknown."""
        if name not in self._names and self.outer is not None:
            return self.outer.find(name)
        found = self._names.get(name)
        if found is None or name in self._lost:
            raise Gap(f"{name} comes from what is not translated")
        return found
