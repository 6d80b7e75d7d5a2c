"""Static analysis of scripts in a separate process: finds what they do with variables, without running them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from runner.model.json import JsonObject
from runner.sandbox.services.helper import ANALYSIS, Helpers

LONGEST_MS = 60_000
"""Milliseconds that the scripts of one collection may take; one script usually takes a millisecond."""


class Analysis:
    """The analysing process: starts at the first call, and ends with the `with` block."""

    def __init__(self) -> None:
        self._helpers = Helpers()

    def __enter__(self) -> Analysis:
        return self

    def __exit__(self, *_: object) -> None:
        self._helpers.close()

    def analyse(self, texts: Sequence[str], *, also: Literal["", "lint", "actions", "tree"] = "") -> list[JsonObject]:
        """For each text its `facts`, or its `error` (`at` an offset) if it does not parse.

        `also` asks for more: `lint` for what checks look at, `actions` for the steps of a person who does the same by hand,
        `tree` for the syntax tree (`libraries/tree.js`).
        Offsets count UTF-16 units. Raises `SandboxError`; when time runs out, every text gets an error.
        """
        return self._ask(texts, {"also": also})

    def chains(self, texts: Sequence[str], roots: Sequence[str], reserved: Sequence[str]) -> list[JsonObject]:
        """For each text the member chains that begin with one of `roots`, unless the script declares that name itself.

        `libraries/chains.js` describes their form. The result also names the script's own declarations that are in
        `reserved`. Errors are those of `analyse`.
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
