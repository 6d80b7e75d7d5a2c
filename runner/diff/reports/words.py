"""The words that all outputs of a comparison share."""

from __future__ import annotations

from runner.diff.outcome import LOST, MOVED, NEW, RENAMED, Change, Compared, Entry, Outcome, json_text
from runner.model.json import Json
from runner.reporters.text import path_text, plural, time_text

MARKS = {LOST: "-", NEW: "+", MOVED: ">", RENAMED: ">"}
"""The sign before an entry; others have `~`."""


KINDS = {"missing": "only on the left", "new": "only on the right", "type": "another type"}
"""What is said of a change behind its path."""

UNNAMED = "environment"
"""The name of an environment that was given no file."""


def mark_of(entry: Entry) -> str:
    """The sign before an entry."""
    return MARKS.get(entry.outcome, "~")


def title_of(entry: Entry, iterations: int) -> str:
    """The name of an entry, with what tells it from others of the same name."""
    name = path_text(filter(None, (entry.collection, entry.stage and f"[{entry.stage}]", *entry.path)))
    if entry.what:
        name = f"{entry.what} {name}"
    if iterations > 1:
        name += f" (iteration {entry.iteration + 1})"
    if entry.occurrence:
        name += f" (run {entry.occurrence + 1})"
    return name


def aside_of(entry: Entry) -> str:
    """What is said of an entry behind its name."""
    if entry.was:
        return f"was {path_text(entry.was)}"
    return {LOST: "only on the left", NEW: "only on the right", MOVED: "in another place"}.get(entry.outcome, "")


def value_of(change: Change, value: Json) -> str:
    """A value as people read it: of JSON bodies as JSON, a text in quotes; all else is a text already."""
    return value if isinstance(value, str) and not change.path.startswith("$") else json_text(value)


def side_text(side: Compared) -> str:
    """A side: what it is, and what ran there."""
    environment = "" if side.environment in ("", UNNAMED) else f"environment {side.environment}"
    parts = [side.collection, environment]
    parts.append(plural(side.requests, "request") if side.requests else "")
    told = ", ".join(filter(None, parts))
    return f"{side.label} ({told})" if told else side.label


def totals(outcome: Outcome) -> str:
    """The figures in one line."""
    if outcome.what != "request":
        counts = ", ".join(f"{outcome.counts[how]} {how}" for how in outcome.areas if outcome.counts[how])
        return counts or "nothing differs"
    differ = outcome.compared - outcome.same
    parts = [f"{plural(outcome.compared, 'request')} compared", f"{outcome.same} the same", f"{differ} different"]
    parts += [f"{outcome.counts[how]} {how}" for how in (LOST, NEW) if outcome.counts[how]]
    return ", ".join(parts)


def areas_text(outcome: Outcome) -> str:
    """In how many requests each area differs."""
    if outcome.what != "request":
        return ""
    found = [f"{area} in {outcome.counts[area]}" for area in outcome.areas if outcome.counts[area]]
    return f"different: {', '.join(found)}" if found else ""


def verdict(outcome: Outcome) -> str:
    """The end in a few words."""
    if outcome.failed:
        return "they differ"
    return "they differ in nothing that fails" if outcome.differs else "no difference"


def times_text(left: float, right: float) -> str:
    """Two response times."""
    return f"{time_text(left)} → {time_text(right)}"
