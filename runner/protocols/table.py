"""The protocols that items are sent with, in one table. The engine knows what is in it and nothing of any protocol."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from runner.errors import InvalidCollection
from runner.model.quick_dataclass import dataclass
from runner.protocols.phases import GRAPHQL_V3, HTTP, HTTP_V3, Phases

if TYPE_CHECKING:
    from runner.protocols.protocol import Parts, Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """One protocol: the module whose `open_protocol` makes it, and its phases in running order."""

    module: str
    phases: Phases = HTTP


UNSENT = "runner.protocols.unsent"

# kind of item → its protocol; the module is imported when a collection has such an item
PROTOCOLS = {
    "http": Row("runner.protocols.http", HTTP),
    "http-request": Row("runner.protocols.http", HTTP_V3),
    "graphql-request": Row("runner.protocols.http", GRAPHQL_V3),
    "grpc-request": Row(UNSENT),
    "websocket-request": Row(UNSENT),
    "socket.io-request": Row(UNSENT),
    "mqtt-request": Row(UNSENT),
    "mcp-request": Row(UNSENT),
    "llm-request": Row(UNSENT),
}


def phases_of(kind: str, where: str) -> Phases:
    """The phases of the items of a kind; raises `InvalidCollection` with `where` for a kind that is not in the table."""
    if kind not in PROTOCOLS:
        sent = [name for name, row in PROTOCOLS.items() if row.module != UNSENT]
        hint = f"what can be sent is {', '.join(sent)}; --exclude leaves an item out"
        raise InvalidCollection(f"there is no protocol for items of the kind {kind!r}", where=where, hint=hint)
    return PROTOCOLS[kind].phases


def open_protocols(kinds: set[str], parts: Parts) -> dict[str, Protocol]:
    """The protocols of a run by kind. HTTP is always there: every script may send its own requests."""
    modules = {kind: PROTOCOLS[kind].module for kind in sorted(kinds | {"http"})}
    opened: dict[str, Protocol] = {name: import_module(name).open_protocol(parts) for name in set(modules.values())}
    return {kind: opened[module] for kind, module in modules.items()}


def is_sent(kind: str) -> bool:
    """Whether items of this kind can be sent; others are reported as skipped."""
    return PROTOCOLS[kind].module != UNSENT
