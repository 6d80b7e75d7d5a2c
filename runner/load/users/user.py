"""The user as Locust knows it: its task is one iteration of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from gevent.event import Event
from locust import User
from locust.exception import StopUser
from locust.user.task import LOCUST_STATE_STOPPING

from runner.load.machines import USERS
from runner.load.users.crew import Crew
from runner.load.users.pacer import Pacer
from runner.load.users.virtual_user import VirtualUser

if TYPE_CHECKING:
    from locust.env import Environment


class LoadUser(User):
    """Runs iterations until none is left, or until Locust stops it."""

    abstract = True
    crew: ClassVar[Crew]
    pacer: ClassVar[Pacer | None] = None
    virtual: VirtualUser | None = None

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._stopped = Event()

    def stop(self, force: bool = False) -> bool:
        """End after the iteration that is going on, or at once with `force`.

        Locust would kill a user that waits. When its wait is just over, that would hit its next request.
        """
        if force:
            return bool(super().stop(force=True))
        self._state = LOCUST_STATE_STOPPING
        self._stopped.set()
        return False

    def iterate(self) -> None:
        """Run one iteration; a user gets its world when it first has something to do."""
        late = self.pacer.wait(self._stopped) if self.pacer is not None else 0.0
        turn = None if late is None else self.crew.turns.take()
        if turn is None:
            raise StopUser
        if self.virtual is None:
            self.virtual = VirtualUser(self.crew, self._hear if self.crew.job.load.web is not None else None)
        self.virtual.iterate(turn[1], late or 0.0)
        self._think()

    tasks = [iterate]  # noqa: RUF012  # as Locust declares it

    def _think(self) -> None:
        low, high = self.crew.job.load.think_time
        if high and not self.crew.turns.over:
            self._stopped.wait(low + (high - low) * self.crew.chance.integer(0, 1000) / 1000)

    def on_stop(self) -> None:
        """End what it has open."""
        if self.virtual is not None:
            self.virtual.close()
            self.virtual = None

    def _hear(self, method: str, name: str, ms: float | None, received: int, error: str) -> None:
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
    return type(USERS, (LoadUser,), {"abstract": False, "crew": crew, "pacer": pacer})
