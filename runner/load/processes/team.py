"""Who sends the load: the users of this process, or those of worker processes."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Protocol

from gevent.event import Event
from locust.env import Environment

from runner.load.figures.figures import Figures
from runner.load.job import Job
from runner.load.processes.curve import Curve
from runner.load.processes.station import Station
from runner.load.shape import shape_of
from runner.model.json import JsonObject


class Team(Protocol):
    """What the one who leads asks of it."""

    environment: Environment
    """Locust's, with the statistics of all users."""

    @property
    def over(self) -> bool:
        """Whether all iterations and rows are done, so that the test may end before its time."""

    def start(self, stop: Event) -> None:
        """Let the users begin; raises `PostrunnerError` if they cannot. `stop` ends the waiting for those who take part."""

    def look(self) -> None:
        """Put what is new into the figures."""

    def end(self) -> None:
        """Let iterations end, at most as long as the stop timeout says; the next look is the last."""

    def hurry(self) -> None:
        """Wait no longer for iterations that have not ended."""


class Told:
    """What workers say beside their figures: warnings, each once, and that the data has run out."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.warnings: dict[str, None] = {}
        self.out_of_rows = False

    def take(self, report: JsonObject, worker: str) -> None:
        """Take in a report of a worker."""
        self.figures.add(report["figures"], worker)
        self.figures.ended = max(self.figures.ended, report["at"])
        self.figures.worker(worker).uses(report["cpu"])
        self.warnings |= dict.fromkeys(report["warnings"])
        self.out_of_rows = self.out_of_rows or report["out_of_rows"]


class Alone:
    """The users of this process."""

    def __init__(self, job: Job, told: Told, stack: ExitStack) -> None:
        self._told = told
        self._station = Station(job, stack)
        self.environment = self._station.environment()
        self.environment.shape_class = Curve(shape_of(job.load))
        self._runner = self.environment.create_local_runner()
        self.over = False

    def start(self, stop: Event) -> None:
        """Let the users begin."""
        self._runner.start_shape()

    def look(self) -> None:
        """Put what is new into the figures."""
        report = self._station.report(self._runner.user_count)
        self.over = report["over"]
        self._told.take(report, "local")

    def end(self) -> None:
        """Let iterations end."""
        self._station.stop()
        self._runner.stop()

    def hurry(self) -> None:
        """End all users at once."""
        self.environment.stop_timeout = 0
        self._runner.user_greenlets.kill(block=False)
