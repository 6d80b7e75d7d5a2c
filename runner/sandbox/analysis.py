"""What scripts do with variables, told from their texts in a process of its own; none of them is run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from runner.model.json import JsonObject
from runner.sandbox.services.helper import ANALYSIS, Helpers

LONGEST_MS = 60_000
"""How long the scripts of one collection may take; a usual one takes a millisecond."""


class Analysis:
    """The process, started with the first texts; a block ends it."""

    def __init__(self) -> None:
        self._helpers = Helpers()

    def __enter__(self) -> Analysis:
        return self

    def __exit__(self, *_: object) -> None:
        self._helpers.close()

    def analyse(self, texts: Sequence[str], *, also: Literal["", "lint", "actions"] = "") -> list[JsonObject]:
        """For each text its `facts`, or its `error` (`at` an offset) if it is no script.

        `also` asks for more: `lint` for what checks look at, `actions` for what somebody does who does the same by hand.
        Offsets count UTF-16 units. Raises `SandboxError`; in time, all are errors.
        """
        return self._ask(texts, {"also": also})

    def chains(self, texts: Sequence[str], roots: Sequence[str], reserved: Sequence[str]) -> list[JsonObject]:
        """For each text the chains of members that begin with one of `roots`, where that is no name of the script's own.

        They are told as `libraries/chains.js` says, with the script's own names that are among `reserved`; errors are told
        as by `analyse`.
        """
        return self._ask(texts, {"also": "", "names": {"roots": list(roots), "reserved": list(reserved)}})

    def _ask(self, texts: Sequence[str], wish: JsonObject) -> list[JsonObject]:
        try:
            found = self._helpers.compute({"kind": ANALYSIS, "texts": list(texts), **wish}, LONGEST_MS)
        except TimeoutError:
            return [{"error": "it takes too long"} for _ in texts]
        assert isinstance(found, dict)
        facts: list[JsonObject] = found["value"]
        return facts
