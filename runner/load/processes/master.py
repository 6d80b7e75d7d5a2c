"""Leads a load test: starts the users, watches the time and the figures, reports, and judges at the end."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from time import monotonic, time

from gevent.event import Event

from runner.load.figures.figures import Figures
from runner.load.job import Job
from runner.load.processes.hearing import hear_end
from runner.load.processes.team import Alone, Team, Told
from runner.load.thresholds.outcome import Decision, outcome
from runner.load.thresholds.parsing import parse_thresholds
from runner.load.thresholds.threshold import Verdict, crossed, judge
from runner.model.json import JsonObject

INTERRUPTED = 130
"""The exit code after Ctrl-C; who passes on another signal knows its own."""

PERIOD = 1.0
"""Seconds between two looks at the figures."""


class Lead:
    """One load test from its start to its end; `ended` says in a word by what."""

    def __init__(self, job: Job, stack: ExitStack) -> None:
        self._job = job
        self.figures = Figures(time())
        self.told = Told(self.figures)
        self._team = self._make_team(stack)
        self._stop = Event()
        self._thresholds = parse_thresholds(job.thresholds, job.paths)
        self.verdicts: list[Verdict] = []
        self.ended = "finished"

    def _make_team(self, stack: ExitStack) -> Team:
        return Alone(self._job, self.told, stack)

    def run(self) -> None:
        """Send the load."""
        hear_end(self._asked)
        self._team.start()
        self.figures.started = time()
        planned = self._job.load.planned
        end = None if planned is None else monotonic() + planned
        while not self._stop.is_set() and not self._team.over:
            left = PERIOD if end is None else min(PERIOD, end - monotonic())
            if left <= 0:
                break
            self._stop.wait(left)
            self._look()
        self._team.end()
        self._look()

    def _look(self) -> None:
        self._team.look()
        self.verdicts = judge(self._thresholds, self.figures)
        if self._job.abort_on_fail and crossed(self.verdicts) and not self._stop.is_set():
            self.ended = "aborted"
            self._stop.set()

    def decide(self) -> Decision:
        """What it ends with."""
        return outcome(self.figures, self.verdicts, signal_code=INTERRUPTED if self.ended == "interrupted" else None)

    def _asked(self, hurry: bool) -> None:
        """Ctrl-C, once or again, or the process that started this one is gone."""
        self.ended = "interrupted"
        if hurry:
            self._team.hurry()
        self._stop.set()


def lead(data: JsonObject) -> int:
    """Do the whole of a job; returns the exit code."""
    job = Job.from_json(data["job"])
    with ExitStack() as stack:
        lead = Lead(job, stack)
        lead.run()
        return _told(lead)


def _told(lead: Lead) -> int:
    figures, total = lead.figures, lead.figures.total
    for warning in lead.told.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if lead.told.out_of_rows:
        print("note: the data ran out: each row was used once", file=sys.stderr)
    durations = total.durations
    shown = {at: durations.percentile(at) for at in (50, 90, 95, 99)}
    print(
        f"{total.count} requests, {total.failures} failed, {figures.iterations.count} iterations, {figures.dropped} dropped"
    )
    print(f"rate {figures.rate or 0:.1f}/s, " + ", ".join(f"p{at} {value} ms" for at, value in shown.items()))
    for key in figures.failures:
        print("failed:", key)
    decision = lead.decide()
    for verdict in lead.verdicts:
        print(f"{'passed' if verdict.passed else 'crossed'}: {verdict.text}: {verdict.shown}")
    for reason in decision.reasons:
        print(f"failed: {reason}")
    return decision.exit_code
