"""A worker: its users in Locust, and what it reports of them."""

from __future__ import annotations

from argparse import Namespace
from contextlib import ExitStack, suppress
from math import ceil

import psutil
from locust.env import Environment

from runner.clock import Clock
from runner.load.job import Job
from runner.load.users.crew import Crew
from runner.load.users.pacer import Pacer
from runner.load.users.user import user_class
from runner.load.users.waiting import use_gevent
from runner.model.json import JsonObject


class Station:
    """Makes the users of a worker from its job; `stack` closes what they share, `clock` is the master's."""

    def __init__(self, job: Job, stack: ExitStack, clock: Clock | None = None) -> None:
        use_gevent()
        self.job = job
        self.crew = Crew(job, stack, clock)
        self.pacer: Pacer | None = None
        self._users = user_class(self.crew)
        self.deal(job.share)
        self._processes: dict[int, psutil.Process] = {}
        self._busiest()

    def deal(self, share: tuple[int, int]) -> None:
        """Take this worker's part of what all do together; before its first user."""
        self.crew.deal(share)
        if self.job.load.rate is not None:
            self.pacer = Pacer(self.job.load.rate, share, self.crew.turns, self.crew.recorder.dropped)
            self._users.pacer = self.pacer

    def pace(self, count: int) -> None:
        """Keep to the rate together with so many workers from now on."""
        if self.pacer is not None:
            self.pacer.share_with(count)

    def environment(self) -> Environment:
        """What Locust runs."""
        environment = Environment(parsed_options=Namespace(web_base_path=""))
        self.equip(environment)
        return environment

    def equip(self, environment: Environment) -> None:
        """Let Locust run these users."""
        environment.user_classes = [self._users]
        environment.stop_timeout = ceil(self.job.load.stop_timeout)
        environment.events.spawning_complete.add_listener(self._on_spawned)

    def _on_spawned(self, user_count: int) -> None:
        if self.pacer is not None:
            self.pacer.start()

    def stop(self) -> None:
        """Begin no further iterations by the rate."""
        if self.pacer is not None:
            self.pacer.stop()

    @property
    def over(self) -> bool:
        """Whether all that there was to do is done."""
        return self.crew.turns.over and not self.crew.busy

    def report(self, users: int) -> JsonObject:
        """What came since the last report, as plain data; `at` is until when: with no user, until the last one ended."""
        self.crew.recorder.users(users)
        warnings, self.crew.warnings = self.crew.warnings, []
        return {
            "figures": self.crew.recorder.take(),
            "at": self.crew.last if self.crew.last and not users else self.crew.clock.now(),
            "cpu": self._busiest(),
            "warnings": warnings,
            "over": self.over,
            "out_of_rows": self.crew.turns.out_of_rows,
        }

    def _busiest(self) -> float:
        """Processor time since the last look, in percent of a core: of this process, or of a script process with more."""
        own = psutil.Process()
        found = {one.pid: self._processes.get(one.pid, one) for one in (own, *own.children())}
        self._processes = found
        most = 0.0
        for one in found.values():
            with suppress(psutil.Error):  # a script process may have been ended meanwhile
                most = max(most, one.cpu_percent())
        return most
