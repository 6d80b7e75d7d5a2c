"""The figures of a load test as JSON, for all reports that programs read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from runner.load.figures.durations import Durations
from runner.load.figures.figures import Figures
from runner.load.figures.requests import Requests
from runner.load.figures.timeline import Slice
from runner.load.reports.facts import Check, Notice, Row, check_share, checks, notices, per_second, rows, slices
from runner.load.reports.metrics import metrics, trend_values
from runner.load.reports.report import About, Outcome
from runner.load.thresholds.threshold import Verdict
from runner.model.json import JsonObject
from runner.version import __version__ as VERSION


def summary_json(figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome, about: About) -> JsonObject:
    """Everything but the timeline; `metrics` and `state` are those of k6, the rest is ours. Durations are in ms."""
    return {
        "postrunner": {"version": VERSION},
        **about_json(about, figures),
        "seconds": figures.seconds,
        "verdict": outcome.verdict,
        "ended": outcome.ended,
        "endedBy": outcome.said,
        "exitCode": outcome.exit_code,
        "reasons": list(outcome.reasons),
        "limitedByGenerator": figures.limited_by_generator,
        "notices": [notice_json(one) for one in notices(figures, outcome)],
        "state": {"testRunDurationMs": figures.seconds * 1000},
        "metrics": metrics(figures),
        "thresholds": [verdict_json(one) for one in verdicts],
        "requests": [_row_json(row, figures) for row in rows(figures)],
        "total": _requests_json(figures.total, figures),
        "checks": [_check_json(one) for one in checks(figures)],
        "checkRate": check_share(figures),
        "failures": [_failure_json(key, count) for key, count in figures.failures],
        "iterations": {
            "count": figures.iterations.count,
            "failed": figures.iterations_failed,
            "dropped": figures.dropped,
            "duration": durations_json(figures.iterations),
        },
        "workers": workers_json(figures),
    }


def about_json(about: About, figures: Figures) -> JsonObject:
    """What is tested and how, and when it began."""
    return {
        "name": about.name,
        "environment": about.environment,
        "profile": about.profile,
        "started": datetime.fromtimestamp(figures.started, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
    }


def notice_json(notice: Notice) -> JsonObject:
    """A notice; `bad` if it makes the test fail."""
    return {"code": notice.code, "message": notice.said, "bad": notice.bad}


def verdict_json(verdict: Verdict) -> JsonObject:
    """A threshold with what was measured, in ms, as a share of one or a second, by its metric."""
    return {"threshold": verdict.text, "passed": verdict.passed, "measured": verdict.measured}


def workers_json(figures: Figures) -> list[JsonObject]:
    """The workers; CPU in percent of a core."""
    return [
        {
            "name": one.name,
            "users": one.users,
            "cpu": one.cpu,
            "peakCpu": one.peak_cpu,
            "lost": one.lost,
            "unreported": one.unreported,
            "unreportedSeconds": one.unreported_seconds,
        }
        for one in figures.workers.values()
    ]


def durations_json(durations: Durations) -> JsonObject:
    """k6's statistics and the 99th percentile, in ms."""
    return {**trend_values(durations), "p(99)": durations.percentile(99)}


def _check_json(check: Check) -> JsonObject:
    return {"request": check.request, "name": check.name, "passed": check.passed, "failed": check.failed}


def _failure_json(key: tuple[str, ...], count: int) -> JsonObject:
    request, kind, message = key
    return {"request": request, "kind": kind, "message": message, "count": count}


def _row_json(row: Row, figures: Figures) -> JsonObject:
    return {"name": row.name, "method": row.method, **_requests_json(row.requests, figures)}


def _requests_json(requests: Requests, figures: Figures) -> JsonObject:
    return {
        "count": requests.count,
        "unsent": requests.unsent,
        "failures": requests.failures,
        "errorRate": requests.error_rate,
        "rate": per_second(requests.count, figures),
        "duration": durations_json(requests.durations),
        "sent": requests.sent,
        "received": requests.received,
        "statuses": {str(status): count for status, count in sorted(requests.statuses.items())},
    }


def timeline_json(figures: Figures) -> JsonObject:
    """The slices; `at` is in seconds from the start of the test."""
    return {"width": figures.timeline.width, "slices": [slice_json(at, one) for at, one in slices(figures)]}


def slice_json(at: int, one: Slice) -> JsonObject:
    """What ended in a slice."""
    return {
        "at": at,
        "users": one.users,
        "requests": one.requests.count,
        "failures": one.requests.failures,
        "iterations": one.iterations,
        "dropped": one.dropped,
        **{f"p({percent})": one.requests.durations.percentile(percent) for percent in (50, 90, 95, 99)},
        "sent": one.requests.sent,
        "received": one.requests.received,
    }
