"""What is measured of a load test, by OpenTelemetry's names: one table for all who are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from runner.load.figures.durations import Durations
from runner.load.figures.figures import Figures
from runner.load.thresholds.threshold import Verdict
from runner.model.quick_dataclass import dataclass
from runner.telemetry import names

Kind = Literal["counter", "gauge", "histogram"]
Labels = Mapping[str, str | int]

CHECKED, TEST = "postrunner.assertion.result", "test.case.name"


class Spread(NamedTuple):
    """Durations in seconds: how many are at most each of `bounds`, in all, their sum, and the extremes."""

    bounds: Sequence[float]
    below: tuple[int, ...]
    total: int
    sum: float
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One metric with its values by their attributes; a counter only rises. `unit` is UCUM's word for it."""

    name: str
    kind: Kind
    unit: str
    about: str
    values: tuple[tuple[Labels, float | Spread], ...]


def measured(figures: Figures, verdicts: Sequence[Verdict]) -> list[Measured]:
    """All metrics, as they are now."""
    return [*_of_requests(figures), *_of_checks(figures), *_of_iterations(figures), *_of_load(figures, verdicts)]


def spread(durations: Durations, bounds: Sequence[float] = names.DURATION_BUCKETS) -> Spread:
    """Durations by bounds; each was rounded to three digits before."""
    counts = [0] * (len(bounds) + 1)
    for ms, count in durations.buckets.items():
        at = next((at for at, bound in enumerate(bounds) if ms <= bound * 1000), len(bounds))
        counts[at] += count
    below = tuple(sum(counts[: at + 1]) for at in range(len(bounds)))
    total = (durations.mean or 0.0) * durations.count
    extremes = ((durations.shortest or 0.0) / 1000, (durations.longest or 0.0) / 1000)
    return Spread(bounds, below, durations.count, total / 1000, *extremes)


def _of_requests(figures: Figures) -> Iterator[Measured]:
    of = [({TEST: name, names.HTTP_METHOD: method}, one) for (name, method), one in sorted(figures.requests.items())]
    yield Measured(
        name=names.REQUEST_DURATION,
        kind="histogram",
        unit="s",
        about="Duration of requests with their redirects.",
        values=tuple((labels, spread(one.durations)) for labels, one in of),
    )
    yield Measured(
        name="postrunner.requests",
        kind="counter",
        unit="{request}",
        about="Requests by the status of their response, 0 without one.",
        values=tuple(
            ({**labels, names.HTTP_STATUS: status}, count)
            for labels, one in of
            for status, count in sorted(one.statuses.items())
        ),
    )
    yield Measured(
        name="postrunner.request.failures",
        kind="counter",
        unit="{request}",
        about="Requests without a response, or whose assertions or scripts failed.",
        values=tuple((labels, one.failures) for labels, one in of),
    )
    total = figures.total
    for direction, size in (("sent", total.sent), ("received", total.received)):
        about = f"Bytes {direction}."
        yield Measured(name=f"postrunner.{direction}", kind="counter", unit="By", about=about, values=(({}, size),))


def _of_checks(figures: Figures) -> Iterator[Measured]:
    counts: dict[tuple[str, str], int] = {}
    for result, tallies in (("passed", figures.passed), ("failed", figures.failed)):
        for (request, *_), count in tallies:
            counts[request, result] = counts.get((request, result), 0) + count
    values = tuple(({TEST: request, CHECKED: result}, count) for (request, result), count in sorted(counts.items()))
    yield Measured(name=names.ASSERTIONS, kind="counter", unit="{assertion}", about="Assertions by result.", values=values)


def _of_iterations(figures: Figures) -> Iterator[Measured]:
    done = figures.iterations.count
    failed = figures.iterations_failed
    values: tuple[tuple[Labels, float | Spread], ...]
    values = tuple(
        ({"postrunner.iteration.result": word}, n) for word, n in (("passed", done - failed), ("failed", failed))
    )
    yield Measured(
        name="postrunner.iterations", kind="counter", unit="{iteration}", about="Iterations by result.", values=values
    )
    yield Measured(
        name="postrunner.iteration.duration",
        kind="histogram",
        unit="s",
        about="Duration of iterations.",
        values=(({}, spread(figures.iterations)),),
    )
    yield Measured(
        name="postrunner.iterations.dropped",
        kind="counter",
        unit="{iteration}",
        about="Iterations of an arrival rate for which no user was free.",
        values=(({}, figures.dropped),),
    )


def _of_load(figures: Figures, verdicts: Sequence[Verdict]) -> Iterator[Measured]:
    workers = [one for _, one in sorted(figures.workers.items()) if not one.lost]
    yield Measured(
        name="postrunner.users",
        kind="gauge",
        unit="{user}",
        about="Users now.",
        values=tuple(({"postrunner.worker": one.name}, one.users) for one in workers),
    )
    yield Measured(
        name="postrunner.worker.cpu",
        kind="gauge",
        unit="1",
        about="The share of a core that a worker needs; above 0.9 it measures itself.",
        values=tuple(({"postrunner.worker": one.name}, one.cpu / 100) for one in workers),
    )
    yield Measured(
        name="postrunner.workers.lost",
        kind="counter",
        unit="{worker}",
        about="Workers that were lost.",
        values=(({}, len(figures.lost)),),
    )
    yield Measured(
        name="postrunner.threshold.passed",
        kind="gauge",
        unit="1",
        about="Whether a threshold is met now.",
        values=tuple(({"postrunner.threshold": one.text}, int(one.passed)) for one in verdicts),
    )
