"""Sends what steps ask for: one request and its answer, in the run or beside it."""

from __future__ import annotations

from time import perf_counter

from runner.auth import AuthContext, authorize
from runner.effects import Lease, Send, StartSend, Wish, drive
from runner.entropy import Entropy
from runner.errors import RequestError
from runner.events import Event
from runner.interruption import waiting
from runner.model.quick_dataclass import replace
from runner.model.response import Exchange
from runner.protocols.http.discovery import learn_exchange, learn_prepared, learn_request
from runner.protocols.http.told import told
from runner.protocols.protocol import Parts, Tell, World
from runner.request.prepare import prepare
from runner.request.sent import as_sent
from runner.transport.turns import Turn


class Sender:
    """Performs `Send`, for the run or for one request that runs beside it (with a `turn` among them).

    Requests that name no lease have the sender's own: scripts may do a handshake over several items.
    """

    def __init__(self, parts: Parts, world: World, entropy: Entropy, turn: Turn | None = None) -> None:
        self._parts = parts
        self._world = world
        self._entropy = entropy
        self._turn = turn
        self._lease = Lease()

    def send(self, effect: Send) -> Exchange:
        """The exchange; its `sent`, like that of the `RequestError` that is raised, is the request as it went out."""
        request, secrets, memo = effect.request, self._parts.secrets, self._parts.memo
        prepared, started = None, perf_counter()
        try:
            if memo is not None:
                prepared = memo.again(request, effect.behavior, self._entropy, secrets.generation)
            if prepared is None:
                learn_request(secrets, request)
                prepared = (memo.prepare if memo else prepare)(request, effect.behavior, self._entropy)
                learn_prepared(secrets, prepared)
            preparing = (perf_counter() - started) * 1000
            with waiting():
                self._parts.client.wait_for_place(prepared, self._world.deadline())
                exchange = self._parts.client.send(
                    prepared,
                    deadline=self._deadline(),
                    preparing=preparing,
                    turn=self._turn,
                    lease=effect.lease or self._lease,
                )
        except RequestError as error:
            error.sent = as_sent(request, prepared.headers) if prepared else request
            raise
        learn_exchange(secrets, exchange, effect.learn)
        if memo is not None and not memo.shows_sent:
            return exchange
        return replace(exchange, sent=as_sent(request, exchange.hops[0].headers if exchange.hops else prepared.headers))

    def _deadline(self) -> float | None:
        """The moment when a request must be through: its own limit or the run's, whichever comes first."""
        total, deadline = self._parts.options.timeout_total, self._world.deadline()
        if not total:
            return deadline
        own = self._parts.clock.monotonic() + total / 1000
        return own if deadline is None else min(own, deadline)


class Starter:
    """Performs `StartSend`: the requests leave in the order of their calls."""

    def __init__(self, parts: Parts, world: World) -> None:
        self._parts = parts
        self._world = world
        self._last: Turn | None = None

    def start(self, effect: StartSend) -> None:
        """Send with the auth flow on a thread."""
        parts, world = self._parts, self._world
        entropy, turn = parts.entropy.branch(), Turn(self._last)
        self._last = turn
        sender = Sender(parts, world, entropy, turn)
        context = AuthContext(
            clock=parts.clock,
            entropy=entropy,
            behavior=effect.behavior,
            source="script",
            tokens=parts.tokens,
            learn=parts.secrets.add,
        )

        def work(tell: Tell) -> Exchange:
            def answer(asked: Wish | Event) -> object:
                if isinstance(asked, Event):
                    tell(asked)
                    return None
                return sender.send(asked) if isinstance(asked, Send) else world.perform_beside(asked)

            turn.wait()
            try:
                return drive(told(authorize(effect.request.auth, effect.request, context), effect.place), answer)
            finally:
                turn.end()

        world.start(effect.id, work)
