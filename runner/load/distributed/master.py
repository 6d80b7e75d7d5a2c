"""Locust's master for load over machines: only who proves the join token takes part, and every total adds up.

What differs from Locust's own: the job comes before anything else, users of a lost worker are taken over without a new
ramp, and the last report of each worker is waited for.
"""

from __future__ import annotations

import errno
import time
from typing import TYPE_CHECKING, Any, NoReturn

import zmq
from gevent.event import Event
from locust.rpc import Message
from locust.runners import STATE_INIT, STATE_MISSING, STATE_RUNNING, STATE_STOPPED, STATE_STOPPING, MasterRunner

from runner.errors import UsageError
from runner.load.distributed.channel import MasterChannel, use_limits
from runner.load.distributed.handshake import MasterSide, Versions
from runner.load.distributed.job_message import pack
from runner.load.distributed.messages import FROM_WORKER, HURRY, LAST_REPORT, PACE, REPORT, SHARE, UNABLE
from runner.load.distributed.presence import Lost, Presence
from runner.load.distributed.roles import Listener
from runner.load.distributed.seal import Seal
from runner.load.distributed.versions import OWN
from runner.model.json import JsonObject

if TYPE_CHECKING:
    from locust.env import Environment
    from locust.rpc.zmqrpc import Server

LAST_REPORTS = 10.0
"""Seconds that the master waits for last reports, beyond the time that users have to finish."""

MOST_TOLD = 100
"""How many strangers are told of."""

NOT_REMOVED = -30
"""The heartbeat count at which a missing worker is held: Locust removes it at -60, and starts all users anew for that."""

use_limits()


class Master(MasterRunner):
    """Sends the job to each worker that joins; `begin` says who takes part.

    Raises `UsageError` for an address that cannot be bound and for a job that is too large.
    """

    def __init__(
        self, environment: Environment, host: str, port: int, *, key: bytes, job: JsonObject, listener: Listener,
        versions: Versions = OWN,
    ) -> None:  # fmt: skip
        self._side, self._seals = MasterSide(key, versions), dict[str, Seal]()
        self._job = pack(job)
        self._listener, self._told = listener, set[str]()
        self._heard = Event()
        self._presences: dict[str, Presence] = {}
        self._begun = False
        try:
            super().__init__(environment, host, port)
        except zmq.ZMQError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be bound: {error.strerror}"
            hint = "choose another --port, or an address of this machine for --bind"
            raise UsageError(f"{host}:{port} {reason}", where="--port", hint=hint) from None
        environment.events.worker_report.add_listener(self._on_report)
        self.greenlet.spawn(self._watch)

    @property  # type: ignore[override]
    def server(self) -> MasterChannel:
        """The socket of the workers."""
        return self._channel

    @server.setter
    def server(self, made: Server) -> None:
        self._channel = MasterChannel(made, self._side, self._seals, self._job, self._tell_once)

    @property
    def present(self) -> list[Presence]:
        """The workers that take part, are not missing and have not left."""
        return [one for one in self._presences.values() if one.worker and not one.missing and not one.left]

    def _tell_once(self, text: str) -> None:
        if text not in self._told and len(self._told) < MOST_TOLD:
            self._told.add(text)
            self._listener.tell(text)

    def rebalancing_enabled(self) -> bool:
        """Users of a lost worker are always taken over."""
        return True

    def begin(self, count: int, *, local: bool = False) -> None:
        """Let so many of the workers that are ready take part: each learns its number. The others are sent away.

        They are called `1`, `2` and so on; those of other machines have the names of these with it: `1 (host)`.
        """
        self._begun = True
        ready = self.clients.ready
        for index, client in enumerate(ready[:count]):
            host = client.id.rpartition("_")[0]
            self._presences[client.id].worker = f"{index + 1}" + ("" if local else f" ({host})")
            self.send_message(SHARE, {"index": index, "count": count}, client.id)
        for client in ready[count:]:
            self._send_away(client.id)

    def _send_away(self, peer: str) -> None:
        self._listener.tell(f"worker {peer} is not needed: the load has its workers")
        self.server.send_to_client(Message("quit", None, peer))
        self._seals.pop(peer, None)
        if peer in self.clients:
            del self.clients[peer]

    def pace(self) -> None:
        """Let those that are there keep to the rate together."""
        self.send_message(PACE, {"count": max(1, len(self.present))})

    def hurry(self) -> None:
        """Wait no longer for users that have not ended."""
        self.environment.stop_timeout = 0
        for peer in self._seals:
            self.server.send_to_client(Message(HURRY, None, peer))

    def handle_message(self, client_id: str, msg: Message) -> None:
        """Take a message of a worker that has joined."""
        now = time.time()
        presence = self._presences.setdefault(client_id, Presence(worker="", alive=now, reported=now))
        presence.alive = now
        if msg.type == UNABLE:
            self._seals.pop(client_id, None)
            self._listener.tell(f"worker {client_id} cannot take part: {str(msg.data)[:500]}")
        elif msg.type == LAST_REPORT:
            presence.working = False
            self._heard.set()
        elif msg.type == "client_ready" and self._begun and not presence.worker:
            self._send_away(client_id)
        elif msg.type in FROM_WORKER or msg.type in self.custom_messages:
            presence.working |= msg.type == "spawning"
            super().handle_message(client_id, msg)
            if msg.type == "quit" and presence.worker and not presence.left:
                presence.left = True
                self._listener.on_left(presence.worker)

    def _on_report(self, client_id: str, data: dict[str, Any]) -> None:
        presence = self._presences.get(client_id)
        if presence is not None and presence.worker:
            requests = self._listener.on_report(presence.worker, data[REPORT])
            presence.report(time.time(), requests, int(data["user_count"]))

    def _watch(self) -> NoReturn:
        """Once a second: who is missing, and whether its users still have to be taken over."""
        second = Event()
        while True:
            second.wait(1)
            for client in self.clients.all:
                presence = self._presences.get(client.id)
                if presence is None:
                    continue
                missing = client.state == STATE_MISSING
                if missing:
                    client.heartbeat = max(client.heartbeat, NOT_REMOVED)
                if missing is not presence.missing:
                    presence.missing = missing
                    self._tell_of(presence)
            dispatcher = self._users_dispatcher
            due = dispatcher is not None and dispatcher._rebalance and not dispatcher.dispatch_in_progress
            if due and self.state == STATE_RUNNING and self.spawning_completed and self.worker_count:
                self.start(self.target_user_count, self.spawn_rate)

    def _tell_of(self, presence: Presence) -> None:
        """Tell of a worker that became missing, or is back."""
        self._heard.set()
        if presence.worker and presence.missing:
            self._listener.on_lost(presence.worker, presence.lost())
        elif presence.worker:
            self._listener.on_back(presence.worker)

    def stop(self, send_stop_to_client: bool = True) -> None:
        """End the users of all workers, and wait for their last reports."""
        if self.state in (STATE_INIT, STATE_STOPPED, STATE_STOPPING):
            return
        super().stop(True)
        deadline = time.monotonic() + self.environment.stop_timeout + LAST_REPORTS
        while any(one.working and not one.missing for one in self._presences.values()):
            self._heard.clear()
            if not self._heard.wait(max(0.0, deadline - time.monotonic())):
                break

    def quit(self) -> None:
        """End the workers, and with them everything."""
        self.stop()
        for peer in self._seals:
            self.server.send_to_client(Message("quit", None, peer))
        self.greenlet.kill(block=True)
        self.server.close(linger=2000)

    def lost(self) -> list[Lost]:
        """The workers that ended without their last report, in the order in which they joined; after `stop`."""
        return [one.lost() for one in self._presences.values() if one.worker and one.working]
