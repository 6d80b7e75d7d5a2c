"""The reports of a load test, made from its job in the process that leads it."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from runner.clock import Clock
from runner.errors import RunAborted
from runner.load.figures.figures import Figures
from runner.load.job import Job
from runner.load.reports.report import About, Outcome, Report
from runner.load.reports.reporting import LoadReporting, make_reporting
from runner.load.thresholds.outcome import outcome
from runner.load.thresholds.parsing import parse_thresholds
from runner.load.thresholds.threshold import judge
from runner.loading import make_secrets
from runner.secrets.outgoing.masked import Masker

UNNAMED = "environment"
"""The name of the environment of a test that was given none."""


def reporting_of(job: Job) -> LoadReporting:
    """The chosen reports, printing to standard output; what the job knows to be secret is masked in them."""
    secrets = make_secrets(job.options)
    for value in job.secrets:
        secrets.add(value)
    more: dict[str, Report] = {}
    if job.options.otel or job.load.metrics_port is not None:
        from runner.load.telemetry.report import Telemetry

        more["telemetry"] = Telemetry(otel=job.options.otel, port=job.load.metrics_port)
    return make_reporting(job.options, sys.stdout, Masker(secrets), os.environ, _about(job), more)


def tell_aborted(job: Job, error: RunAborted) -> None:
    """Write the reports of a test that was not sent, or whose process is gone, over the files of an earlier one.

    On the terminal the error alone is told, by who catches it.
    """
    names = tuple(name for name in job.options.reporters if name != "cli")
    options, load = replace(job.options, reporters=names, otel=False), replace(job.load, metrics_port=None)
    figures = Figures(Clock().now())
    verdicts = judge(parse_thresholds(job.thresholds, job.paths), figures)
    decision = outcome(figures, verdicts, broken=[error.message])
    told = Outcome(ended="error", exit_code=decision.exit_code, said=error.message, reasons=decision.reasons)
    for problem in reporting_of(replace(job, options=options, load=load)).close(figures, verdicts, told):
        print(f"warning: {problem}", file=sys.stderr)


def _about(job: Job) -> About:
    info = job.collection.get("info")
    name = info.get("name") if isinstance(info, dict) else None
    load = job.load
    return About(
        name=str(name or os.path.basename(job.path) or "collection"),
        environment="" if job.environment == UNNAMED else job.environment,
        profile=load.said,
        seconds=load.planned,
        iterations=load.iterations,
    )
