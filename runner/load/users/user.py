"""The user as Locust knows it: its task is one iteration of the plan."""

from __future__ import annotations

from typing import ClassVar

from locust import User
from locust.exception import StopUser

from runner.load.users.crew import Crew
from runner.load.users.pacer import Pacer
from runner.load.users.virtual_user import VirtualUser


class LoadUser(User):
    """Runs iterations until none is left, or until Locust stops it."""

    abstract = True
    crew: ClassVar[Crew]
    pacer: ClassVar[Pacer | None] = None
    virtual: VirtualUser | None = None

    def iterate(self) -> None:
        """Run one iteration; a user gets its world when it first has something to do."""
        late = 0.0
        if self.pacer is not None:
            late = self.pacer.wait(self)
        turn = self.crew.turns.take()
        if turn is None:
            raise StopUser
        if self.virtual is None:
            self.virtual = VirtualUser(self.crew, self._hear)
        self.virtual.iterate(turn[1], late)

    tasks = [iterate]  # noqa: RUF012  # as Locust declares it

    def wait_time(self) -> float:
        """Seconds between two iterations."""
        low, high = self.crew.job.load.think_time
        return low if low == high else low + (high - low) * self.crew.chance.integer(0, 1000) / 1000

    def on_stop(self) -> None:
        """End what it has open."""
        if self.virtual is not None:
            self.virtual.close()
            self.virtual = None

    def _hear(self, method: str, name: str, ms: float, received: int, error: str) -> None:
        self.environment.events.request.fire(
            request_type=method,
            name=name,
            response_time=ms,
            response_length=received,
            exception=error or None,
            context={},
        )


def user_class(crew: Crew, pacer: Pacer | None = None) -> type[LoadUser]:
    """The class whose users belong to this crew."""
    return type("PostrunnerUser", (LoadUser,), {"abstract": False, "crew": crew, "pacer": pacer})
