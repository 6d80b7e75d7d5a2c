"""The figures under k6's names, in the shape of the data of its `handleSummary`."""

from __future__ import annotations

from runner.load.figures.durations import Durations
from runner.load.figures.figures import Figures
from runner.load.figures.requests import Requests
from runner.load.reports.facts import check_share, least_users, per_second
from runner.model.json import JsonObject


def metrics(figures: Figures) -> dict[str, JsonObject]:
    """Name → `type`, `contains` and `values` of each metric of k6. Without a request there is no `http_req_duration`."""
    total, passed, failed = figures.total, figures.passed.total, figures.failed.total
    found = {
        "http_reqs": _counter(total.count, figures),
        "iterations": _counter(figures.iterations.count, figures),
        "vus": _gauge(figures.users, least_users(figures), figures.most_users),
        "vus_max": _gauge(figures.most_users, figures.most_users, figures.most_users),
        "data_received": _counter(total.received, figures, "data"),
        "data_sent": _counter(total.sent, figures, "data"),
        "dropped_iterations": _counter(figures.dropped, figures),
    }
    if total.count:
        found["http_req_duration"] = _trend(total.durations)
    if total.tried:
        found["http_req_failed"] = _rate(unanswered(total), total.tried - unanswered(total))
    if check_share(figures) is not None:
        found["checks"] = _rate(passed, failed)
    if figures.iterations.count:
        found["iteration_duration"] = _trend(figures.iterations)
    return dict(sorted(found.items()))


def unanswered(requests: Requests) -> int:
    """What k6's `http_req_failed` counts: no response or a status of 400 and more, and what could not even be sent."""
    return requests.refused + requests.unsent


def trend_values(durations: Durations) -> dict[str, float | None]:
    """k6's statistics of durations in ms, under its names; None without a duration."""
    return {
        "avg": durations.mean,
        "min": durations.shortest,
        "med": durations.percentile(50),
        "max": durations.longest,
        "p(90)": durations.percentile(90),
        "p(95)": durations.percentile(95),
    }


def _trend(durations: Durations) -> JsonObject:
    return {"type": "trend", "contains": "time", "values": {**trend_values(durations), "p(99)": durations.percentile(99)}}


def _counter(count: int, figures: Figures, contains: str = "default") -> JsonObject:
    return {"type": "counter", "contains": contains, "values": {"count": count, "rate": per_second(count, figures)}}


def _rate(passes: int, fails: int) -> JsonObject:
    """k6 calls `passes` what makes its rate higher: for `http_req_failed` these are the failed requests."""
    values = {"rate": passes / (passes + fails), "passes": passes, "fails": fails}
    return {"type": "rate", "contains": "default", "values": values}


def _gauge(value: int, least: int, most: int) -> JsonObject:
    return {"type": "gauge", "contains": "default", "values": {"value": value, "min": least, "max": most}}
