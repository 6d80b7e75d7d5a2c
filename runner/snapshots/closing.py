"""What is done with the snapshots when a run is over."""

from __future__ import annotations

from collections.abc import Callable

from runner.errors import ExportError, Interrupted, PostrunnerError
from runner.events import AssertionChecked
from runner.interruption import asked
from runner.options import RunOptions
from runner.results.summary import Summary
from runner.snapshots.snapshots import Snapshots


def close_snapshots(
    snapshots: Snapshots,
    summary: Summary,
    options: RunOptions,
    masked: Callable[[AssertionChecked], AssertionChecked],
    *,
    whole: bool,
) -> list[PostrunnerError]:
    """Ask about differences if that is wanted, write and remove what the options say; gives what went wrong.

    `whole` is false for a part of the collections. An interrupted run writes nothing. What is not accepted becomes a
    failure of the summary.
    """
    if snapshots.mode == "learn":
        return []
    counts = summary.snapshots = snapshots.counts
    whole = whole and not (summary.errors or options.selects or options.reruns or options.shard)
    whole = whole and all(run.finished is not None for run in summary.runs)
    if asked() or isinstance(summary.error, Interrupted):
        snapshots.count()
        return []
    if whole:
        snapshots.look_for_unused()
    if snapshots.pending:
        from runner.snapshots.review import review

        for event in review(snapshots, options, masked):
            summary.add_rejected(event)
    snapshots.count()
    problems = snapshots.write(prune=options.snapshot_prune and whole)
    if options.snapshot_prune and not whole:
        problems.append(ExportError("unused snapshots were not removed: the run ended early", where="--snapshot-prune"))
    counts.new.sort()
    return problems
