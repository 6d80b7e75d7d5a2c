"""One worker of a load test: it joins a master, which may be on another machine, and does what that says."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from contextlib import ExitStack

from gevent import getcurrent, kill, spawn
from locust.env import Environment

from runner.clock import Clock
from runner.errors import Interrupted, LoadError
from runner.load.distributed.handshake import check_token
from runner.load.distributed.secret_values import check_options, filled
from runner.load.distributed.worker import Worker
from runner.load.job import Job
from runner.load.processes.hearing import hear_end
from runner.load.processes.station import Station
from runner.model.json import JsonObject
from runner.rules.loopback import is_loopback


def work(data: JsonObject) -> int:
    """Work for the master at `host` and `port` until it ends; returns the exit code.

    Raises `PostrunnerError` for a master that does not answer or refuses this worker, and for a job that cannot be done.
    """
    quiet = data.get("local", False)
    with ExitStack() as stack:
        work = _Work(stack, quiet=quiet)
        hear_end(work.end)
        return work.run(data)


class _Work:
    def __init__(self, stack: ExitStack, *, quiet: bool) -> None:
        self._stack, self._quiet = stack, quiet
        self._values: dict[str, str] = {}
        self._far = True
        self._main = getcurrent()
        self._worker: Worker | None = None
        self._left = False
        self.environment = Environment(parsed_options=Namespace(web_base_path=""))

    def run(self, data: JsonObject) -> int:
        """Join, work, and end."""
        key = check_token(data["token"])
        self._values = data.get("values", {})
        self._far = not is_loopback(data["host"])
        worker = Worker(self.environment, data["host"], data["port"], key=key, prepare=self._prepare, tell=self._tell)
        self.environment.runner = self._worker = worker
        self._tell(f"joined the master at {data['host']}:{data['port']} as {worker.client_id}")
        worker.greenlet.join()
        worker.close()
        left, self._left = self._left, True  # its master may let go of it while telemetry is sent
        if not worker.gone and not left:
            self._tell("the load is over")
        return 1 if worker.gone else 0

    def _prepare(self, job: JsonObject, clock: Clock) -> Station:
        sent = filled(job, self._values, os.environ)
        if self._far:
            check_options(sent["options"])
        try:
            made = Job.from_json(sent)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise LoadError(f"the job of the master cannot be used: {error!r}"[:500], where="--master-host") from None
        station = Station(made, self._stack, clock)
        station.equip(self.environment)
        return station

    def end(self, hurry: bool, signal_code: int | None) -> None:
        """Ctrl-C, once or again, or the process that started this one is gone."""
        if self._worker is None:
            kill(self._main, Interrupted(exit_code=signal_code or Interrupted.exit_code))
            return
        if hurry:
            self._worker.hurry()
        if not self._left:
            self._left = True
            self._tell("leaves the load: its users end, the other workers take over")
            spawn(self._worker.leave)

    def _tell(self, text: str) -> None:
        if not self._quiet:
            print(text, file=sys.stderr, flush=True)
