"""Locust's sockets, which say nothing to and hear nothing from anybody who has not proven the join token.

Each class stands in for the socket that Locust's runner made itself, and is used by Locust in its place.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from types import SimpleNamespace

import zmq
from gevent.event import Event
from locust import runners
from locust.exception import RPCError
from locust.rpc import Message
from locust.rpc.zmqrpc import BaseSocket, Client, Server

from runner.load.distributed.handshake import MasterSide, Refused, WorkerSide, read, written
from runner.load.distributed.job_message import MOST_JOB
from runner.load.distributed.seal import Seal

ROOM = 1 << 10
"""Bytes that a frame has besides its content."""

MOST_FROM_WORKER = 64 << 20
"""The most bytes of a message that the master takes."""

WITH_TIME = frozenset(("ack", "heartbeat"))
"""The messages of the master that have its time in them."""

HELLO_AGAIN = 5.0
"""Seconds without an answer after which a worker says hello once more: the master may be another one by now."""

_PEER = re.compile(rb"[\w.:\-]{1,200}\Z")


class _Server(Server):
    """Locust's socket of the master; who sends more than a worker does is dropped before it is read."""

    def __init__(self, host: str, port: int) -> None:
        BaseSocket.__init__(self, zmq.ROUTER, self.ipv4_only(host, port))
        self.socket.setsockopt(zmq.MAXMSGSIZE, MOST_FROM_WORKER)
        self.socket.setsockopt(zmq.ROUTER_HANDOVER, 1)  # who comes back need not wait for the end of the old connection
        self.socket.bind(f"tcp://{host}:{port or '*'}")
        self.port = int(self.socket.getsockopt_string(zmq.LAST_ENDPOINT).rpartition(":")[2])


class _Client(Client):
    """Locust's socket of a worker, with the most bytes that a job may have."""

    def __init__(self, host: str, port: int, identity: str) -> None:
        BaseSocket.__init__(self, zmq.DEALER, self.ipv4_only(host, port))
        self.socket.setsockopt(zmq.MAXMSGSIZE, MOST_JOB + ROOM)
        self.socket.setsockopt(zmq.IDENTITY, identity.encode())
        self.socket.connect(f"tcp://{host}:{port}")


def use_limits() -> None:
    """Let Locust's runners open these sockets: a limit counts only for what is opened later, and Locust has no option."""
    vars(runners)["rpc"] = SimpleNamespace(Server=_Server, Client=_Client)


class MasterChannel:
    """What the master's runner uses as its socket.

    `send_job` gives the content of the first message to a worker that has joined; `tell` is told, once each, who is refused
    or ignored and why. `seals` are the sessions by the names of their workers.
    """

    def __init__(
        self, server: Server, side: MasterSide, seals: dict[str, Seal], job: bytes, tell: Callable[[str], None]
    ) -> None:
        server.socket.setsockopt(
            zmq.ROUTER_HANDOVER, 1
        )  # a worker that comes back need not wait for its old connection's end
        self._socket, self.port = server.socket, server.port
        self._side, self._seals, self._job, self._tell = side, seals, job, tell

    def recv_from_client(self) -> tuple[str, Message]:
        """The next message of a worker that has joined; everything else is answered or dropped in here."""
        while True:
            try:
                parts = self._socket.recv_multipart()
            except zmq.ZMQError as error:
                raise RPCError("ZMQ network broken") from error
            if len(parts) == 2 and _PEER.match(parts[0]):
                peer = parts[0].decode()
                message = self._hear(peer, parts[1])
                if message is not None:
                    return peer, message

    def _hear(self, peer: str, frame: bytes) -> Message | None:
        seal = self._seals.get(peer)
        content = seal.open(frame) if seal is not None else None
        if content is not None:
            message = _unserialized(content)
            return message if message.node_id == peer else None
        handshake = read(frame)
        if handshake is not None:
            answer = self._side.hear(peer, handshake)
            if answer.told:
                self._tell(answer.told)
            if answer.reply is not None:
                self._send(peer, written(answer.reply))
            if answer.seal is not None:
                self._seals[peer] = answer.seal
                self._send(peer, answer.seal.close(self._job))
        elif b"client_ready" in frame[:20]:
            self._tell(f"worker {peer} is refused: it is Locust's own, not one of postrunner load --worker")
            self._send(peer, Message("quit", None, peer).serialize())
        return None

    def send_to_client(self, msg: Message) -> None:
        """Send a message to the worker that it names; to one that has not joined nothing is sent."""
        seal = self._seals.get(msg.node_id)
        if msg.type in WITH_TIME:
            msg.data = {**(msg.data or {}), "now": time.time()}
        elif msg.type == "spawn":
            msg.data["parsed_options"] = {}  # what this machine was started with is nobody else's
        if seal is not None:
            self._send(msg.node_id, seal.close(msg.serialize()))

    def _send(self, peer: str, frame: bytes) -> None:
        try:
            self._socket.send_multipart([peer.encode(), frame])
        except zmq.ZMQError as error:
            raise RPCError("ZMQ sent failure") from error

    def close(self, linger: int | None = None) -> None:
        """Close the socket, and wait until what was sent last is gone, at most `linger` milliseconds."""
        context = self._socket.context
        self._socket.close(linger=linger)
        if linger:
            context.term()


class WorkerChannel:
    """What the worker's runner uses as its socket; `seal` is the session that goes on after a lost connection."""

    def __init__(self, client: Client, seal: Seal | None = None) -> None:
        self._socket = client.socket
        self.seal = seal
        self._joined = Event()
        if seal is not None:
            self._joined.set()

    def join(self, side: WorkerSide, wait: float, waiting: Callable[[], None]) -> bytes | None:
        """Prove the token and check that of the master; gives the content of its first message, which has the job.

        Raises `Refused`; None if nobody has answered for `wait` seconds. `waiting` is called once if that takes long.
        """
        left, told = wait, False
        self._socket.send(written(side.hello))
        while True:
            step = min(HELLO_AGAIN, left)
            if not self._socket.poll(int(step * 1000)):
                left -= step
                if left <= 0:
                    return None
                if not told:
                    waiting()
                    told = True
                if side.fresh:
                    self._socket.send(written(side.hello))
                continue
            job = self._hear(side, self._socket.recv())
            if job is not None:
                return job

    def _hear(self, side: WorkerSide, frame: bytes) -> bytes | None:
        if side.seal is not None:
            content = side.seal.open(frame)
            if content is not None:
                self.seal = side.seal
                self._joined.set()
            return content
        message = read(frame)
        if message is None:
            raise Refused("what answers is no master of postrunner load", where="--master-host")
        reply = side.hear(message)
        if reply is not None:
            self._socket.send(written(reply))
        return None

    def send(self, msg: Message) -> None:
        """Send a message to the master."""
        if self.seal is None:
            return
        try:
            self._socket.send(self.seal.close(msg.serialize()), zmq.NOBLOCK)
        except zmq.ZMQError as error:
            raise RPCError("ZMQ sent failure") from error

    def recv(self) -> Message:
        """The next message of the master that was proven; anything else is dropped."""
        self._joined.wait()
        while True:
            try:
                frame = self._socket.recv()
            except zmq.ZMQError as error:
                raise RPCError("ZMQ network broken") from error
            content = self.seal.open(frame) if self.seal is not None else None
            if content is not None:
                return _unserialized(content)

    def close(self, linger: int | None = None) -> None:
        """Close the socket, and wait until what was sent last is gone, at most `linger` milliseconds."""
        context = self._socket.context
        self._socket.close(linger=linger)
        if linger:
            context.term()


def _unserialized(content: bytes) -> Message:
    """A message of somebody who has proven the token; raises what Locust's runners go on after."""
    try:
        message: Message = Message.unserialize(content)
        return message
    except Exception as error:  # whatever msgpack raises
        raise RPCError(f"a message cannot be read: {error!r}") from error
