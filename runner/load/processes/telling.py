"""The reports of a load test, made from its job in the process that leads it."""

from __future__ import annotations

import os
import sys

from runner.load.job import Job
from runner.load.reports.report import About, Report
from runner.load.reports.reporting import LoadReporting, make_reporting
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
