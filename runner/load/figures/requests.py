"""What is counted of requests: of one by its name, of a moment, or of all."""

from __future__ import annotations

from runner.load.figures.durations import Durations
from runner.model.json import JsonObject

REFUSED = 400
"""The lowest status that k6's `http_req_failed` counts."""


class Requests:
    """`count` were sent; `unsent` failed before that. `failures` has both those that got no usable response, and those
    whose scripts or assertions failed. `sent` and `received` are bytes. `statuses` has 0 for no response.
    """

    __slots__ = ("count", "durations", "failures", "received", "sent", "statuses", "unsent")

    def __init__(self) -> None:
        self.count = 0
        self.unsent = 0
        self.failures = 0
        self.sent = 0
        self.received = 0
        self.statuses: dict[int, int] = {}
        self.durations = Durations()

    def add(self, ms: float | None, sent: int, received: int, status: int, failed: bool) -> None:
        """Count one; `ms` is None for a request that was not sent."""
        if failed:
            self.failures += 1
        if ms is None:
            self.unsent += 1
            return
        self.count += 1
        self.sent += sent
        self.received += received
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.durations.add(ms)

    def merge(self, other: Requests) -> None:
        """Count those of another."""
        self.count += other.count
        self.unsent += other.unsent
        self.failures += other.failures
        self.sent += other.sent
        self.received += other.received
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count
        self.durations.merge(other.durations)

    @property
    def tried(self) -> int:
        """Requests that were sent or could not be."""
        return self.count + self.unsent

    @property
    def error_rate(self) -> float | None:
        """The share of failures among those that were tried, 0 to 1; None without one."""
        return self.failures / self.tried if self.tried else None

    @property
    def refused(self) -> int:
        """What k6's `http_req_failed` counts: no response, or a status of 400 and more. Scripts make no difference."""
        return sum(count for status, count in self.statuses.items() if not status or status >= REFUSED)

    def to_json(self) -> JsonObject:
        """All of it, as plain data."""
        return {
            "count": self.count,
            "unsent": self.unsent,
            "failures": self.failures,
            "sent": self.sent,
            "received": self.received,
            "statuses": [[status, self.statuses[status]] for status in sorted(self.statuses)],
            "durations": self.durations.to_json(),
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> Requests:
        """What `to_json` wrote."""
        made = cls()
        made.count, made.unsent, made.failures = data["count"], data["unsent"], data["failures"]
        made.sent, made.received = data["sent"], data["received"]
        made.statuses = dict(data["statuses"])
        made.durations = Durations.from_json(data["durations"])
        return made
