"""Which variables of Postman's a script sets, told from its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass

SCOPES = frozenset({"environment", "collection", "globals", "local"})


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a script does with a variable (of any name if the name is None), and the line where it does."""

    name: str | None
    line: int
    sets: bool


def facts_of(found: JsonObject) -> Iterator[Fact]:
    """The facts of an analysis (`libraries/flow.js`) that are about variables."""
    for fact in cast("list[JsonObject]", found.get("facts", [])):
        if fact["scope"] in SCOPES:
            yield Fact(fact["name"], fact["line"], fact["do"] == "write" and not fact["gone"])
