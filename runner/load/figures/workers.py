"""What the master knows of a worker."""

from __future__ import annotations

from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass


@dataclass(slots=True)
class Worker:
    """A worker: `cpu` is in percent of a core, now and at most.

    Of a lost one, `unreported` is about how many requests it sent in its last `unreported_seconds`; None if unknown.
    """

    name: str
    cpu: float = 0.0
    peak_cpu: float = 0.0
    users: int = 0
    users_second: int = 0
    lost: bool = False
    unreported: int | None = None
    unreported_seconds: float | None = None

    def uses(self, cpu: float) -> None:
        """Say how busy it is."""
        self.cpu = cpu
        self.peak_cpu = max(self.peak_cpu, cpu)

    def has_users(self, second: int, users: int) -> None:
        """Say how many users it had in a second, whichever is told first."""
        if second >= self.users_second:
            self.users_second, self.users = second, users

    def to_json(self) -> JsonObject:
        """All of it, as plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, data: JsonObject) -> Worker:
        """What `to_json` wrote."""
        return cls(**data)
