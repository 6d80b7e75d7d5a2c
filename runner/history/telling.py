"""A history as text for a terminal, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from runner.history.findings import (
    FailingSubject,
    FlakySubject,
    SlowerSubject,
    SlowSubject,
    failing,
    flaky,
    slower,
    slowest,
)
from runner.history.reading import Outcomes, PastRun, Subject
from runner.logs import visible
from runner.model.json import JsonObject

LISTED = 10
"""Runs, and requests of each kind, that a person is shown."""

MESSAGE = 200
"""Characters of an error message that are shown."""


class Told(NamedTuple):
    """What a history says: its runs, oldest first, and what is found in them."""

    runs: Sequence[PastRun]
    failing: Sequence[FailingSubject]
    flaky: Sequence[FlakySubject]
    slower: Sequence[SlowerSubject]
    slowest: Sequence[SlowSubject]


def told_of(runs: Sequence[PastRun], outcomes: Outcomes) -> Told:
    """What these runs say."""
    return Told(runs, failing(outcomes), flaky(outcomes), slower(outcomes), slowest(outcomes, LISTED))


OF = ("collection", "environment")
"""Columns that are shown if the runs differ in them."""

Rows = list[tuple[str, ...]]

Table = tuple[str, tuple[str, ...], Rows]
"""A heading, the names of the columns, and the rows."""


def _tables(told: Told) -> list[Table]:
    """Everything that there is to show; what is empty is left out, but for the runs."""
    several = len({(run.collection, run.environment) for run in told.runs}) > 1

    def name(subject: Subject) -> str:
        environment = f" ({subject.environment})" if subject.environment else ""
        return f"{subject.collection}{environment}: {subject}" if several else str(subject)

    failing: Rows = [(name(one.subject), str(one.runs), *_since(one), _short(one.message)) for one in told.failing]
    flaky: Rows = [
        (name(one.subject), f"{one.failures} of {one.runs} runs", one.why, _short(one.message)) for one in told.flaky
    ]
    slower: Rows = [(name(one.subject), _ms(one.before), _ms(one.now), _place(one.since)) for one in told.slower]
    slowest: Rows = [(name(one.subject), _ms(one.median), _ms(one.p95), str(one.responses)) for one in told.slowest]
    tables: list[Table] = [
        _runs(told.runs, several),
        ("Failing", ("what", "runs", "since", "passed before", "message"), failing),
        ("Flaky", ("what", "failed", "why", "message"), flaky),
        ("Slower", ("what", "before", "now", "since"), slower),
        ("Slowest", ("what", "median", "95 %", "responses"), slowest),
    ]
    return [table for at, table in enumerate(tables) if table[2] or not at]


def _runs(runs: Sequence[PastRun], several: bool) -> Table:
    columns = ("when", *(OF if several else ()), "result", "requests", "failures", "average", "commit")
    rows = [
        (
            _moment(run),
            *(str(getattr(run, column)) for column in OF if several),
            _result(run),
            str(run.requests),
            str(run.failures),
            "" if run.average is None else _ms(run.average),
            _commit(run),
        )
        for run in reversed(runs[-LISTED:])
    ]
    return f"Runs, the latest {len(rows)} of {len(runs)}", columns, rows


def text(told: Told) -> str:
    """For a terminal: columns, the texts of messages on lines of their own."""
    lines: list[str] = []
    for title, columns, rows in _tables(told):
        hidden = columns.index("message") if "message" in columns else len(columns)
        shown = [[visible(cell) for cell in row[:hidden]] for row in [columns, *rows]]
        widths = [max(len(row[at]) for row in shown) for at in range(len(shown[0]))]
        lines += ["", title] if lines else [title]
        for row, whole in zip(shown, [(), *rows], strict=True):
            lines.append("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
            lines += [f"    {visible(cell)}" for cell in whole[hidden:] if cell]
    return "\n".join(lines) + "\n"


def markdown(told: Told) -> str:
    """Tables of Markdown."""
    lines: list[str] = []
    for title, columns, rows in _tables(told):
        lines += ["", f"## {title}", ""] if lines else [f"## {title}", ""]
        lines += [f"| {' | '.join(map(_cell, row))} |" for row in (columns, tuple("---" for _ in columns), *rows)]
    return "\n".join(lines) + "\n"


def as_json(told: Told) -> str:
    """Everything, with the same names; moments are milliseconds since the epoch."""
    lists: JsonObject = {name: [_object(one) for one in part] for name, part in told._asdict().items()}
    return json.dumps(lists, indent=2, ensure_ascii=False) + "\n"


FORMATS: dict[str, Callable[[Told], str]] = {"text": text, "json": as_json, "markdown": markdown}


def _object(one: PastRun | FailingSubject | FlakySubject | SlowerSubject | SlowSubject) -> JsonObject:
    found: JsonObject = asdict(one)
    return {**found.pop("subject", {}), **found}


def _moment(run: PastRun) -> str:
    return f"{datetime.fromtimestamp(run.started / 1000).astimezone():%Y-%m-%d %H:%M}"


def _since(one: FailingSubject) -> tuple[str, str]:
    return _place(one.first), _place(one.passed) if one.passed else "not in these runs"


def _share(one: FlakySubject) -> str:
    return f"{one.failures} of {one.runs} runs"


def _ms(time: float) -> str:
    return f"{time:.0f} ms"


def _place(run: PastRun) -> str:
    return f"{_moment(run)} {_commit(run)}".strip()


def _commit(run: PastRun) -> str:
    return run.revision[:10] + ("+" if run.changed else "")


def _result(run: PastRun) -> str:
    result = "passed" if run.exit_code == 0 else "ended early" if run.error else "failed"
    return f"{result}, shard {run.shard}" if run.shard else result


def _short(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= MESSAGE else f"{line[:MESSAGE]}…"


def _cell(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
