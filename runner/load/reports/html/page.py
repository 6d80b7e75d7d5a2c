"""The page of the HTML report of a load test: its template filled, with the figures over time embedded for its charts."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from runner.load.figures.figures import BUSY, Figures
from runner.load.reports.facts import (
    Check,
    Row,
    check_share,
    checks,
    notices,
    per_second,
    rows,
    slices,
    total,
)
from runner.load.reports.report import About, Outcome
from runner.load.reports.texts import clock_text, cpu_text, ms_text, number_text, percent_text, rate_text
from runner.load.thresholds.threshold import Verdict
from runner.load.thresholds.units import TIME
from runner.logs import json_visible, visible
from runner.model.json import JsonObject
from runner.reporters.context import ReporterContext
from runner.reporters.html.page import chosen_title, embedded, own_file, page_environment, spaced
from runner.reporters.text import clean, plural, size_text
from runner.version import __version__ as VERSION

LISTED = 500
"""The most failures and checks that the page lists."""

GRAPHS = {"latency": "Response time", "throughput": "Requests a second", "users": "Users", "errors": "Failures a second"}

SLICES = ("Users", "Requests", "Rate", "Failures", "p50", "p90", "p95", "p99", "Iterations", "Dropped", "Received", "Sent")
REQUESTS = ("Requests", "Rate", "Failures", "Avg", "Min", "Med", "p90", "p95", "p99", "Max", "Received")

Tile = tuple[str, str, str, str]


def write_page(
    file: TextIO,
    figures: Figures,
    verdicts: Sequence[Verdict],
    outcome: Outcome,
    about: About,
    context: ReporterContext,
) -> None:
    """Write the page to `file`, piece by piece."""
    from markupsafe import Markup

    markers = context.markers
    template = page_environment().from_string(_own_file("page.html.j2"))
    style = own_file("page.css") + _own_file("load.css")
    script = own_file("base.js") + "\n" + _own_file("charts.js")
    facts = {"style": Markup(style), "script": Markup(script), **_facts(figures, verdicts, outcome, about, context)}
    facts["load"] = Markup(markers.in_json(json_visible(embedded(_over_time(figures, verdicts)))))
    for piece in template.generate(facts):
        file.write(markers.in_xml(visible(piece)))


def _own_file(name: str) -> str:
    data = pkgutil.get_data(__package__, name)
    assert data is not None
    return data.decode().replace("\r\n", "\n")


def _facts(
    figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome, about: About, context: ReporterContext
) -> dict[str, Any]:
    """The head of the page, and what is known of the test as a whole."""
    started = datetime.fromtimestamp(figures.started, UTC)
    return {
        "title": chosen_title(context, "title") or clean(about.name),
        "name": clean(about.name),
        "environment": clean(about.environment),
        "profile": clean(about.profile),
        "version": VERSION,
        "failed": bool(outcome.exit_code),
        "verdict": outcome.verdict,
        "date": f"{started:%Y-%m-%d %H:%M:%S} UTC",
        "iso": f"{started:%Y-%m-%dT%H:%M:%SZ}",
        "reasons": [clean(reason) for reason in outcome.reasons],
        "took": spaced(ms_text(figures.seconds * 1000)),
        "notices": [{"said": clean(one.said), "bad": one.bad} for one in notices(figures, outcome)],
        "tiles": list(_tiles(figures)),
        "verdicts": [{"text": clean(one.text), "passed": one.passed, "measured": spaced(one.shown)} for one in verdicts],
        "graphs": list(GRAPHS.items()),
        **_tables(figures),
    }


def _tables(figures: Figures) -> dict[str, Any]:
    failures, found = list(figures.failures), checks(figures)
    return {
        "request_columns": REQUESTS,
        "requests": [_request(row, figures) for row in rows(figures)],
        "total": _request(total(figures), figures)["cells"],
        "failures": [_failure(key, count) for key, count in failures[:LISTED]],
        "failed_total": figures.failures.total,
        "more_failures": sum(count for _, count in failures[LISTED:]),
        "checks": [_check(one) for one in found[:LISTED]],
        "more_checks": max(0, len(found) - LISTED),
        "workers": [_worker(figures, name) for name in figures.workers],
        "slice_columns": SLICES,
        "slices": list(_slices(figures)),
    }


def _check(check: Check) -> JsonObject:
    counts = {"passed": check.passed, "failed": check.failed, "share": check.share, "percent": percent_text(check.share)}
    return {"request": clean(check.request), "name": clean(check.name), **counts}


def _tiles(figures: Figures) -> Iterator[Tile]:
    """Colour, name, number and note of each tile."""
    one, durations = figures.total, figures.total.durations
    share, wrong = check_share(figures), figures.failed.total
    yield "plain", "Requests", str(one.count), rate_text(figures.rate)
    times = ", ".join(f"p{percent} {spaced(ms_text(durations.percentile(percent)))}" for percent in (50, 99))
    yield "plain", "p95", spaced(ms_text(durations.percentile(95))), times
    failed = f"{percent_text(one.error_rate)} of requests" if one.tried else "nothing was sent"
    yield "bad" if one.failures else "good", "Failed requests", str(one.failures), failed
    if share is not None:
        yield "bad" if wrong else "good", "Checks", percent_text(share), f"{wrong} of {figures.passed.total + wrong} failed"
    average = f"{spaced(ms_text(figures.iterations.mean))} on average" if figures.iterations.count else "none ended"
    yield "plain", "Iterations", str(figures.iterations.count), average
    yield "plain", "Users", str(figures.most_users), "at most"
    if figures.dropped:
        rate = per_second(figures.dropped, figures)
        yield "aside", "Dropped", str(figures.dropped), f"iterations, {rate_text(rate)}"
    busiest = max((worker.peak_cpu for worker in figures.workers.values()), default=None)
    if busiest is not None:
        busy = "aside" if figures.limited_by_generator else "plain"
        yield busy, "CPU at most", cpu_text(busiest), f"of {plural(len(figures.workers), 'worker')}"
    yield "plain", "Received", spaced(size_text(one.received)), f"{spaced(size_text(one.sent))} sent"


def _request(row: Row, figures: Figures) -> JsonObject:
    one, durations = row.requests, row.requests.durations
    rate = per_second(one.count, figures)
    times = [durations.mean, durations.shortest, *map(durations.percentile, (50, 90, 95, 99)), durations.longest]
    cells = [(one.count, str(one.count)), (rate or 0, rate_text(rate)), (one.failures, str(one.failures))]
    cells += [(ms or 0, spaced(ms_text(ms))) for ms in times]
    cells.append((one.received, spaced(size_text(one.received))))
    shown = [
        {"value": value, "text": text, "bad": head == "Failures" and one.failures > 0}
        for head, (value, text) in zip(REQUESTS, cells, strict=True)
    ]
    return {"method": clean(row.method), "name": clean(row.name), "cells": shown}


def _failure(key: tuple[str, ...], count: int) -> JsonObject:
    request, kind, message = key
    return {"request": clean(request), "kind": kind, "message": clean(message), "count": count}


def _worker(figures: Figures, name: str) -> JsonObject:
    one = figures.workers[name]
    shown = {"users": one.users, "cpu": cpu_text(one.cpu), "peak": cpu_text(one.peak_cpu), "lost": one.lost}
    return {"name": clean(name), "busy": one.peak_cpu > BUSY, **shown}


def _slices(figures: Figures) -> Iterator[JsonObject]:
    for at, one in slices(figures):
        requests = one.requests
        times = (spaced(ms_text(requests.durations.percentile(percent))) for percent in (50, 90, 95, 99))
        sizes = (spaced(size_text(count)) for count in (requests.received, requests.sent))
        rate = number_text(requests.count / one.seconds)
        counts = (one.iterations, one.dropped)
        cells = [one.users, requests.count, f"{rate}/s", requests.failures, *times, *counts, *sizes]
        yield {"start": spaced(clock_text(at)), "cells": [str(cell) for cell in cells]}


def _over_time(figures: Figures, verdicts: Sequence[Verdict]) -> JsonObject:
    """What charts.js draws: a list for each figure, with a value a slice."""
    found = list(slices(figures))
    lists: JsonObject = {
        "at": [at for at, _ in found],
        "seconds": [one.seconds for _, one in found],
        "users": [one.users for _, one in found],
        "requests": [one.requests.count for _, one in found],
        "failures": [one.requests.failures for _, one in found],
        "dropped": [one.dropped for _, one in found],
    }
    for percent in (50, 90, 95, 99):
        lists[f"p{percent}"] = [one.requests.durations.percentile(percent) for _, one in found]
    return {**lists, "limits": list(_limits(verdicts))}


def _limits(verdicts: Sequence[Verdict]) -> Iterator[JsonObject]:
    """The thresholds that are a response time of all requests, to draw them as lines."""
    for one in verdicts:
        metric = one.threshold.metric
        if metric.unit is TIME and metric.by_request and one.threshold.names is None:
            yield {"value": one.threshold.limit, "said": clean(one.text)}
