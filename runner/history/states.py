"""Whether what is monitored passes or fails, and whether a run changed that."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from runner.errors import Cancelled, Interrupted
from runner.model.quick_dataclass import dataclass
from runner.options import RunOptions
from runner.results.summary import Summary

PASSED, FAILED, INTERRUPTED = "passed", "failed", "interrupted"
"""The state of a run in a history; one that was interrupted says nothing about what it tests."""

NARROWING = (
    *(
        "collection_name",
        "folder",
        "item",
        "exclude",
        "tag",
        "not_tag",
        "grep",
        "only_with_tests",
        "start_at",
        "stop_after",
    ),
    *("last_failed", "rerun", "shard"),
)
"""The options that leave out a part of the collections: runs with other ones are another thing to monitor."""


@dataclass(frozen=True, slots=True)
class Before:
    """The state that a run found: that of the run before, and when it began, in ms; `none` if there is no such run."""

    state: str = "none"
    since: float = 0.0


def turned(before: Before, state: str) -> bool:
    """Whether a run changed the state; a first one that passes and one that was interrupted do not."""
    return state == FAILED != before.state or (state == PASSED and before.state == FAILED)


def state_of(summary: Summary) -> str:
    """The state of a run that is over."""
    if isinstance(summary.error, Interrupted | Cancelled):
        return INTERRUPTED
    return FAILED if summary.failed else PASSED


def selection(options: RunOptions) -> str:
    """What is run of the collections, as JSON; empty for all of it."""
    narrowed: Mapping[str, object] = {name: value for name in NARROWING if (value := getattr(options, name))}
    return json.dumps(narrowed, ensure_ascii=False) if narrowed else ""


def state_before(connection: sqlite3.Connection, run: int) -> Before:
    """The state before a run of the history: by the runs of the same collections, environment and selection."""
    rows = connection.execute(
        "SELECT other.state, other.started FROM runs AS other JOIN runs AS this USING (collection, environment, selection)"
        " WHERE this.id = ? AND other.id < this.id AND other.state != ? ORDER BY other.id DESC",
        (run, INTERRUPTED),
    )
    before = Before()
    for state, started in rows:
        if before.state not in ("none", state):
            break
        before = Before(state, started)
    return before
