"""What several reports of a load test tell, made of its figures in one place, so that they cannot differ."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from runner.load.figures.figures import BUSY, Figures
from runner.load.figures.requests import Requests
from runner.load.figures.timeline import Slice
from runner.load.figures.workers import Worker
from runner.load.reports.report import Outcome
from runner.load.reports.texts import clock_text, cpu_text
from runner.model.quick_dataclass import dataclass
from runner.reporters.text import plural


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of a request, by name and method; that of all requests has neither."""

    name: str
    method: str
    requests: Requests


@dataclass(frozen=True, slots=True)
class Check:
    """How often an assertion passed and failed."""

    request: str
    name: str
    passed: int
    failed: int

    @property
    def share(self) -> float:
        """The share that passed, 0 to 1."""
        return self.passed / (self.passed + self.failed)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader must know to understand the figures; `bad` if it makes the test fail."""

    code: str
    said: str
    bad: bool = False

    @property
    def key(self) -> str:
        """The same as long as it is about the same thing, though its numbers change."""
        return self.said if self.code in ("lost", "broken") else self.code


def rows(figures: Figures) -> list[Row]:
    """The requests in the order in which they first came."""
    return [Row(name, method, requests) for (name, method), requests in figures.requests.items()]


def total(figures: Figures) -> Row:
    """All requests."""
    return Row("", "", figures.total)


def per_second(count: float, figures: Figures) -> float | None:
    """So many a second, over the whole test; None before any time has passed."""
    return count / figures.seconds if figures.seconds > 0 else None


def checks(figures: Figures) -> list[Check]:
    """The assertions: those that failed first, then in the order in which they came."""
    names = dict.fromkeys([*figures.failed.counts, *figures.passed.counts])
    found = [
        Check(request, name, figures.passed.counts.get((request, name), 0), figures.failed.counts.get((request, name), 0))
        for request, name in names
    ]
    return sorted(found, key=lambda one: -one.failed)


def check_share(figures: Figures) -> float | None:
    """The share of assertions that passed, 0 to 1; None without any."""
    passed, failed = figures.passed.total, figures.failed.total
    return passed / (passed + failed) if passed + failed else None


def slices(figures: Figures) -> Iterator[tuple[int, Slice]]:
    """The slices of the test, with the seconds from its start to theirs."""
    start = int(figures.started)
    for one in figures.timeline:
        if one.start + one.seconds > start:
            yield max(0, one.start - start), one


def least_users(figures: Figures) -> int:
    """The fewest users of a slice."""
    return min((one.users for _, one in slices(figures)), default=0)


def notices(figures: Figures, outcome: Outcome | None = None) -> list[Notice]:
    """What limits the figures, the worst first: how the test ended, lost workers, a busy generator, dropped iterations."""
    found = _broken(figures, outcome) if outcome is not None else []
    if outcome is not None and outcome.ended != "finished":
        said = f"{outcome.ended}: {outcome.said}" if outcome.said else outcome.ended
        found.append(Notice(outcome.ended, f"{said}; the figures are those until then", bad=True))
    found += [Notice("lost", _lost(worker), bad=True) for worker in figures.lost]
    busy = [worker for worker in figures.workers.values() if worker.peak_cpu > BUSY]
    if figures.limited_by_generator:
        found.append(Notice("limited", _limited(busy)))
    if figures.dropped:
        said = f"{plural(figures.dropped, 'iteration')} dropped: no user was free when they were due"
        found.append(Notice("dropped", said))
    return found


def _broken(figures: Figures, outcome: Outcome) -> list[Notice]:
    """What kept it from being a test."""
    said = [*outcome.broken, *([] if figures.total.count else ["no request was sent"])]
    return [Notice("broken", one, bad=True) for one in said]


def _lost(worker: Worker) -> str:
    if worker.unreported is None:
        return f"worker {worker.name} was lost: what it had sent and not reported is in no figure"
    said = f"worker {worker.name} was lost: about {plural(worker.unreported, 'request')} of it are in no figure"
    seconds = worker.unreported_seconds
    return said if seconds is None else f"{said}, those of its last {clock_text(ceil(seconds))}"


def _limited(busy: list[Worker]) -> str:
    named = ", ".join(f"{worker.name} {cpu_text(worker.peak_cpu)}" for worker in busy)
    return (
        f"limited by the generator: CPU of {named}; above {cpu_text(BUSY)} the figures may tell of the worker, not of the"
        " server"
    )
