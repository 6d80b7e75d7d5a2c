"""The figures of a load test, put together from the messages of its workers."""

from __future__ import annotations

from runner.load.figures.durations import Durations
from runner.load.figures.requests import Requests
from runner.load.figures.tallies import Tallies
from runner.load.figures.timeline import Timeline
from runner.load.figures.workers import Worker
from runner.model.json import JsonObject

BUSY = 90.0
"""A worker that needs more of its core than this, in percent, measures itself."""


class Figures:
    """What came so far. `started` and `ended` are seconds since the epoch on the master's clock.

    Merging is exact: workers may report in any order and in any portions. `requests` is by name and method; `passed` and
    `failed` are assertions by request and name, `failures` by request, kind and message.
    """

    def __init__(self, started: float) -> None:
        self.started = started
        self.ended = started
        self.requests: dict[tuple[str, str], Requests] = {}
        self.total = Requests()
        self.passed, self.failed, self.failures = Tallies(), Tallies(), Tallies()
        self.iterations = Durations()
        self.iterations_failed = 0
        self.dropped = 0
        self.timeline = Timeline()
        self.workers: dict[str, Worker] = {}
        self.most_users = 0

    def add(self, delta: JsonObject, worker: str, offset: float = 0.0) -> None:
        """Count what `Recorder.take` of a worker returned, whose clock is `offset` seconds behind the master's."""
        shift = round(offset)
        for second, name, method, data in delta["requests"]:
            requests = Requests.from_json(data)
            for part in (self._requests_of(name, method), self.total, self.timeline.requests(second + shift)):
                part.merge(requests)
        self.passed.merge(Tallies.from_json(delta["passed"]))
        self.failed.merge(Tallies.from_json(delta["failed"]))
        self.failures.merge(Tallies.from_json(delta["failures"]))
        self.iterations.merge(Durations.from_json(delta["iterations"]))
        self.iterations_failed += delta["iterations_failed"]
        for second, iterations, dropped, users in delta["seconds"]:
            self.dropped += dropped
            self.timeline.count(second + shift, iterations, dropped)
            if users >= 0:
                self._users(worker, second + shift, users)

    def _requests_of(self, name: str, method: str) -> Requests:
        return self.requests.setdefault((name, method), Requests())

    def _users(self, worker: str, second: int, users: int) -> None:
        self.timeline.users(second, worker, users)
        self.worker(worker).has_users(second, users)
        self.most_users = max(self.most_users, self.users)

    def worker(self, name: str) -> Worker:
        """A worker by its name; a new one, if there is none."""
        return self.workers.setdefault(name, Worker(name))

    def lose(self, name: str, at: float, since: float | None = None, requests: int | None = None) -> None:
        """A worker is gone: it has no users from `at` on.

        `since` is when it reported last, and `requests` about how many it sent from then on, which no figure has; None if
        that is unknown.
        """
        worker = self.worker(name)
        worker.lost, worker.unreported = True, requests
        worker.unreported_seconds = None if since is None else max(0.0, at - since)
        self._users(name, int(at), 0)

    def find(self, name: str) -> None:
        """A worker that was taken for lost reports again, also what it had not reported."""
        worker = self.worker(name)
        worker.lost, worker.unreported, worker.unreported_seconds = False, None, None

    @property
    def seconds(self) -> float:
        """How long it has taken; whoever adds moves `ended`."""
        return self.ended - self.started

    @property
    def rate(self) -> float | None:
        """Requests a second; None before the first moment has passed."""
        return self.total.count / self.seconds if self.seconds > 0 else None

    @property
    def users(self) -> int:
        """Users now: those that each worker named last."""
        return sum(worker.users for worker in self.workers.values())

    @property
    def lost(self) -> list[Worker]:
        """The workers that were lost."""
        return [worker for worker in self.workers.values() if worker.lost]

    @property
    def limited_by_generator(self) -> bool:
        """Whether a worker was so busy that the figures may tell of it, not of the server."""
        return any(worker.peak_cpu > BUSY for worker in self.workers.values())

    def to_json(self) -> JsonObject:
        """All of it, as plain data: equal figures give equal data."""
        return {
            "started": self.started,
            "ended": self.ended,
            "requests": [[*key, self.requests[key].to_json()] for key in sorted(self.requests)],
            "total": self.total.to_json(),
            "passed": self.passed.to_json(),
            "failed": self.failed.to_json(),
            "failures": self.failures.to_json(),
            "iterations": self.iterations.to_json(),
            "iterations_failed": self.iterations_failed,
            "dropped": self.dropped,
            "timeline": self.timeline.to_json(),
            "workers": [self.workers[name].to_json() for name in sorted(self.workers)],
            "most_users": self.most_users,
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> Figures:
        """What `to_json` wrote."""
        made = cls(data["started"])
        made.ended = data["ended"]
        made.requests = {(name, method): Requests.from_json(one) for name, method, one in data["requests"]}
        made.total = Requests.from_json(data["total"])
        made.passed = Tallies.from_json(data["passed"])
        made.failed = Tallies.from_json(data["failed"])
        made.failures = Tallies.from_json(data["failures"])
        made.iterations = Durations.from_json(data["iterations"])
        made.iterations_failed, made.dropped = data["iterations_failed"], data["dropped"]
        made.timeline = Timeline.from_json(data["timeline"])
        made.workers = {one["name"]: Worker.from_json(one) for one in data["workers"]}
        made.most_users = data["most_users"]
        return made
