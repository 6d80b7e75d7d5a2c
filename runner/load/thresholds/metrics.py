"""What thresholds can be about: our metrics, among them Postman's, and those of k6."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.load.figures.durations import Durations
from runner.load.figures.figures import Figures
from runner.load.figures.requests import Requests
from runner.load.figures.tallies import Tallies
from runner.load.thresholds.units import COUNT, RATE, SHARE, SIZE, SIZE_RATE, TIME, Unit
from runner.model.quick_dataclass import dataclass

Names = frozenset[str] | None
"""The requests that are meant, as figures call them; None means all."""

Measure = Callable[[Figures, Names], float | None]

KINDS = frozenset({"request", "script", "assertion"})
"""The kinds of failures."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric: its measure is None as long as there is nothing to measure.

    `decides` are the kinds of failures that a threshold on it decides about. `by_request` says that it can be asked of
    some requests alone, `grows` that it never falls during a test.
    """

    unit: Unit
    measure: Measure
    decides: frozenset[str] = frozenset()
    by_request: bool = True
    grows: bool = False


def _requests(figures: Figures, names: Names) -> Requests:
    if names is None:
        return figures.total
    merged = Requests()
    for (name, _), requests in figures.requests.items():
        if name in names:
            merged.merge(requests)
    return merged


def _assertions(tallies: Tallies, names: Names) -> int:
    return sum(count for (name, _), count in tallies.counts.items() if names is None or name in names)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _share_passed(figures: Figures, names: Names) -> float | None:
    passed = _assertions(figures.passed, names)
    return _share(passed, passed + _assertions(figures.failed, names))


def _share_failed(figures: Figures, names: Names) -> float | None:
    failed = _assertions(figures.failed, names)
    return _share(failed, failed + _assertions(figures.passed, names))


def _share_refused(figures: Figures, names: Names) -> float | None:
    requests = _requests(figures, names)
    return _share(requests.refused + requests.unsent, requests.tried)


def _failures(figures: Figures, names: Names) -> float | None:
    requests = _requests(figures, names)
    return requests.failures if requests.tried else None


def _a_second(count: Measure) -> Measure:
    def measure(figures: Figures, names: Names) -> float | None:
        counted = count(figures, names)
        return None if counted is None else _share(counted, max(figures.seconds, 0.0))

    return measure


def _counted(count: Measure, by_request: bool = True, unit: Unit = COUNT, rate: Unit = RATE) -> dict[str, Metric]:
    """What k6 calls a counter: how many, and how many a second."""
    return {
        "count": Metric(unit, count, by_request=by_request, grows=True),
        "rate": Metric(rate, _a_second(count), by_request=by_request),
    }


_HTTP_REQS = _counted(lambda figures, names: _requests(figures, names).count)
_ITERATIONS = _counted(lambda figures, _: figures.iterations.count, by_request=False)
_DROPPED = _counted(lambda figures, _: figures.dropped, by_request=False)
_ERRORS = Metric(SHARE, lambda figures, names: _requests(figures, names).error_rate, decides=KINDS)
_CHECKS = Metric(SHARE, _share_passed, decides=frozenset({"assertion"}))
_REFUSED = Metric(SHARE, _share_refused, decides=frozenset({"request"}))

OWN = {
    "error_rate": _ERRORS,
    "failure_rate": Metric(SHARE, _share_failed, decides=frozenset({"assertion"})),
    "failures": Metric(COUNT, _failures, decides=KINDS, grows=True),
    "checks": _CHECKS,
    "http_req_failed": _REFUSED,
    "rps": _HTTP_REQS["rate"],
    "requests": _HTTP_REQS["count"],
    "http_reqs": _HTTP_REQS["count"],
    "iterations": _ITERATIONS["count"],
    "dropped": _DROPPED["count"],
    "dropped_iterations": _DROPPED["count"],
}
"""Metrics without an aggregate; times are there, too, by their aggregates' names (`avg`, `p95`)."""

K6 = {
    "checks": {"rate": _CHECKS},
    "http_req_failed": {"rate": _REFUSED},
    "http_reqs": _HTTP_REQS,
    "iterations": _ITERATIONS,
    "dropped_iterations": _DROPPED,
    "data_sent": _counted(lambda figures, names: _requests(figures, names).sent, True, SIZE, SIZE_RATE),
    "data_received": _counted(lambda figures, names: _requests(figures, names).received, True, SIZE, SIZE_RATE),
    "vus": {"value": Metric(COUNT, lambda figures, _: figures.users, by_request=False)},
    "vus_max": {"value": Metric(COUNT, lambda figures, _: figures.most_users, by_request=False, grows=True)},
}
"""Metric → its aggregates. Those of k6 that measure times are in `TRENDS`."""

TRENDS: dict[str, Callable[[Figures, Names], Durations]] = {
    "http_req_duration": lambda figures, names: _requests(figures, names).durations,
    "iteration_duration": lambda figures, _: figures.iterations,
}

AGGREGATES = ("avg", "min", "med", "max", "p95")
"""Those of times; `p95` stands for every percentile."""

UNMEASURED = re.compile(
    r"(http_req_(blocked|connecting|tls_handshaking|sending|waiting|receiving)|(group|ws|grpc|browser)_.*)"
)
"""Metrics that k6 has besides."""

_PERCENTILE = re.compile(r"p([0-9]{1,3}(?:\.[0-9]{1,6})?)")


def percent_of(name: str) -> float | None:
    """95 for `p95`; None if it is not a percentile from above 0 to 100."""
    found = _PERCENTILE.fullmatch(name)
    percent = float(found[1]) if found else 0.0
    return percent if 0 < percent <= 100 else None


def own_metric(name: str) -> Metric | None:
    """The metric of this name in our spelling and Postman's; None if there is none."""
    plain = {"mean": "avg", "median": "med"}.get(name, name)
    return OWN.get(name) or _of_times("http_req_duration", plain)


def k6_metric(name: str, aggregate: str) -> Metric | None:
    """The metric with this aggregate; None if there is none."""
    return K6[name].get(aggregate) if name in K6 else _of_times(name, aggregate)


def _of_times(trend: str, aggregate: str) -> Metric | None:
    percent, durations = percent_of(aggregate), TRENDS[trend]
    measures: dict[str, Measure] = {
        "avg": lambda figures, names: durations(figures, names).mean,
        "min": lambda figures, names: durations(figures, names).shortest,
        "med": lambda figures, names: durations(figures, names).percentile(50),
        "max": lambda figures, names: durations(figures, names).longest,
    }
    if percent is not None:
        measures[aggregate] = lambda figures, names: durations(figures, names).percentile(percent)
    measure = measures.get(aggregate)
    return Metric(TIME, measure, by_request=trend == "http_req_duration") if measure else None
