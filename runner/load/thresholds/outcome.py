"""Whether a load test passed: the one place that decides about its exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from runner.load.figures.figures import Figures
from runner.load.figures.tallies import Key
from runner.load.thresholds.metrics import KINDS
from runner.load.thresholds.threshold import Verdict
from runner.model.quick_dataclass import dataclass

FAILED = 1
CROSSED = 99
"""k6's number."""

SAID = {"request": "request failed", "script": "script failed", "assertion": "assertion failed"}


@dataclass(frozen=True, slots=True)
class Decision:
    """The exit code, and each reason for it in words; none if it is 0."""

    exit_code: int
    reasons: tuple[str, ...] = ()


def outcome(
    figures: Figures, verdicts: Sequence[Verdict], *, broken: Iterable[str] = (), signal_code: int | None = None
) -> Decision:
    """What a load test ends with.

    `broken` says what kept it from being a test: the setup failed, it could not be sent, a report could not be written.
    `signal_code` is the exit code of the signal that ended it, which wins over all others: 130 or 143.

    Without a signal it is 1 if something broke, if a worker was lost, if no request was sent, or if anything failed that
    no threshold decides about. A threshold decides about what it measures: on `error_rate` and `failures` about every
    failure, on `checks` and `failure_rate` about assertions, on `http_req_failed` about requests that got no response. If
    none of that is so, it is 99 if a threshold was crossed, else 0.
    """
    crossed = [f"{verdict.text}: {verdict.shown}" for verdict in verdicts if not verdict.passed]
    failed = [*broken, *_lost(figures), *_undecided(figures, verdicts)]
    if not figures.total.count:
        failed.append("no request was sent")
    if signal_code is not None:
        return Decision(signal_code, (*failed, *crossed))
    return Decision(FAILED if failed else CROSSED if crossed else 0, (*failed, *crossed))


def _lost(figures: Figures) -> list[str]:
    found = []
    for worker in figures.lost:
        missing = "" if worker.unreported is None else f", and about {worker.unreported} requests that it did not report"
        found.append(f"worker {worker.name} was lost{missing}")
    return found


def undecided(figures: Figures, verdicts: Iterable[Verdict]) -> list[tuple[Key, int]]:
    """The failures that no threshold decides about, each with how often it came: these fail a test."""
    thresholds = [verdict.threshold for verdict in verdicts]
    return [
        (key, count)
        for key, count in figures.failures
        if not any(threshold.decides(key[0], key[1]) for threshold in thresholds)
    ]


def _undecided(figures: Figures, verdicts: Sequence[Verdict]) -> list[str]:
    counts: Counter[str] = Counter()
    for (_, kind, _), count in undecided(figures, verdicts):
        counts[kind] += count
    thresholds = [verdict.threshold for verdict in verdicts]
    untold = 0 if len(figures.failures) else figures.total.failures or figures.iterations_failed
    if untold and not any(threshold.names is None and threshold.metric.decides == KINDS for threshold in thresholds):
        counts["request"] += untold
    return [_said(kind, counts[kind]) for kind in SAID if counts[kind]]


def _said(kind: str, count: int) -> str:
    word, _, rest = SAID[kind].partition(" ")
    return f"{count} {word}{'' if count == 1 else 's'} {rest}"
