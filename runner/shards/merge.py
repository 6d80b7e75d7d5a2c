"""`postrunner merge`: one report from the reports of all shards, made by the same fold and reporters as for a run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TextIO

from runner.contract.coverage import too_little
from runner.errors import PostrunnerError, UsageError
from runner.events import RunFinished
from runner.options import RunOptions
from runner.reporters.reporting import Reporting, make_reporting
from runner.results.coverage import ContractCoverage
from runner.results.figures import Slowest
from runner.results.fold import Fold
from runner.results.summary import Summary
from runner.results.whole import Whole
from runner.secrets import Unmasked
from runner.secrets.outgoing.masked import Masker
from runner.shards.belonging import check_shards
from runner.shards.coverage import merged_coverage
from runner.shards.order import merged_events
from runner.shards.report import ShardReport, read_report

DECIDING = ("fail_on_flaky", "fail_on_warning", "allow_skipped_kinds", "insecure")
"""Options of the run that affect its reports: the merged report uses those of the shards."""


def merge_reports(paths: Sequence[str], options: RunOptions, stream: TextIO) -> Summary:
    """Write the reports that the options ask for; raises `LoadError` if a given one does not belong to the others.

    The given reports are masked already, so nothing is masked here.
    """
    with ExitStack() as stack:
        reports = check_shards([read_report(path, stack) for path in paths])
        for _ in merged_events(reports):  # read all first, since an event may be damaged: then no reporter begins
            continue
        demanded = {name: True for name in DECIDING if any(report.options.get(name) is True for report in reports)}
        options = replace(options, **demanded)  # type: ignore[arg-type]
        masker = Masker(Unmasked())
        summary = Summary(
            fail_on_flaky=options.fail_on_flaky,
            fail_on_warning=options.fail_on_warning,
            allow_skipped_kinds=options.allow_skipped_kinds,
            slowest=Slowest(options.slowest),
            whole=Whole(collections=reports[0].whole.collections),
            coverage=_coverage(reports, options),
        )
        reporting = make_reporting(options, stream, masker)
        _tell(reports, Fold(masker, summary, executions=reporting.takes_executions), reporting)
        wrong = _uncovered(summary, options)
        summary.problems = (*wrong, *reporting.close(summary))
        return summary


def _coverage(reports: Sequence[ShardReport], options: RunOptions) -> ContractCoverage | None:
    coverage = merged_coverage(reports)
    if coverage is None and options.contract_coverage is not None:
        raise UsageError("no shard was run with --contract", where="--contract-coverage")
    return coverage


def _uncovered(summary: Summary, options: RunOptions) -> list[PostrunnerError]:
    """What is wrong with the coverage of all shards together."""
    if summary.coverage is None:
        return []
    error = too_little(summary.coverage, options.contract_coverage)
    if error is None:
        return []
    summary.add_uncovered(error)
    return [error] if isinstance(error, UsageError) else []


def _tell(reports: Sequence[ShardReport], fold: Fold, reporting: Reporting) -> None:
    for event in merged_events(reports):
        if isinstance(event, RunFinished):
            reporting.tell(fold.release())
            for execution in fold.end(event.wall):
                reporting.on_execution(execution)
        reporting.tell(fold.on(event))
