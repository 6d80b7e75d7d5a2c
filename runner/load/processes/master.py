"""Leads a load test: starts the users, watches the time and the figures, reports, and judges at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from time import monotonic, time

from gevent.event import AsyncResult, Event

from runner.load.figures.figures import Figures
from runner.load.job import Job
from runner.load.machines import Machines
from runner.load.processes.hearing import hear_end
from runner.load.processes.process_input import TELLS
from runner.load.processes.team import Alone, Team, Told
from runner.load.processes.telling import reporting_of
from runner.load.reports.report import Ended, Outcome
from runner.load.thresholds.outcome import Decision, outcome
from runner.load.thresholds.parsing import parse_thresholds
from runner.load.thresholds.threshold import Verdict, crossed, judge
from runner.model.json import JsonObject

PERIOD = 1.0
"""Seconds between two looks at the figures."""


class Lead:
    """One load test from its start to its end; `ended` says in a word by what."""

    def __init__(self, job: Job, machines: Machines | None, stack: ExitStack) -> None:
        self._job, self._machines = job, machines
        self.figures = Figures(time())
        self.told = Told(self.figures)
        self._team = self._make_team(stack)
        self._stop = Event()
        self._thresholds = parse_thresholds(job.thresholds, job.paths)
        self.verdicts: list[Verdict] = []
        self.ended: Ended = "finished"
        self._signal_code: int | None = None
        self._followed: AsyncResult[bool] = AsyncResult()
        self._broken: list[str] = []
        self._over = False
        self._reporting = reporting_of(job)

    def _make_team(self, stack: ExitStack) -> Team:
        if self._machines is None and self._job.load.processes == 1:
            return Alone(self._job, self.told, stack)
        from runner.load.processes.workers import Workers

        return Workers(self._job, self._machines, self.told, stack)

    def open_page(self, stack: ExitStack) -> None:
        """Show Locust's web page, if that is wanted."""
        if self._job.load.web is not None:
            from runner.load.processes.page import open_page

            address = open_page(self._team.environment, self._job.load.web, stack)
            print(f"Locust's web page: {address}", file=sys.stderr, flush=True)

    def run(self) -> None:
        """Send the load."""
        hear_end(self._asked, self._followed.set)
        self._team.start(self._stop)
        self.figures.started = time()
        self._reporting.start(self.figures)
        planned = self._job.load.planned
        end = None if planned is None else monotonic() + planned
        while not self._stop.is_set() and not self._team.over:
            left = PERIOD if end is None else min(PERIOD, end - monotonic())
            if left <= 0:
                break
            self._stop.wait(left)
            self._look()
            self._reporting.progress(self.figures, self.verdicts)
            if self._has_to_abort():
                self.ended = "aborted"
                break
        self._team.end()
        self._look()
        self._over = True

    def _look(self) -> None:
        self._team.look()
        self.verdicts = judge(self._thresholds, self.figures)

    def _has_to_abort(self) -> bool:
        delay = self._job.abort_delay
        late = delay is not None and self.figures.seconds >= delay and not self._stop.is_set()
        return late and bool(crossed(self.verdicts))

    def follow(self, tells: int) -> None:
        """Say by this descriptor that the load is over, and wait until what follows has been done."""
        os.write(tells, b"!")
        if not self._followed.get():
            self._broken.append("the teardown failed")

    def close(self) -> int:
        """Finish the reports and tell what they do not; returns the exit code."""
        decision = self._decide()
        broken = self._reporting.close(self.figures, self.verdicts, self._outcome(decision))
        if broken:
            decision = self._decide([str(error) for error in broken])
        for text in (*map(str, broken), *self.told.warnings):
            print(f"warning: {text}", file=sys.stderr)
        if self.told.out_of_rows:
            print("note: the data ran out: each row was used once", file=sys.stderr)
        return decision.exit_code

    def _decide(self, broken: Sequence[str] = ()) -> Decision:
        left = self.ended == "interrupted" and self._signal_code is None
        gone = ["the process that began the test is gone"] if left else []
        return outcome(self.figures, self.verdicts, broken=[*self._broken, *gone, *broken], signal_code=self._signal_code)

    def _outcome(self, decision: Decision) -> Outcome:
        by = ", ".join(f"{one.text}: {one.shown}" for one in crossed(self.verdicts)) if self.ended == "aborted" else ""
        broken = tuple(self._broken)
        return Outcome(ended=self.ended, exit_code=decision.exit_code, said=by, broken=broken, reasons=decision.reasons)

    def _asked(self, hurry: bool, signal_code: int | None) -> None:
        """A signal, once or again, or the process that started this one is gone."""
        if signal_code is None:
            self._followed.set(True)
        if self._over:
            return
        self.ended, self._signal_code = "interrupted", signal_code
        if hurry:
            self._team.hurry()
        self._stop.set()


def lead(data: JsonObject) -> int:
    """Do the whole of a job; returns the exit code."""
    job = Job.from_json(data["job"])
    with ExitStack() as stack:
        machines = data.get("machines")
        lead = Lead(job, Machines(**machines) if machines else None, stack)
        lead.open_page(stack)
        lead.run()
        if TELLS in data:
            lead.follow(data[TELLS])
        return lead.close()
