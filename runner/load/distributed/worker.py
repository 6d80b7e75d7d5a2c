"""Locust's worker for load over machines: it obeys nobody but the master that knows the join token.

What differs from Locust's own: the job comes before anything else, it reports once a second and when its users have ended,
and it ends by itself when its master is gone.
"""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from gevent.event import Event
from locust import __version__ as locust_version
from locust.rpc import Message
from locust.runners import STATE_INIT, WorkerRunner

from runner.clock import Clock
from runner.errors import PostrunnerError, RequestError
from runner.load.distributed.channel import WITH_TIME, WorkerChannel, use_limits
from runner.load.distributed.clock import MasterTime
from runner.load.distributed.handshake import Refused, Versions, WorkerSide
from runner.load.distributed.job_message import unpack
from runner.load.distributed.messages import HURRY, LAST_REPORT, PACE, REPORT, SHARE, UNABLE, checked
from runner.load.distributed.roles import Hands, Prepare
from runner.load.distributed.versions import OWN

if TYPE_CHECKING:
    from locust.env import Environment
    from locust.rpc.zmqrpc import Client

WAIT = 300.0
"""Seconds that a worker waits for its master."""

SILENCE = 15.0
"""Seconds without a word from the master after which it is gone."""

PERIOD = 1.0
"""Seconds between two reports: what a lost worker leaves unknown is about as much."""

LAST_WORDS = 2000
"""Milliseconds that what was sent last has to go out."""

use_limits()


class Worker(WorkerRunner):
    """Joins a master, prepares its job, and runs users for it until it ends or is gone.

    `prepare` gets the job before the master counts on this worker, and equips the environment for it; what it raises is
    told to the master, too. Raises `Refused`, and `RequestError` if there is no master. `gone`: the master is gone.
    """

    def __init__(
        self, environment: Environment, host: str, port: int, *, key: bytes, prepare: Prepare, tell: Callable[[str], None],
        versions: Versions = OWN, wait: float = WAIT, silence: float = SILENCE,
    ) -> None:  # fmt: skip
        self._key, self._versions, self._prepare, self._tell = key, versions, prepare, tell
        self._wait, self._silence = wait, silence
        self._time = MasterTime(Clock())
        self._second = Event()
        self._channel: WorkerChannel | None = None
        self._hands: Hands | None = None
        self.gone = False
        if environment.parsed_options is None:  # or Locust reads its own configuration of this machine
            environment.parsed_options = Namespace(web_base_path="")
        environment.events.report_to_master.add_listener(self._add_report)
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

    def _say(self, type: str, data: object = None) -> None:
        self.client.send(Message(type, data, self.client_id))

    def connect_to_master(self) -> None:
        """Join, prepare the job, and say that this worker is ready."""
        self._heard = time.monotonic()
        side = WorkerSide(self.client_id, self._key, self._versions)
        content = self.client.join(side, self._wait, lambda: self._tell(f"waiting for the master at {self._master}"))
        if content is None:
            hint = "is it running, and may this machine reach it?"
            raise RequestError(f"no master answers at {self._master}", where="--master-host", hint=hint)
        try:
            self._hands = self._prepare(unpack(content), self._time.clock)
        except PostrunnerError as error:
            self._say(UNABLE, str(error))
            self.client.close(LAST_WORDS)
            raise
        self._say("client_ready", locust_version)
        if not self.connection_event.wait(self._wait):
            raise RequestError(f"the master at {self._master} does not answer any more", where="--master-host")
        if not self.connected:
            raise Refused("the load has all its workers, or has begun without this one", where="--master-host")

    def handle_message(self, msg: Message) -> None:
        """Take a message of the master: nothing but data of the known types."""
        self._heard = time.monotonic()
        if not checked(msg, self.user_classes_by_name) or self._hands is None:
            self._tell(f"the master sent something that this worker does not take: {str(msg.type)[:40]!r}")
        elif msg.type == SHARE:
            self._hands.deal((msg.data["index"], msg.data["count"]))
        elif msg.type == PACE:
            self._hands.pace(msg.data["count"])
        elif msg.type == HURRY:
            self.hurry()
        elif msg.type == "stop":
            self.greenlet.spawn(self._on_stop)
        elif msg.type == "quit" and not self.connected:
            self.connection_event.set()
        else:
            self.connected = True
            if msg.type in WITH_TIME and msg.data is not None:
                self._time.heard(float(msg.data.get("now", 0)))
            super().handle_message(msg)

    def _on_stop(self) -> None:
        self.stop()
        self._say("client_stopped")
        self.worker_state = STATE_INIT

    def stop(self) -> None:
        """End the users, and report what they did."""
        if self._hands is not None:
            self._hands.stop()
        super().stop()
        self._send_stats()
        self._say(LAST_REPORT)

    def hurry(self) -> None:
        """Wait no longer for users that have not ended."""
        self.environment.stop_timeout = 0
        self.user_greenlets.kill(block=False)

    def leave(self) -> None:
        """End before the master does: the users end, the others take over."""
        self.stop()
        self._say("quit")
        self.greenlet.kill(block=False)

    def close(self) -> None:
        """Let what was said last go out."""
        self.client.close(LAST_WORDS)

    def _add_report(self, client_id: str, data: dict[str, Any]) -> None:
        data[REPORT] = self._hands.report(self.user_count) if self._hands is not None else {}

    def stats_reporter(self) -> NoReturn:
        """Report once a second."""
        while True:
            self._send_stats()
            self._second.wait(PERIOD)

    def logs_reporter(self) -> None:
        """Send no log lines: nothing that was not masked leaves this machine."""

    def heartbeat_timeout_checker(self) -> NoReturn:
        """End when the master is gone."""
        while True:
            self._second.wait(1)
            if time.monotonic() - self._heard > self._silence and not self.gone:
                self.gone = True
                self._tell(f"the master at {self._master} is gone: nothing was heard of it for {self._silence:g} s")
                self.quit()
