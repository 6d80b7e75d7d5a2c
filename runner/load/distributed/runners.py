"""Locust's two runners for load over machines: only who proves the join token takes part, and every total adds up.

What differs from Locust's own: the job comes before anything else; users of a lost worker are taken over without a new
ramp; a worker's last report is waited for; a worker ends by itself when its master is gone.
"""

from __future__ import annotations

import errno
import time
from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import zmq
from gevent.event import Event
from locust import __version__ as locust_version
from locust.rpc import Message
from locust.runners import STATE_INIT, STATE_MISSING, STATE_RUNNING, MasterRunner, WorkerRunner

from runner.clock import Clock
from runner.errors import PostrunnerError, RequestError, UsageError
from runner.load.distributed.channel import WITH_TIME, MasterChannel, WorkerChannel, use_limits
from runner.load.distributed.clock import MasterTime
from runner.load.distributed.handshake import MasterSide, Versions, WorkerSide
from runner.load.distributed.job_message import pack, unpack
from runner.load.distributed.messages import FROM_WORKER, LAST_REPORT, UNABLE, checked
from runner.load.distributed.presence import Lost, Presence
from runner.load.distributed.seal import Seal
from runner.model.json import JsonObject
from runner.version import __version__

if TYPE_CHECKING:
    from locust.env import Environment
    from locust.rpc.zmqrpc import Client, Server

Tell = Callable[[str], None]
Prepare = Callable[[JsonObject], None]

use_limits()

OWN_VERSIONS = Versions(postrunner=__version__, locust=locust_version)

LAST_REPORTS = 10.0
"""Seconds that the master waits for last reports, beyond the time that users have to finish."""

WAIT = 300.0
"""Seconds that a worker waits for its master."""

SILENCE = 15.0
"""Seconds without a word from the master after which it is gone."""

REPORT = 1.0
"""Seconds between two reports of a worker: what a lost one leaves unknown is about as much."""

_NOT_REMOVED = -30
"""The heartbeat count at which a missing worker is held: Locust removes it at -60, and starts all users anew for that."""


class Master(MasterRunner):
    """Sends the job to each worker that joins; `tell` is told who is refused, lost or back."""

    def __init__(
        self, environment: Environment, host: str, port: int, *, key: bytes, job: JsonObject, tell: Tell,
        versions: Versions = OWN_VERSIONS,
    ) -> None:  # fmt: skip
        self._side, self._seals = MasterSide(key, versions), dict[str, Seal]()
        self._job = pack(job)
        self._tell, self._told = tell, set[str]()
        self._heard = Event()
        self.presences: dict[str, Presence] = {}
        try:
            super().__init__(environment, host, port)
        except zmq.ZMQError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be bound: {error.strerror}"
            raise UsageError(
                f"{host}:{port} {reason}", where="--port", hint="choose another port or --bind address"
            ) from None
        environment.events.worker_report.add_listener(self._on_report)
        self.greenlet.spawn(self._watch)

    @property  # type: ignore[override]
    def server(self) -> MasterChannel:
        """The socket of the workers."""
        return self._channel

    @server.setter
    def server(self, made: Server) -> None:
        self._channel = MasterChannel(made, self._side, self._seals, self._job, self._tell_once)

    def _tell_once(self, text: str) -> None:
        if text not in self._told and len(self._told) < MOST_TOLD:
            self._told.add(text)
            self._tell(text)

    def rebalancing_enabled(self) -> bool:
        """Users of a lost worker are always taken over."""
        return True

    def handle_message(self, client_id: str, msg: Message) -> None:
        """Take a message of a worker that has joined."""
        now = time.time()
        presence = self.presences.get(client_id)
        if presence is None:
            presence = Presence(worker=client_id, joined=now, alive=now, reported=now)
        presence.alive = now
        if msg.type == UNABLE:
            self._seals.pop(client_id, None)
            self._tell(f"worker {client_id} cannot take part: {msg.data}")
        elif msg.type == LAST_REPORT:
            presence.working = False
            self._heard.set()
        elif msg.type in FROM_WORKER or msg.type in self.custom_messages:
            self.presences[client_id] = presence
            presence.working |= msg.type == "spawning"
            super().handle_message(client_id, msg)

    def _on_report(self, client_id: str, data: dict[str, Any]) -> None:
        presence = self.presences.get(client_id)
        if presence is not None:
            requests = int(data["stats_total"]["num_requests"])
            presence.report(time.time(), requests, int(data["user_count"]))

    def _watch(self) -> NoReturn:
        """Once a second: who is missing, and whether its users still have to be taken over."""
        second = Event()
        while True:
            second.wait(1)
            for client in self.clients.all:
                presence = self.presences.get(client.id)
                if presence is None:
                    continue
                missing = client.state == STATE_MISSING
                if missing:
                    client.heartbeat = max(client.heartbeat, _NOT_REMOVED)
                if missing is not presence.missing:
                    presence.missing = missing
                    self._heard.set()
                    self._tell(f"worker {client.id} {LOST if missing else BACK}")
            dispatcher = self._users_dispatcher
            due = dispatcher is not None and dispatcher._rebalance and not dispatcher.dispatch_in_progress
            if due and self.state == STATE_RUNNING and self.spawning_completed and self.worker_count:
                self.start(self.target_user_count, self.spawn_rate)

    def stop(self, send_stop_to_client: bool = True) -> None:
        """End the users of all workers, and wait for their last reports."""
        super().stop(True)
        deadline = time.monotonic() + self.environment.stop_timeout + LAST_REPORTS
        while any(one.working and not one.missing for one in self.presences.values()):
            self._heard.clear()
            if not self._heard.wait(max(0.0, deadline - time.monotonic())):
                break

    def quit(self) -> None:
        """End the workers, and with them everything."""
        self.stop()
        for peer in self._seals:
            self.server.send_to_client(Message("quit", None, peer))
        self.greenlet.kill(block=True)

    def lost(self) -> list[Lost]:
        """The workers that ended without their last report, in the order in which they joined; after `stop`."""
        return [one.lost() for one in self.presences.values() if one.working]


MOST_TOLD = 100
LOST = "is lost: nothing was heard of it for some seconds, and its users are taken over"
BACK = "is back"


class Worker(WorkerRunner):
    """Joins a master, prepares its job, and runs users for it until it ends or is gone.

    `prepare` gets the job before the master counts on this worker, and makes the environment's user classes of it; what it
    raises is told to the master, too. Raises `Refused`, and `RequestError` if there is no master.
    """

    def __init__(
        self, environment: Environment, host: str, port: int, *, key: bytes, prepare: Prepare, tell: Tell,
        versions: Versions = OWN_VERSIONS, wait: float = WAIT, silence: float = SILENCE,
    ) -> None:  # fmt: skip
        self._key, self._versions, self._prepare, self._tell = key, versions, prepare, tell
        self._wait, self._silence = wait, silence
        self.time = MasterTime(Clock())
        self._second = Event()
        self._channel: WorkerChannel | None = None
        self.gone = False
        if environment.parsed_options is None:  # or Locust reads its own configuration of this machine
            environment.parsed_options = Namespace(web_base_path="")
        super().__init__(environment, host, port)

    @property  # type: ignore[override]
    def client(self) -> WorkerChannel:
        """The socket to the master."""
        assert self._channel is not None
        return self._channel

    @client.setter
    def client(self, made: Client) -> None:
        self._channel = WorkerChannel(made, self._channel.seal if self._channel is not None else None)

    @property
    def _master(self) -> str:
        return f"{self.master_host}:{self.master_port}"

    def connect_to_master(self) -> None:
        """Join, prepare the job, and say that this worker is ready."""
        self._heard = time.monotonic()
        side = WorkerSide(self.client_id, self._key, self._versions)
        content = self.client.join(side, self._wait, lambda: self._tell(f"waiting for the master at {self._master}"))
        if content is None:
            hint = "is it running, and may this machine reach it?"
            raise RequestError(f"no master answers at {self._master}", where="--master-host", hint=hint)
        try:
            self._prepare(unpack(content))
        except PostrunnerError as error:
            self.client.send(Message(UNABLE, str(error), self.client_id))
            self.client.close(linger=2000)
            raise
        self.client.send(Message("client_ready", locust_version, self.client_id))
        if not self.connection_event.wait(self._wait):
            raise RequestError(f"the master at {self._master} does not answer any more", where="--master-host")
        self.connected = True

    def handle_message(self, msg: Message) -> None:
        """Take a message of the master: nothing but data of the known types."""
        self._heard = time.monotonic()
        if msg.type not in self.custom_messages and not checked(msg, self.user_classes_by_name):
            self._tell(f"the master sent something that this worker does not take: {str(msg.type)[:40]!r}")
        elif msg.type == "stop":
            self.stop()
            self.client.send(Message("client_stopped", None, self.client_id))
            self.worker_state = STATE_INIT
        else:
            if msg.type in WITH_TIME and msg.data is not None:
                self.time.heard(float(msg.data.get("now", 0)))
            super().handle_message(msg)

    def stop(self) -> None:
        """End the users, and report what they did."""
        super().stop()
        self._send_stats()
        self.client.send(Message(LAST_REPORT, None, self.client_id))

    def stats_reporter(self) -> NoReturn:
        """Report once a second."""
        while True:
            self._send_stats()
            self._second.wait(REPORT)

    def logs_reporter(self) -> None:
        """Send no log lines: nothing that was not masked leaves this machine."""

    def heartbeat_timeout_checker(self) -> NoReturn:
        """End when the master is gone."""
        while True:
            self._second.wait(1)
            if time.monotonic() - self._heard > self._silence + self.environment.stop_timeout and not self.gone:
                self.gone = True
                self._tell(f"the master at {self._master} is gone: nothing was heard of it for {self._silence:g} s")
                self.quit()
