"""Runs of a history, and what came of each request and test in them."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run; `id` rises in the order in which runs ended.

    Moments are milliseconds since the epoch. `revision` is empty if unknown; `changed` says that the working tree was not
    that of the commit. `average` is that of the response times in ms, None without a response.
    """

    id: int
    started: float
    completed: float
    collection: str
    environment: str
    shard: str
    revision: str
    changed: bool
    exit_code: int
    error: str
    iterations: int
    requests: int
    assertions: int
    failures: int
    average: float | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is followed from run to run: a request in an environment, or one of its tests. `path` has its folders' names."""

    collection: str
    environment: str
    path: tuple[str, ...]
    test: str = ""

    def __str__(self) -> str:
        return " / ".join((*self.path, self.test)) if self.test else " / ".join(self.path)


@dataclass(slots=True)
class Outcome:
    """What came of a subject in one run, over all iterations."""

    run: PastRun
    failed: bool = False
    retried: bool = False
    message: str = ""
    times: list[float] = field(default_factory=list)


Outcomes = Mapping[Subject, Sequence[Outcome]]
"""Those of each subject, oldest run first."""


def past_runs(
    connection: sqlite3.Connection, last: int, collection: str | None = None, environment: str | None = None
) -> list[PastRun]:
    """The latest runs, oldest first, of one collection and environment if these are given."""
    wanted = {"collection": collection, "environment": environment}
    given = {name: value for name, value in wanted.items() if value is not None}
    where = " AND ".join(f"{name} = ?" for name in given) or "1"
    columns = [name for name in PastRun.__dataclass_fields__ if name != "average"]
    average = "(SELECT avg(time) FROM executions WHERE run = runs.id)"
    rows = connection.execute(
        f"SELECT {', '.join(columns)}, {average} FROM runs WHERE {where} ORDER BY id DESC LIMIT ?", (*given.values(), last)
    ).fetchall()
    return [replace(run, changed=bool(run.changed)) for run in (PastRun(*row) for row in reversed(rows))]


def outcomes(connection: sqlite3.Connection, runs: Sequence[PastRun]) -> Outcomes:
    """What came of every request and test in these runs; skipped ones have no outcome."""
    found: dict[Subject, dict[int, Outcome]] = defaultdict(dict)
    requests: dict[int, tuple[str, tuple[str, ...]]] = {}
    for id, collection, path in connection.execute("SELECT id, collection, path FROM requests"):
        requests[id] = collection, tuple(json.loads(path))
    for run in runs:
        for request, state, time, error in connection.execute(
            "SELECT request, state, time, error FROM executions WHERE run = ? ORDER BY number", (run.id,)
        ):
            if state in ("skipped", "unfinished"):
                continue
            collection, path = requests[request]
            outcome = found[Subject(collection, run.environment, path)].setdefault(run.id, Outcome(run))
            outcome.failed |= error is not None
            outcome.retried |= state == "flaky"
            outcome.message = outcome.message or error or ""
            outcome.times += [] if time is None else [time]
        for request, name, state, message in connection.execute(
            "SELECT tests.request, tests.name, state, message FROM results JOIN tests ON tests.id = results.test"
            " WHERE run = ? ORDER BY execution, number",
            (run.id,),
        ):
            if state == "skipped":
                continue
            collection, path = requests[request]
            outcome = found[Subject(collection, run.environment, path, name)].setdefault(run.id, Outcome(run))
            outcome.failed |= state == "failed"
            outcome.message = outcome.message or message or ""
    return {subject: list(by_run.values()) for subject, by_run in found.items()}
