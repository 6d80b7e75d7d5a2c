"""What a command of `--on-fail` or `--on-recover` gets to know of a run, as environment variables."""

from __future__ import annotations

import os
from collections.abc import Iterable

from runner.history.revision import Revision
from runner.history.states import Before
from runner.logs import visible
from runner.options import RunOptions
from runner.results.summary import Summary

PREFIX = "POSTRUNNER_RUN_"
"""No option of the configuration begins with it, so a command may call postrunner."""

LONGEST = 4_000
"""Characters of a value: the system limits all variables together."""

MOST = 50
"""Failures that are named."""


def facts_of(summary: Summary, options: RunOptions, state: str, before: Before, revision: Revision) -> dict[str, str]:
    """The variables; values have one line, those of several things a line for each. All of it is masked already."""
    failed = [str(one).replace("\n", " ") for one in summary.failures]
    error = summary.error or next(iter(summary.problems), None)
    facts = {
        "STATUS": state,
        "PREVIOUS": before.state,
        "PREVIOUS_SINCE": _moment(before.since),
        "EXIT_CODE": str(summary.exit_code(options)),
        "COLLECTION": ", ".join(run.started.collection.name for run in summary.runs),
        "ENVIRONMENT": summary.environment_name,
        "STARTED": _moment(summary.started or 0.0),
        "DURATION_MS": f"{summary.duration:.0f}",
        "REQUESTS": str(summary.stats["requests"].total),
        "ASSERTIONS": str(summary.stats["assertions"].total),
        "FAILURES": str(len(summary.failures)),
        "FAILED": _lines(failed),
        "ERROR": _line(str(error)) if error else "",
        "REVISION": revision.commit,
        "HISTORY": os.path.abspath(options.history or ""),
        "REPORTS": _lines(_reports(options)),
    }
    return {PREFIX + name: value if name in ("FAILED", "REPORTS") else _line(value) for name, value in facts.items()}


def _reports(options: RunOptions) -> list[str]:
    """The files that `--reporter-…-export` names."""
    given = (options.reporter_option(reporter, "export") for reporter in options.reporters)
    return [os.path.abspath(path) for path in given if path and path not in ("true", "-")]


def _moment(ms: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if ms else ""


def _line(text: str) -> str:
    shown = visible(text.encode("utf-8", "replace").decode()).replace("\n", " ")
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _lines(texts: Iterable[str]) -> str:
    """A line for each text, as far as they fit; the last line tells how many do not."""
    lines = [_line(text) for text in texts]
    kept = lines[:MOST]
    while kept and sum(map(len, kept)) + len(kept) > LONGEST:
        kept.pop()
    more = len(lines) - len(kept)
    return "\n".join([*kept, *([f"… and {more} more"] if more else [])])
