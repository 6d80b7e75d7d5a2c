"""What happened to one item in one iteration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from runner.events import AssertionChecked, ConsoleLogged, Cursor, ItemEvent, RequestEvent, ScriptFinished
from runner.model.collection import Collection, Item
from runner.model.discreet import Discreet
from runner.model.quick_dataclass import dataclass
from runner.results.failure import Failure
from runner.secrets.outgoing.masked import Masker

if TYPE_CHECKING:
    from runner.results.messages import ReceivedMessage, SentMessage


@dataclass(slots=True, kw_only=True)
class Execution(Discreet):
    """One item in one iteration, from its start to its end; `pm.execution.runRequest` makes one inside of another.

    `facts` are its events in order, without the first and the last one. `number` counts executions in the order they began,
    `run` the collections of the call, both from 0. `part` is `setup` or `teardown` if it belongs to one. `within` is the
    `cursor.ref` of the execution whose script ran this one.
    `started` and `ended` are milliseconds since the epoch. One that the end of the run broke off is not `finished`.
    `skip_reason` tells why it was `skipped`. `version` is that of the secrets when it began. Of several attempts this is
    the last one, the only one that counts, and `attempts` has those before it; it is `flaky` if it passed after one that
    failed.
    """

    item: Item
    path: tuple[str, ...]
    cursor: Cursor
    collection: Collection | None = None
    unit: str = ""
    number: int = 0
    run: int = 0
    part: str = ""
    within: str = ""
    started: float = 0.0
    ended: float = 0.0
    facts: list[ItemEvent] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    finished: bool = False
    skipped: bool = False
    skip_reason: str = ""
    version: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    flaky: bool = False
    _about: dict[int, tuple[RequestEvent, ...]] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether a test, a script or a request of it failed."""
        return bool(self.failures)

    @property
    def sent(self) -> Iterator[RequestEvent]:
        """Every request it sent or failed to send, in order: its own, and those of scripts and of its auth by `source`."""
        return (fact for fact in self.facts if isinstance(fact, RequestEvent))

    @property
    def own(self) -> RequestEvent | None:
        """The item's own request with its response or error; None if it was skipped."""
        return next((sent for sent in self.sent if sent.source == "item"), None)

    @property
    def ran(self) -> RequestEvent | None:
        """The item's own request, also where a script ran the item: that is what is sent after its pre-request scripts."""
        if not self.within or self.skipped:
            return self.own
        scripts = [
            at for at, fact in enumerate(self.facts) if isinstance(fact, ScriptFinished) and fact.listen == "prerequest"
        ]
        rest = self.facts[scripts[-1] + 1 :] if scripts else self.facts
        return next((fact for fact in rest if isinstance(fact, RequestEvent) and fact.source == "script"), None)

    @property
    def request(self) -> SentMessage | None:
        """The item's own request; None if it was skipped."""
        from runner.results.messages import SentMessage

        return SentMessage(self.own) if self.own else None

    @property
    def response(self) -> ReceivedMessage | None:
        """The response to the item's own request; None without one."""
        from runner.results.messages import ReceivedMessage

        exchange = self.own.exchange if self.own else None
        return ReceivedMessage(exchange.response, (exchange.hops or (exchange.request,))[-1].href) if exchange else None

    @property
    def assertions(self) -> Sequence[AssertionChecked]:
        """The tests of its scripts, in order."""
        return [fact for fact in self.facts if isinstance(fact, AssertionChecked)]

    @property
    def scripts(self) -> Iterator[ScriptFinished]:
        """Its scripts, in the order they ended."""
        return (fact for fact in self.facts if isinstance(fact, ScriptFinished))

    @property
    def console(self) -> Sequence[ConsoleLogged]:
        """What its scripts wrote to the console."""
        return [fact for fact in self.facts if isinstance(fact, ConsoleLogged)]

    def add(self, fact: ItemEvent, failure: Failure | None, about: tuple[RequestEvent, ...]) -> None:
        """Add the next fact, its failure (if it is one) and the requests that the failure is about."""
        self.facts.append(fact)
        if failure is not None:
            self.failures.append(failure)
            self._about[failure.number] = about

    def mask_again(self, masker: Masker) -> None:
        """Hide secrets that became known since it began; a request that several failures are about stays one object."""
        for attempt in self.attempts:
            attempt.mask_again(masker)
        if self.version == masker.secrets.version:
            return
        about = {id(sent): sent for row in self._about.values() for sent in row}
        shown = {key: masker.masked(sent) for key, sent in about.items()}
        self._about = {number: tuple(shown[id(sent)] for sent in row) for number, row in self._about.items()}
        self.facts = [shown.get(id(fact)) or masker.masked(fact) for fact in self.facts]
        self.failures = list(map(masker.masked, self.failures))

    def with_attempts(self) -> Iterator[Execution]:
        """Itself and the executions of the attempts before it."""
        yield self
        for attempt in self.attempts:
            yield attempt.execution
            yield from attempt.within

    def about(self, failure: Failure) -> tuple[RequestEvent, ...]:
        """The complete requests that one of its failures is about."""
        return self._about.get(failure.number, ())

    def failed_facts(self) -> Iterator[tuple[ItemEvent, Failure]]:
        """Each fact that is a failure, with its failure."""
        return zip((fact for fact in self.facts if fact.failed), self.failures, strict=True)


@dataclass(slots=True, kw_only=True)
class Attempt:
    """An attempt that failed for this `reason`, and was followed by another after `delay` ms.

    `execution` is its result, `within` what its scripts ran with `pm.execution.runRequest`.
    """

    execution: Execution
    within: tuple[Execution, ...] = ()
    reason: str
    delay: float

    def mask_again(self, masker: Masker) -> None:
        """Hide secrets that became known since it began."""
        self.reason = masker.masked(self.reason)
        for execution in (self.execution, *self.within):
            execution.mask_again(masker)
