"""Writes down in a worker what happens there, until its next message to the master."""

from __future__ import annotations

from runner.clock import Clock
from runner.load.figures.durations import Durations
from runner.load.figures.requests import Requests
from runner.load.figures.tallies import LONGEST, Tallies
from runner.model.json import JsonObject


class Recorder:
    """Counts what came since the last `take`. Nothing is kept of a single request, so its memory follows the names alone.

    Moments are seconds since the epoch and say when something ended; durations are ms, sizes bytes. Names of requests are
    their paths, folders and name joined by ` / `. All texts are masked before they come here.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._users = 0
        self._empty()

    def _empty(self) -> None:
        self._requests: dict[tuple[int, str, str], Requests] = {}
        self._passed, self._failed, self._failures = Tallies(), Tallies(), Tallies()
        self._iterations = Durations()
        self._iterations_failed = 0
        self._seconds: dict[int, list[int]] = {}

    def request(
        self, name: str, method: str, at: float, ms: float | None, sent: int, received: int, status: int, error: str
    ) -> None:
        """Count a request when its item is over, so that it is known whether it failed.

        `error` says why it counts as failed, and is empty if it does not. Without a response `status` is 0, and `error` is
        counted as a failure of kind `request`; with one, `check` and `failure` tell what failed. A request that failed
        before it was sent (an unknown variable, a missing file) has no `ms`.
        """
        key = (int(at), name, method)
        requests = self._requests.get(key)
        if requests is None:
            requests = self._requests[key] = Requests()
        requests.add(ms, sent, received, status, error != "")
        if error and not status:
            self.failure(name, "request", error)

    def check(self, request_name: str, assertion: str, passed: bool, message: str = "") -> None:
        """Count an assertion; one that failed also as a failure of kind `assertion`."""
        (self._passed if passed else self._failed).add((request_name, assertion[:LONGEST]))
        if not passed:
            self.failure(request_name, "assertion", f"{assertion}: {message}" if message else assertion)

    def failure(self, request_name: str, kind: str, message: str) -> None:
        """Count the message of a failure: `request`, `script` or `assertion`. Both others do it for theirs."""
        self._failures.add((request_name, kind, message[:LONGEST]))

    def iteration(self, at: float, ms: float, failed: bool) -> None:
        """Count one that is over: `failed` if anything in it failed."""
        self._iterations.add(ms)
        self._iterations_failed += failed
        self._second(at)[0] += 1

    def dropped(self, count: int) -> None:
        """Count iterations that should have started now, and could not because all users were busy."""
        self._second(self._clock.now())[1] += count

    def users(self, count: int) -> None:
        """Say how many users this worker has from now on; each message repeats it."""
        self._users = count
        self._second(self._clock.now())[2] = count

    def _second(self, at: float) -> list[int]:
        """Iterations, dropped ones, and users (-1 if nothing was said) of a second."""
        return self._seconds.setdefault(int(at), [0, 0, -1])

    def take(self) -> JsonObject:
        """What came since the last time, as plain data for `Figures.add`."""
        self.users(self._users)
        taken: JsonObject = {
            "requests": [[*key, requests.to_json()] for key, requests in self._requests.items()],
            "passed": self._passed.to_json(),
            "failed": self._failed.to_json(),
            "failures": self._failures.to_json(),
            "iterations": self._iterations.to_json(),
            "iterations_failed": self._iterations_failed,
            "seconds": [[second, *counts] for second, counts in self._seconds.items()],
        }
        self._empty()
        return taken
