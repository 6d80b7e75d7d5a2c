"""`postrunner merge`: one report of the JSON reports of all shards."""

from __future__ import annotations

import sys
from typing import Any

import click

from runner.cli.app import report
from runner.cli.config import Config
from runner.cli.options import RunCommand, run_options, run_parameters
from runner.cli.run import expand
from runner.errors import UsageError

TAKEN = frozenset(
    {
        "reporters",
        "slowest",
        "silent",
        "verbose",
        "color",
        "ci_safe",
        "disable_unicode",
        "suppress_exit_code",
        "fail_on_flaky",
        "fail_on_warning",
        "allow_skipped_kinds",
        "contract_coverage",
    }
)
"""The options of `postrunner run` that are about its reports."""


def _merge(reports: tuple[str, ...], **_: Any) -> int:
    from runner.shards.merge import merge_reports

    options = run_options(click.get_current_context(), Config())
    names = expand(reports)
    if not names:
        raise UsageError("there is no report to merge", hint="name the JSON report of each shard")
    summary = merge_reports(names, options, sys.stdout)
    for problem in summary.problems:
        report(problem, "warning")
    return min(1, summary.exit_code(options))


command = RunCommand(
    "merge",
    callback=_merge,
    params=[
        click.Argument(["reports"], nargs=-1, metavar="REPORT..."),
        *(parameter for parameter in run_parameters() if parameter.name in TAKEN),
    ],
    help="""Make one report of the JSON reports of all shards: files, or a pattern such as 'shards/*.json'.

    Each shard is run with -r json and --shard 1/5 … 5/5. The merged report is that of the whole run, in the order of its
    plan, by any reporter. A shard that is missing or there twice, or of another run, is a mistake.""",
    short_help="Make one report of the JSON reports of all shards.",
    epilog="""\b
Exit codes:
  0  everything passed
  1  something failed in any shard, or a report could not be written (0 with -x)
  2  a mistake on the command line, or a report that does not belong to the others""",
)
