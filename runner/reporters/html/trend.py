"""The trend of a collection on the page: its earlier runs, from the history that this run is added to."""

from __future__ import annotations

from collections.abc import Sequence

from runner.errors import LoadError
from runner.history.reading import PastRun, past_runs
from runner.history.store import history
from runner.model.json import JsonObject
from runner.options import RunOptions
from runner.reporters.html.choice import Choice
from runner.reporters.text import plural
from runner.results.summary import Summary

SHOWN = 40
"""The latest runs that are shown."""

WIDTH, HEIGHT, LEAST, MARK = 20.0, 80.0, 3.0, 10.0
"""Of a bar with its gap, of the highest and of the lowest one, and of the mark of a failed run, in units of the drawing."""


def trend(summary: Summary, options: RunOptions, choice: Choice) -> JsonObject | None:
    """What the page draws; None without a history, or with nothing in it to compare with."""
    if not options.history:
        return None
    try:
        with history(options.history, thorough=False) as connection:
            name = ", ".join(run.started.collection.name for run in summary.runs)
            runs = past_runs(connection, SHOWN, name, summary.environment_name)
    except LoadError:  # the recorder has told what is wrong
        return None
    runs = [run for run in runs if run.shard == (options.shard or "")]
    return _drawn(runs, choice) if len(runs) > 1 else None


def _drawn(runs: Sequence[PastRun], choice: Choice) -> JsonObject:
    highest = max((run.average or 0.0 for run in runs), default=0.0) or 1.0
    bars = []
    for at, run in enumerate(runs):
        height = max(LEAST, HEIGHT * (run.average or 0.0) / highest)
        told = f"{choice.date(run.started)}: {plural(run.failures, 'failure')}"
        told += "" if run.average is None else f", {run.average:.0f} ms on average"
        told += f", commit {run.revision[:10]}{' with changes' if run.changed else ''}" if run.revision else ""
        bar = {"x": at * WIDTH, "y": round(MARK + HEIGHT - height, 1), "height": round(height, 1), "told": told}
        bars.append({**bar, "kind": "failed" if run.exit_code else "passed"})
    failed = sum(run.exit_code != 0 for run in runs)
    said = f"{plural(len(runs), 'run')}, {failed} failed; the height is the average response time, {highest:.0f} ms at most"
    return {"bars": bars, "said": said, "width": len(runs) * WIDTH, "height": MARK + HEIGHT, "bar": WIDTH - 4}
