"""Which variables of Postman's a script sets, told from its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.sandbox.analysis import Analysis

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


def set_by(texts: Iterable[str]) -> dict[str, set[str]]:
    """For each script the variables that it sets by a name that is known; no script is run."""
    wanted = list(dict.fromkeys(texts))
    if not wanted:
        return {}
    with Analysis() as analysis:
        found = analysis.analyse(wanted)
    return {
        text: {fact.name for fact in facts_of(one) if fact.sets and fact.name}
        for text, one in zip(wanted, found, strict=True)
    }
