"""A master or a worker of Locust in a process of its own, with our runners: `peer.py JSON`; each line it prints is JSON.

`{"role": "master" | "worker", "port", "token", "versions": {…}, …}`. Commands come as lines on standard input.
"""

from __future__ import annotations

import json
import sys

from locust import User, task  # first: it makes sockets and threads cooperate
from locust.env import Environment
from locust.runners import STATE_MISSING
from locust.user.task import LOCUST_STATE_STOPPING

# isort: split
import http.client

import gevent
from gevent.fileobject import FileObjectThread

from runner.clock import Clock
from runner.errors import PostrunnerError
from runner.load.distributed.handshake import check_token
from runner.load.distributed.master import Master
from runner.load.distributed.presence import Lost
from runner.load.distributed.versions import OWN
from runner.load.distributed.worker import Worker

given = json.loads(sys.argv[1])
versions = type(OWN)(**{"postrunner": OWN.postrunner, "locust": OWN.locust, **given.get("versions", {})})


def say(**values: object) -> None:
    print(json.dumps(values), flush=True)


def tell(text: str) -> None:
    say(told=text)


reported: set[str] = set()


class Listener:
    """Says what it hears."""

    tell = staticmethod(tell)

    def on_report(self, worker: str, report: dict[str, int]) -> int:
        if report["calls"]:
            reported.add(worker)
        return report["calls"]

    def on_lost(self, worker: str, lost: Lost) -> None:
        say(lost_now=worker)

    def on_left(self, worker: str) -> None:
        say(left=worker)

    def on_back(self, worker: str) -> None:
        say(back=worker)


class Hands:
    """The users of a worker."""

    def deal(self, share: tuple[int, int]) -> None:
        say(share=share)

    def pace(self, count: int) -> None:
        say(pace=count)

    def stop(self) -> None:
        say(stopping=True)

    def report(self, users: int) -> dict[str, object]:
        calls, Caller.calls = Caller.calls, 0
        return {"calls": calls}


class Caller(User):
    """Asks the server of the job as fast as it answers, and tells Locust of each answer."""

    port = calls = 0

    def on_start(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def stop(self, force: bool = False) -> bool:
        """End after the current call: Locust would end a user that waits, maybe in the call that it begins just then."""
        if force:
            return super().stop(force=True)
        self._state = LOCUST_STATE_STOPPING
        return False

    @task
    def call(self) -> None:
        self.connection.request("GET", "/")
        self.connection.getresponse().read()
        self.environment.events.request.fire(
            request_type="GET", name="/", response_time=1, response_length=0, exception=None, context={}
        )
        Caller.calls += 1
        gevent.sleep(0.01)


def master() -> None:
    environment = Environment(user_classes=[Caller], stop_timeout=2)
    runner = Master(
        environment, "127.0.0.1", given["port"], key=check_token(given["token"]), job=given["job"], listener=Listener(),
        versions=versions,
    )  # fmt: skip
    environment.runner = runner
    say(listening=runner.server.port)
    for line in FileObjectThread(sys.stdin):
        command = json.loads(line)
        if command == "workers":
            say(workers=runner.worker_count)
        elif command[0] == "start":
            while len(runner.clients.ready) < command[2]:
                gevent.sleep(0.05)
            runner.begin(command[2])
            runner.start(command[1], command[1])
            while len(reported) < command[2]:
                gevent.sleep(0.05)
            say(started=True)
        elif command == "age":
            for client in runner.clients.all:
                if client.state == STATE_MISSING:
                    client.heartbeat = -59
            gevent.sleep(2.5)
            say(missing=len(runner.clients.missing), users=runner.user_count)
        elif command[0] == "wait":
            while (runner.user_count, runner.worker_count) != tuple(command[1:]):
                gevent.sleep(0.05)
            say(waited=True)
        elif command == "quit":
            runner.quit()
            lost = [{"worker": one.worker, "requests": one.requests} for one in runner.lost()]
            say(reported=environment.stats.total.num_requests, lost=lost)
            return


def worker() -> None:
    environment = Environment(user_classes=[Caller], stop_timeout=2)

    def prepare(job: dict[str, object], clock: Clock) -> Hands:
        say(job=job)
        if "refuse" in job:
            raise PostrunnerError("has no value for API_KEY")
        Caller.port = job["server"]
        return Hands()

    runner = Worker(
        environment, "127.0.0.1", given["port"], key=check_token(given["token"]), prepare=prepare, tell=tell,
        versions=versions, wait=given.get("wait", 20), silence=given.get("silence", 15),
    )  # fmt: skip
    environment.runner = runner
    say(joined=runner.client_id)
    runner.greenlet.join()
    say(gone=runner.gone)


if __name__ == "__main__":
    try:
        {"master": master, "worker": worker}[given["role"]]()
    except PostrunnerError as error:
        say(error=str(error))
        sys.exit(error.exit_code)
