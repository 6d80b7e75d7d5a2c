"""The protocols that items are sent with, in one table. The engine knows what is in it and nothing of any protocol."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from runner.errors import InvalidCollection
from runner.model.quick_dataclass import dataclass
from runner.protocols.phases import PREREQUEST, TEST, Phase

if TYPE_CHECKING:
    from runner.protocols.protocol import Parts, Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """One protocol: the module whose `open_protocol` makes it, and its phases in running order."""

    module: str
    phases: tuple[Phase, ...]


# kind of item → its protocol; the module is imported when a collection has such an item
PROTOCOLS = {
    "http": Row("runner.protocols.http", (PREREQUEST, TEST)),
}


def phases_of(kind: str, where: str) -> tuple[Phase, ...]:
    """The phases of the items of a kind; raises `InvalidCollection` with `where` for a kind that is not in the table."""
    if kind not in PROTOCOLS:
        hint = f"what can be sent is {', '.join(PROTOCOLS)}; --exclude leaves an item out"
        raise InvalidCollection(f"there is no protocol for items of the kind {kind!r}", where=where, hint=hint)
    return PROTOCOLS[kind].phases


def open_protocols(kinds: set[str], parts: Parts) -> dict[str, Protocol]:
    """The protocols of a run by kind. HTTP is always there: every script may send its own requests."""
    opened: dict[str, Protocol] = {}
    for kind in sorted(kinds | {"http"}):
        opened[kind] = import_module(PROTOCOLS[kind].module).open_protocol(parts)
    return opened
