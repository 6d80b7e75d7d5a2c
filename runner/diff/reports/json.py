"""An outcome as JSON, for programs."""

from __future__ import annotations

from runner.diff.outcome import Change, Compared, Entry, Outcome, Times
from runner.model.json import JsonObject

SCHEMA = 1


def as_json(outcome: Outcome) -> JsonObject:
    """The whole outcome; `failed` says why the exit code is 1, and is empty if it is not."""
    return {
        "schema": SCHEMA,
        "left": _side(outcome.left),
        "right": _side(outcome.right),
        "areas": [*outcome.areas],
        "compared": outcome.compared,
        "same": outcome.same,
        "counts": dict(sorted(outcome.counts.items())),
        "entries": [_entry(entry) for entry in outcome.entries],
        "moreEntries": outcome.left_out,
        "times": [_times(times) for times in outcome.times],
        "notes": [*outcome.notes],
        "failed": [*outcome.failed],
    }


def _side(side: Compared) -> JsonObject:
    found: JsonObject = {"label": side.label, "collection": side.collection, "requests": side.requests}
    return found | {name: text for name, text in (("environment", side.environment), ("error", side.error)) if text}


def _entry(entry: Entry) -> JsonObject:
    found: JsonObject = {"path": [*entry.path], "outcome": entry.outcome}
    found |= {"what": entry.what} if entry.what else {"iteration": entry.iteration, "occurrence": entry.occurrence}
    found |= {name: text for name, text in (("collection", entry.collection), ("stage", entry.stage)) if text}
    found |= {"was": [*entry.was]} if entry.was is not None else {}
    found["changes"] = [_change(change) for change in entry.changes]
    found |= {"moreChanges": entry.more} if entry.more else {}
    return found | ({"lines": [*entry.lines]} if entry.lines else {})


def _change(change: Change) -> JsonObject:
    found: JsonObject = {"area": change.area, "kind": change.kind, "path": change.path}
    found |= {"left": change.left} if change.has_left else {}
    found |= {"right": change.right} if change.has_right else {}
    return found | ({"to": change.to} if change.to else {})


def _times(times: Times) -> JsonObject:
    found: JsonObject = {"path": [*times.path], "left": times.left, "right": times.right}
    return {**found, "ratio": round(times.ratio, 3), "slower": times.slower}
