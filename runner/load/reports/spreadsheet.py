"""The `csv` report of a load test: files with the columns of Locust's, for spreadsheets and plots."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from runner.load.figures.durations import Durations
from runner.load.figures.figures import Figures
from runner.load.reports.facts import Row, checks, notices, per_second, rows, slices, total
from runner.load.reports.report import About, Outcome
from runner.load.thresholds.threshold import Verdict
from runner.outputs import writing
from runner.reporters.context import ReporterContext
from runner.reporters.report_files import report_path

NAME = "csv"

PERCENTILES = (50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99, 100)
"""Those of Locust's files."""

HEADS = tuple(f"{percent:g}%" for percent in PERCENTILES)
TIMES = ("Median Response Time", "Average Response Time", "Min Response Time", "Max Response Time", "Average Content Size")
AGGREGATED = "Aggregated"
"""Locust's name for all requests together."""

NOTHING = "N/A"
"""Locust's word for a percentile of nothing."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a formula of a cell in a spreadsheet, whoever wrote it."""

Cell = str | float | None


class Spreadsheet:
    """Writes the files when the test is over: `NAME_stats.csv`, `_stats_history`, `_failures`, `_checks` and `_result`."""

    def __init__(self, context: ReporterContext, about: About) -> None:
        self._about = about
        path = report_path(context, NAME, "csv")
        self._path = path.with_suffix("") if path.suffix.lower() == ".csv" else path

    def on_start(self, figures: Figures) -> None:
        """Nothing is written before the test is over."""

    def on_progress(self, figures: Figures, verdicts: Sequence[Verdict]) -> None:
        """Nothing is written before the test is over."""

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> None:
        """Write the files; raises `ExportError`."""
        self._write("stats", _stats(figures))
        self._write("stats_history", _history(figures))
        self._write("failures", _failures(figures))
        self._write("checks", _checks(figures))
        self._write("result", _result(figures, verdicts, outcome))

    def _write(self, name: str, lines: Iterable[Sequence[Cell]]) -> None:
        path = Path(f"{self._path}_{name}.csv")
        with writing(path) as file:
            csv.writer(file, lineterminator="\n").writerows([*map(safe, line)] for line in lines)


def safe(cell: Cell) -> str:
    """A cell as it is written: a number plainly, a text so that no spreadsheet takes it for a formula."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return "" if cell is None else str(round(cell, 6))


def _stats(figures: Figures) -> Iterator[Sequence[Cell]]:
    yield ("Type", "Name", "Request Count", "Failure Count", *TIMES, "Requests/s", "Failures/s", *HEADS)
    for row in (*rows(figures), total(figures)):
        one = row.requests
        rates = (per_second(count, figures) for count in (one.count, one.failures))
        yield (*_named(row), one.count, one.failures, *_times(row), *rates, *_percentiles(one.durations))


def _named(row: Row) -> tuple[str, str]:
    return row.method, row.name or AGGREGATED


def _times(row: Row) -> tuple[Cell, ...]:
    one = row.requests
    durations = one.durations
    size = one.received / one.count if one.count else 0
    return durations.percentile(50), durations.mean, durations.shortest, durations.longest, size


def _percentiles(durations: Durations) -> Iterator[Cell]:
    for percent in PERCENTILES:
        value = durations.percentile(percent)
        yield NOTHING if value is None else value


def _history(figures: Figures) -> Iterator[Sequence[Cell]]:
    """A row a slice: rates and percentiles are those of the slice, the totals those of the test until its end."""
    totals = ("Total Request Count", "Total Failure Count")
    own = ("Seconds", "Iterations", "Dropped Iterations", "Bytes Received", "Bytes Sent")
    yield ("Timestamp", "User Count", "Type", "Name", "Requests/s", "Failures/s", *HEADS, *totals, *own)
    found = [one for _, one in slices(figures)]
    counts = accumulate(one.requests.count for one in found)
    failures = accumulate(one.requests.failures for one in found)
    for one, count, failed in zip(found, counts, failures, strict=True):
        requests = one.requests
        rates = requests.count / one.seconds, requests.failures / one.seconds
        tail = (one.seconds, one.iterations, one.dropped, requests.received, requests.sent)
        start = one.start
        yield (start, one.users, "", AGGREGATED, *rates, *_percentiles(requests.durations), count, failed, *tail)


def _failures(figures: Figures) -> Iterator[Sequence[Cell]]:
    """Locust's columns, but for the moments; `Type` is what failed: a request, a script or an assertion."""
    yield ("Type", "Name", "Error", "Occurrences")
    for (request, kind, message), count in figures.failures:
        yield kind, request, message, count


def _checks(figures: Figures) -> Iterator[Sequence[Cell]]:
    yield ("Name", "Check", "Passed", "Failed")
    for one in checks(figures):
        yield one.request, one.name, one.passed, one.failed


def _result(figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> Iterator[Sequence[Cell]]:
    yield ("Kind", "Text", "Passed", "Measured")
    yield "verdict", outcome.verdict, _yes(outcome.exit_code == 0), outcome.exit_code
    for verdict in verdicts:
        yield "threshold", verdict.text, _yes(verdict.passed), verdict.measured
    for notice in notices(figures, outcome):
        yield notice.code, notice.said, _yes(not notice.bad), None


def _yes(passed: bool) -> str:
    return "yes" if passed else "no"
