"""What a history tells: what is flaky, what fails since when, what is slow, what became slower."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from runner.history.reading import Outcome, Outcomes, PastRun, Subject
from runner.model.quick_dataclass import dataclass

RECENT = 5
"""The latest runs of a request, whose times are compared with those of the runs before."""

EARLIER = 5
"""The fewest runs before these that there have to be."""

SLOWER, LEAST = 1.5, 20.0
"""A request is slower if its time is this many times as long, and this many ms longer."""


@dataclass(frozen=True, slots=True)
class FlakySubject:
    """A request or test that fails and passes though nothing changed: `why` says how that is known."""

    subject: Subject
    runs: int
    failures: int
    why: str
    message: str


@dataclass(frozen=True, slots=True)
class FailingSubject:
    """A request or test that failed in its latest run: `first` failed first, `passed` is the run before, if it is known."""

    subject: Subject
    first: PastRun
    passed: PastRun | None
    runs: int
    message: str


@dataclass(frozen=True, slots=True)
class SlowSubject:
    """The response times of a request, in ms."""

    subject: Subject
    responses: int
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class SlowerSubject:
    """A request whose response time, the median over runs in ms, rose from `before` to `now`, from the run `since` on."""

    subject: Subject
    before: float
    now: float
    since: PastRun


def flaky(outcomes: Outcomes) -> list[FlakySubject]:
    """What passed after a retry, failed and passed at one commit, or changed twice at unknown commits; the worst first."""
    found = []
    for subject, of in outcomes.items():
        why = _why_flaky(of)
        if why:
            failed = [one for one in of if one.failed]
            message = next((one.message for one in reversed(failed) if one.message), "")
            found.append(FlakySubject(subject, len(of), len(failed), why, message))
    return sorted(found, key=lambda one: (-one.failures / one.runs, str(one.subject)))


def _why_flaky(of: Sequence[Outcome]) -> str:
    retried = sum(one.retried for one in of)
    if retried:
        return f"passed only after a retry in {retried} of {len(of)} runs"
    results: dict[str, set[bool]] = defaultdict(set)
    for one in of:
        results[one.run.revision if not one.run.changed else ""].add(one.failed)
    both = next((revision for revision, seen in results.items() if revision and len(seen) == 2), None)
    if both:
        return f"failed and passed at commit {both[:10]}"
    unknown = [one for one in of if one.run.changed or not one.run.revision]
    changes = sum(a.failed != b.failed for a, b in pairwise(unknown))
    return f"changed {changes} times between failed and passed" if changes > 1 else ""


def failing(outcomes: Outcomes) -> list[FailingSubject]:
    """What failed in its latest run, and since when; the longest first."""
    found = []
    for subject, of in outcomes.items():
        if not of[-1].failed:
            continue
        at = next((at for at in range(len(of) - 1, -1, -1) if not of[at].failed), -1)
        first = of[at + 1].run
        found.append(FailingSubject(subject, first, of[at].run if at >= 0 else None, len(of) - at - 1, of[-1].message))
    return sorted(found, key=lambda one: (-one.runs, str(one.subject)))


def slowest(outcomes: Outcomes, most: int) -> list[SlowSubject]:
    """The requests with the longest response times by their median."""
    found = []
    for subject, of in outcomes.items():
        times = sorted(time for one in of for time in one.times)
        if times:
            p95 = times[min(len(times) - 1, -(-len(times) * 95 // 100) - 1)]
            found.append(SlowSubject(subject, len(times), median(times), p95))
    return sorted(found, key=lambda one: -one.median)[:most]


def slower(outcomes: Outcomes) -> list[SlowerSubject]:
    """The requests that answer more slowly in their latest `RECENT` runs than in those before; the most slowed first."""
    found = []
    for subject, of in outcomes.items():
        timed = [(one.run, median(one.times)) for one in of if one.times]
        earlier, recent = timed[:-RECENT], timed[-RECENT:]
        if len(earlier) < EARLIER:
            continue
        before, now = (median(time for _, time in part) for part in (earlier, recent))
        if now >= before * SLOWER and now - before >= LEAST:
            found.append(SlowerSubject(subject, before, now, recent[0][0]))
    return sorted(found, key=lambda one: -one.now / max(one.before, 0.001))
