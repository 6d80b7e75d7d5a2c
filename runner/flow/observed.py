"""What a run showed of its items beside what their texts tell: cookies that came, and cookies that went."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from runner.events import RequestEvent
from runner.flow.access import Access, Place
from runner.model.collection import Item

Observed = dict[str, tuple[list[Access], list[Access]]]

JAR = "jar"
"""The name of the one thing in the scope `cookies`."""


class Seen(Protocol):
    """An execution, as `runner/results/execution.py` has it."""

    @property
    def item(self) -> Item:
        """The item."""
        ...

    @property
    def path(self) -> tuple[str, ...]:
        """The names of its folders."""
        ...

    @property
    def sent(self) -> Iterable[RequestEvent]:
        """Every request that it sent."""
        ...


def observed_in(executions: Iterable[Seen]) -> Observed:
    """The reads and writes of each item by its id."""
    found: Observed = {}
    for execution in executions:
        reads, writes = found.setdefault(execution.item.id, ([], []))
        for sent in execution.sent:
            path = "/".join((*execution.path, execution.item.name))
            seen = Access("cookies", JAR, Place(path, "cookies"))
            hops = sent.exchange.hops if sent.exchange is not None else ()
            if seen not in reads and any(name.lower() == "cookie" for hop in hops for name, _ in hop.headers):
                reads.append(seen)
            if seen not in writes and any(name.lower() == "set-cookie" for hop in hops for name, _ in hop.response.headers):
                writes.append(seen)
    return found
