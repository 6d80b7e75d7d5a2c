"""The `ndjson` report of a load test: one JSON object a line, about one a second and one for what happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from runner.deep_json import dumps
from runner.load.figures.figures import Figures
from runner.load.reports.facts import check_share, notices
from runner.load.reports.report import About, Outcome
from runner.load.reports.shapes import (
    about_json,
    durations_json,
    notice_json,
    summary_json,
    verdict_json,
    workers_json,
)
from runner.load.thresholds.threshold import Verdict
from runner.logs import json_visible
from runner.model.json import JsonObject
from runner.outputs import Stream, streaming
from runner.reporters.context import ReporterContext

NAME = "ndjson"


class NdJson:
    """Streams to standard output, or to the file of `--reporter-ndjson-export`.

    The `event` of a line is `start`, `progress`, `failure` (of a new kind), `notice`, `threshold` (crossed, or met again),
    or at last `summary`.
    """

    def __init__(self, context: ReporterContext, about: About) -> None:
        self._context = context
        self._about = about
        chosen = context.options.reporter_option(NAME, "export")
        self._path = Path(chosen) if chosen and chosen != "true" else None
        self._file: Stream | None = None
        self._silent = self._path is None and context.options.silent
        self._failures: set[tuple[str, ...]] = set()
        self._notices: set[str] = set()
        self._passed: dict[str, bool] = {}
        self._before: dict[str, float] = {}

    def on_start(self, figures: Figures) -> None:
        """Write what is tested."""
        planned = {"plannedSeconds": self._about.seconds, "plannedIterations": self._about.iterations}
        self._write({"event": "start", **about_json(self._about, figures), **planned})

    def on_progress(self, figures: Figures, verdicts: Sequence[Verdict]) -> None:
        """Write what has happened and what came so far."""
        for line in self._happened(figures, verdicts):
            self._write(line)
        self._write(self._progress(figures))
        self._flush()

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> None:
        """Write the last line and close the file."""
        for line in self._happened(figures, verdicts):
            self._write(line)
        self._write({"event": "summary", **summary_json(figures, verdicts, outcome, self._about)})
        self._flush()
        if self._file is not None:
            self._file.close()

    def _happened(self, figures: Figures, verdicts: Sequence[Verdict]) -> Iterator[JsonObject]:
        at = {"seconds": figures.seconds}
        for key in figures.failures.counts:
            if key not in self._failures:
                self._failures.add(key)
                yield {"event": "failure", **at, **dict(zip(("request", "kind", "message"), key, strict=True))}
        for notice in notices(figures):
            if notice.key not in self._notices:
                self._notices.add(notice.key)
                yield {"event": "notice", **at, **notice_json(notice)}
        for verdict in verdicts:
            if self._passed.get(verdict.text, True) != verdict.passed:
                self._passed[verdict.text] = verdict.passed
                yield {"event": "threshold", **at, **verdict_json(verdict)}

    def _progress(self, figures: Figures) -> JsonObject:
        """What came so far, and in `last` what came since the line before."""
        total = figures.total
        now = {"seconds": figures.seconds, "requests": total.count, "failures": total.failures}
        last = {name: value - self._before.get(name, 0) for name, value in now.items()}
        self._before = now
        return {
            "event": "progress",
            **now,
            "users": figures.users,
            "rate": figures.rate,
            "duration": durations_json(total.durations),
            "checkRate": check_share(figures),
            "iterations": figures.iterations.count,
            "dropped": figures.dropped,
            "last": last,
            "workers": workers_json(figures),
        }

    def _write(self, line: JsonObject) -> None:
        if self._silent:
            return
        text = self._context.markers.in_json(json_visible(dumps(line, separators=(",", ":"))))
        try:
            if self._path is not None:
                self._file = self._file or streaming(self._path)
                self._file.write(text + "\n")
            else:
                self._context.stream.write(text + "\n")
        except BaseException:  # this report is dropped
            if self._file is not None:
                self._file.discard()
            raise

    def _flush(self) -> None:
        if self._path is None:
            self._context.stream.flush()
