"""The dynamic variables of answers: the simple ones are made here, the others by Postman's library in a script child."""

from __future__ import annotations

from functools import partial

from runner.clock import Clock
from runner.effects import AskScript
from runner.entropy import Entropy
from runner.model.json import Json
from runner.rules.substitute import MISSING
from runner.sandbox.bundles import bundle_files
from runner.sandbox.protocol import read_dynamic
from runner.sandbox.sandbox import Sandbox
from runner.variables.dynamic import DYNAMIC, GENERATED, LIBRARY

AT_ONCE = 32
"""Values of a name that the child is asked for at once: a round trip costs as much as making many."""


class DynamicSource:
    """Gives values to dynamic variables; used by one thread at a time. The child starts when it is first needed."""

    def __init__(self, entropy: Entropy, clock: Clock | None = None) -> None:
        self._entropy, self._clock = entropy, clock or Clock()
        self._sandbox: Sandbox | None = None
        self._made: dict[str, list[str | None]] = {}

    def __call__(self, name: str) -> Json:
        """A new value of a dynamic variable; `MISSING` for an unknown name."""
        simple = DYNAMIC.get(name)
        if simple is not None:
            return simple(self._clock, self._entropy)
        if name not in GENERATED:
            return MISSING
        made = self._made.get(name)
        if not made:
            self._sandbox = self._sandbox or Sandbox(entropy=self._entropy, clock=self._clock)
            names = {name: AT_ONCE}
            wish = AskScript({"op": "dynamic", "names": names}, partial(read_dynamic, names), bundle_files(LIBRARY))
            made = self._made[name] = self._sandbox.ask(wish)[name][::-1]
        return made.pop()

    def close(self) -> None:
        """End the child."""
        if self._sandbox is not None:
            self._sandbox.close()
