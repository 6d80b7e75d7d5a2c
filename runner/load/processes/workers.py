"""The workers of a load test, on this machine or on others, and the master that leads them."""

from __future__ import annotations

import secrets
import sys
from argparse import Namespace
from contextlib import ExitStack, suppress
from math import ceil
from time import monotonic, time

from gevent import subprocess
from gevent.event import Event
from locust import User
from locust.env import Environment

from runner.errors import RunAborted
from runner.load.distributed.handshake import check_token
from runner.load.distributed.master import Master
from runner.load.distributed.presence import Lost
from runner.load.distributed.secret_values import Bare
from runner.load.job import Job
from runner.load.machines import LOOPBACK, USERS, Machines
from runner.load.options import span
from runner.load.processes.curve import Curve
from runner.load.processes.process_input import job_bytes
from runner.load.processes.starting import COMMAND, LAST_WAIT
from runner.load.processes.team import Told
from runner.load.shape import shape_of
from runner.model.json import JsonObject

STARTING = 60.0
"""Seconds that workers on this machine get to start."""

POLL = 0.05


class Workers:
    """A master and its workers: those that join it at `machines`, or else processes that it starts itself."""

    def __init__(self, job: Job, machines: Machines | None, told: Told, stack: ExitStack) -> None:
        self._told, self._figures = told, told.figures
        self._rate = job.load.rate
        self._numbered = job.load.iterations is not None or job.load.data_distribution == "unique"
        self._local = machines is None
        self._where = machines or _here(job)
        self._begun = False
        self._over: dict[str, bool] = {}
        self._children: list[subprocess.Popen[bytes]] = []
        self.environment = Environment(
            user_classes=[type(USERS, (User,), {"abstract": False, "tasks": [print]})],
            shape_class=Curve(shape_of(job.load)),
            stop_timeout=ceil(job.load.stop_timeout),
            parsed_options=Namespace(web_base_path=""),
        )
        where = self._where
        key = check_token(where.token)
        self._master = Master(self.environment, where.host, where.port, key=key, job=where.job, listener=self)
        self.environment.runner = self._master
        assert self.environment.shape_class is not None
        self.environment.shape_class.runner = self._master
        stack.callback(self._end_children)

    def start(self, stop: Event) -> None:
        """Wait for the workers, and let their users begin; raises `RunAborted` if too few come."""
        where = self._where
        if self._local:
            self._start_children()
        else:
            self.tell(f"waiting for {where.expect} workers at {where.host}:{self._master.server.port}")
        deadline = monotonic() + where.wait
        while len(self._master.clients.ready) < where.expect and not stop.is_set():
            self._check_children()
            if monotonic() > deadline:
                came = len(self._master.clients.ready)
                message = f"only {came} of {where.expect} workers came within {span(where.wait)}: no load was sent"
                raise RunAborted(message, where="--expect-workers")
            stop.wait(POLL)
        if not stop.is_set():
            self._begun = True
            self._master.begin(where.expect, local=self._local)
            self._master.start_shape()

    def _start_children(self) -> None:
        where = self._where
        data = {"role": "worker", "host": where.host, "port": self._master.server.port, "token": where.token}
        for _ in range(where.expect):
            child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE)
            self._children.append(child)
            child.stdin.write(job_bytes({**data, "local": True}))
            child.stdin.flush()

    def _check_children(self) -> None:
        code = next((child.poll() for child in self._children if child.poll() is not None), None)
        if code is not None:
            raise RunAborted(f"a worker on this machine ended with {code} before it began: no load was sent")

    def _end_children(self) -> None:
        for child in self._children:
            with suppress(OSError):
                child.stdin.close()
        for child in self._children:
            try:
                child.wait(LAST_WAIT)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    @property
    def over(self) -> bool:
        """Whether every worker that is there has done all it had to do."""
        present = self._master.present
        return all(self._over.get(one.worker, False) for one in present)

    def look(self) -> None:
        """The workers report by themselves."""

    def end(self) -> None:
        """Let iterations end, and take in the last reports."""
        self._master.stop()
        for lost in self._master.lost():
            self._figures.lose(lost.worker, lost.at, lost.since, lost.requests)
        self._master.quit()

    def hurry(self) -> None:
        """End all users at once."""
        self._master.hurry()

    # -- what the master hears of the workers -----------------------------------------------------------------------

    def on_report(self, worker: str, report: JsonObject) -> int:
        """Put what is new into the figures; says how many requests that are."""
        before = self._figures.total.count
        self._over[worker] = report["over"]
        self._told.take(report, worker)
        return self._figures.total.count - before

    def on_lost(self, worker: str, lost: Lost) -> None:
        """Its users are taken over, its part of the rate, too; reports tell of it."""
        self._figures.lose(worker, lost.at, lost.since, lost.requests)
        self._share_rate()

    def on_back(self, worker: str) -> None:
        """It reports what it did meanwhile."""
        self._figures.find(worker)
        self._share_rate()

    def on_left(self, worker: str) -> None:
        """Its users are taken over; what it was to do by number is done by nobody, so the test fails."""
        self.tell(f"worker {worker} left before the end")
        if self._numbered:
            now = time()
            self._figures.lose(worker, now, now, 0)
        self._share_rate()

    def _share_rate(self) -> None:
        if self._rate is not None:
            self._master.pace()

    def tell(self, text: str) -> None:
        """Tell the user: now, or at the end of the load, whose table is not to be disturbed."""
        if self._begun:
            self._told.warnings[text] = None
        else:
            print(text, file=sys.stderr, flush=True)


def _here(job: Job) -> Machines:
    """Workers on this machine: they come to a free port of its own, and nobody else knows the token."""
    token = secrets.token_hex(32)
    whole = Bare(job.to_json(), {}).to_json()
    return Machines(host=LOOPBACK, port=0, token=token, expect=job.load.processes, wait=STARTING, job=whole)
