"""The file of a history: its tables, and how it is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from runner.errors import FileUnreadable, InvalidDocument
from runner.outputs.database import connect

APPLICATION = 0x7072756E
"""`PRAGMA application_id` of every history."""

SCHEMA = 1
"""`PRAGMA user_version`: rises with each change of the tables that an older postrunner cannot use."""

TABLES = (
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, started REAL NOT NULL, completed REAL NOT NULL,
        collection TEXT NOT NULL, environment TEXT NOT NULL, shard TEXT NOT NULL, revision TEXT NOT NULL,
        changed INTEGER NOT NULL, version TEXT NOT NULL, exit_code INTEGER NOT NULL, error TEXT NOT NULL,
        iterations INTEGER NOT NULL, requests INTEGER NOT NULL, assertions INTEGER NOT NULL, failures INTEGER NOT NULL,
        selection TEXT NOT NULL, state TEXT NOT NULL)""",
    "CREATE INDEX runs_of ON runs (collection, environment, started)",
    """CREATE TABLE requests (
        id INTEGER PRIMARY KEY, collection TEXT NOT NULL, path TEXT NOT NULL, UNIQUE (collection, path))""",
    """CREATE TABLE tests (
        id INTEGER PRIMARY KEY, request INTEGER NOT NULL REFERENCES requests ON DELETE CASCADE, name TEXT NOT NULL,
        UNIQUE (request, name))""",
    """CREATE TABLE executions (
        run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, number INTEGER NOT NULL,
        request INTEGER NOT NULL REFERENCES requests ON DELETE CASCADE, iteration INTEGER NOT NULL,
        attempts INTEGER NOT NULL, state TEXT NOT NULL, status INTEGER, time REAL, size INTEGER, error TEXT,
        PRIMARY KEY (run, number)) WITHOUT ROWID""",
    "CREATE INDEX executions_of ON executions (request)",
    """CREATE TABLE results (
        run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, execution INTEGER NOT NULL, number INTEGER NOT NULL,
        test INTEGER NOT NULL REFERENCES tests ON DELETE CASCADE, state TEXT NOT NULL, message TEXT,
        PRIMARY KEY (run, execution, number)) WITHOUT ROWID""",
    "CREATE INDEX results_of ON results (test)",
)
"""Times are milliseconds, moments those since the epoch; `path` is a JSON list of names; `revision` is empty if unknown and
`changed` is 1 if the working tree had changes; `error` of an execution is what failed in it apart from tests.
`states.py` tells what `selection` and `state` of a run are."""


@contextmanager
def history(path: str, *, write: bool = False, thorough: bool = True) -> Iterator[sqlite3.Connection]:
    """The checked history at a path, made to write if it is missing or empty; `thorough` reads all of it.

    Raises `FileUnreadable` and `InvalidDocument`, and then leaves the file as it is.
    """
    with closing(connect(path, write=write)) as connection:
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            if _empty(connection) and write:
                _make(connection)
            _check(connection, path, thorough)
            if write:
                _log_ahead(connection)
        except sqlite3.OperationalError as error:
            raise FileUnreadable(f"cannot be used as a history: {error}", where=path) from error
        except sqlite3.DatabaseError as error:
            raise InvalidDocument(f"is not a history of runs, or a broken one: {error}", where=path) from error
        yield connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block's changes, or none; waits for other writers."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _value(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def _empty(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT 1 FROM sqlite_master").fetchone() and _value(connection, "user_version") == 0


def _make(connection: sqlite3.Connection) -> None:
    """Make the tables, unless another process did so meanwhile."""
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    with transaction(connection):
        if _empty(connection):
            for table in TABLES:
                connection.execute(table)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Let readers and writers not wait for each other; if another one is at work now, the next one does it."""
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")


def _check(connection: sqlite3.Connection, path: str, thorough: bool) -> None:
    if _value(connection, "application_id") != APPLICATION:
        raise InvalidDocument(
            "is not a history of runs", where=path, hint="name a new file, or one of an earlier --history"
        )
    version = _value(connection, "user_version")
    if version != SCHEMA:
        message = f"was written by a newer postrunner (schema {version}, this one knows {SCHEMA})"
        raise InvalidDocument(message, where=path, hint="update postrunner, or name another file")
    found = _value(connection, "quick_check(1)") if thorough else "ok"
    if found != "ok":
        raise InvalidDocument(f"is broken: {found}", where=path, hint="name another file; this one is left as it is")
