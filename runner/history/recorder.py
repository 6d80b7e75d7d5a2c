"""Adds a run to a history when it is over: all of it in one transaction, or nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from runner.cancel import Cancel
from runner.clock import Clock
from runner.entropy import Entropy
from runner.errors import ExportError, LoadError
from runner.events import Event
from runner.history.facts import facts_of
from runner.history.hooks import check_command, run_hook
from runner.history.revision import revision
from runner.history.states import FAILED, PASSED, Before, state_before, state_of, turned
from runner.history.store import history, transaction
from runner.model.json import JsonObject
from runner.options import RunOptions
from runner.results.execution import Execution
from runner.results.spool import MaskedSpool
from runner.results.summary import Summary
from runner.secrets import Secrets
from runner.version import __version__

DAY = 86_400_000
"""Milliseconds."""

LONGEST = 2_000
"""Characters that are kept of a message: some contain a whole response."""

UNKNOWN = "unknown"
"""The state before a run that is not in the history."""

Request = tuple[str, str]
"""The name of a collection, and the names of folders and request as a JSON list."""


class Recorder:
    """Takes the executions of a run as a reporter does, and adds them to the history of `options.history` at its end.

    `selected` is what `states.selection` tells of the options, masked.
    Executions wait in a temporary file and are masked again with the secrets that are known at the end. Raises `LoadError`
    at once if the file cannot be used.
    """

    def __init__(
        self, options: RunOptions, selected: str, secrets: Secrets, clock: Clock, environ: Mapping[str, str]
    ) -> None:
        assert options.history is not None
        self._path, self._options, self._secrets, self._clock = options.history, options, secrets, clock
        with history(self._path, write=True):
            pass
        self._selection, self._environ, self._before = selected, environ, Before(UNKNOWN)
        self._run_id: int | None = None
        for flag, command in (("--on-fail", options.on_fail), ("--on-recover", options.on_recover)):
            if command:
                check_command(flag, command)
        self._revision = revision(environ)
        self._requests: dict[Request, int] = {}
        self._executions = MaskedSpool(secrets)

    def on(self, event: Event) -> None:
        """Executions say all that is kept."""

    def on_execution(self, execution: Execution) -> None:
        """Keep what the history shows of an execution."""
        names = json.dumps([*execution.path, execution.item.name], ensure_ascii=False)
        key = (execution.collection.name if execution.collection else "", names)
        own = execution.own.response if execution.own else None
        others = [failure for failure in execution.failures if failure.test is None]
        self._executions.add(
            {
                "request": self._requests.setdefault(key, len(self._requests)),
                "iteration": execution.cursor.iteration,
                "attempts": len(execution.attempts) + 1,
                "state": _state(execution),
                "status": own.code if own else None,
                "time": own.time if own else None,
                "size": own.sizes.body if own else None,
                "error": f"{others[0].name}: {others[0].message}"[:LONGEST] if others else None,
                "tests": _tests(execution),
            }
        )

    def close(self, summary: Summary) -> None:
        """Add the run; raises `ExportError`."""
        try:
            with history(self._path, write=True, thorough=False) as connection, transaction(connection):
                run = self._add(connection, summary)
                self._before = state_before(connection, run)
                self._forget(connection, _collection(summary))
        except (sqlite3.Error, LoadError) as error:
            reason = error.message if isinstance(error, LoadError) else f"could not be written: {error}"
            raise ExportError(f"this run is not in the history: {reason}", where=self._path) from error
        finally:
            self._executions.close()
        self._run_id = run

    def end(self, summary: Summary, cancel: Cancel) -> list[str]:
        """Write how the run ended after all, and run the command for a state that it changed; returns warnings.

        A run that could not be added fails, and the state before is unknown: it is taken for a change.
        """
        state, warnings = state_of(summary), self._settle(summary)
        command = {FAILED: self._options.on_fail, PASSED: self._options.on_recover}.get(state)
        if command and turned(self._before, state):
            facts = facts_of(summary, self._options, state, self._before, self._revision)
            flag = "--on-fail" if state == FAILED else "--on-recover"
            warnings.append(run_hook(flag, command, facts, self._environ, cancel))
        return list(filter(None, warnings))

    def _settle(self, summary: Summary) -> list[str]:
        """What went wrong with reports is known only now."""
        if self._run_id is None or not summary.problems:
            return []
        try:
            with history(self._path, write=True, thorough=False) as connection, transaction(connection):
                ended = state_of(summary), summary.exit_code(self._options), self._run_id
                connection.execute("UPDATE runs SET state = ?, exit_code = ? WHERE id = ?", ended)
        except (sqlite3.Error, LoadError) as error:
            return [f"{self._path}: the run is in the history without what went wrong with its reports: {error}"]
        return []

    def _add(self, connection: sqlite3.Connection, summary: Summary) -> int:
        run = _insert(connection, "runs", self._run(summary))
        requests = [_number(connection, "requests", {"collection": name, "path": path}) for name, path in self._requests]
        tests: dict[tuple[int, str], int] = {}
        for number, row in enumerate(self._executions.values()):
            told, request = row.pop("tests"), requests[row.pop("request")]
            _insert(connection, "executions", {"run": run, "number": number, "request": request, **row})
            for at, one in enumerate(told):
                key = request, one["test"]
                if key not in tests:
                    tests[key] = _number(connection, "tests", {"request": request, "name": one["test"]})
                found = run, number, at, tests[key], one["state"], one["message"]
                connection.execute("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?)", found)
        return run

    def _run(self, summary: Summary) -> dict[str, object]:
        now = self._clock.now() * 1000
        return {
            "uuid": Entropy().uuid(),
            "started": summary.started or now,
            "completed": summary.completed or now,
            "collection": _collection(summary),
            "environment": summary.environment_name,
            "shard": self._options.shard or "",
            "revision": self._revision.commit,
            "changed": self._revision.changed,
            "version": __version__,
            "exit_code": summary.exit_code(self._options),
            "error": summary.error.message[:LONGEST] if summary.error else "",
            "iterations": summary.stats["iterations"].total,
            "requests": summary.stats["requests"].total,
            "assertions": summary.stats["assertions"].total,
            "failures": len(summary.failures),
            "selection": self._selection,
            "state": state_of(summary),
        }

    def _forget(self, connection: sqlite3.Connection, collection: str) -> None:
        """Remove runs that the options do not keep, and what only these had."""
        runs, days = self._options.history_runs, self._options.history_days
        if runs is None and days is None:
            return
        if runs is not None:
            connection.execute(
                "DELETE FROM runs WHERE collection = ? AND id NOT IN"
                " (SELECT id FROM runs WHERE collection = ? ORDER BY id DESC LIMIT ?)",
                (collection, collection, runs),
            )
        if days is not None:
            connection.execute("DELETE FROM runs WHERE completed < ?", (self._clock.now() * 1000 - days * DAY,))
        connection.execute("DELETE FROM tests WHERE NOT EXISTS (SELECT 1 FROM results WHERE test = tests.id)")
        connection.execute("DELETE FROM requests WHERE NOT EXISTS (SELECT 1 FROM executions WHERE request = requests.id)")
        connection.execute("PRAGMA incremental_vacuum").fetchall()


def _collection(summary: Summary) -> str:
    return ", ".join(run.started.collection.name for run in summary.runs)


def _state(execution: Execution) -> str:
    if execution.failed:
        return "failed"
    if execution.flaky:
        return "flaky"
    return "skipped" if execution.skipped else "passed" if execution.finished else "unfinished"


def _tests(execution: Execution) -> list[JsonObject]:
    return [
        {
            "test": fact.assertion.name,
            "state": "skipped" if fact.assertion.skipped else "failed" if fact.failed else "passed",
            "message": fact.assertion.error.message[:LONGEST] if fact.assertion.error else None,
        }
        for fact in execution.assertions
    ]


def _number(connection: sqlite3.Connection, table: str, key: Mapping[str, object]) -> int:
    """The id of a row that is there, or is made."""
    where = " AND ".join(f"{name} = ?" for name in key)
    found = connection.execute(f"SELECT id FROM {table} WHERE {where}", [*key.values()]).fetchone()
    return int(found[0]) if found else _insert(connection, table, key)


def _insert(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int:
    """Add a row; returns its id, if the table has such."""
    places = ", ".join("?" * len(row))
    return connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", [*row.values()]).lastrowid or 0
