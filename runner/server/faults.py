"""Faults on demand: a request header makes the server misbehave for this call."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass

STATUSES = {"429": 429, "500": 500}
KINDS = ("429", "500", "timeout", "reset", "slow:MS", "truncate")


@dataclass(frozen=True, slots=True)
class Fault:
    """A parsed fault: its kind ("" for none), and the milliseconds of `slow`."""

    kind: str = ""
    milliseconds: int = 0

    @property
    def status(self) -> int:
        """The error status to answer with, 0 for faults of other kinds."""
        return STATUSES.get(self.kind, 0)


def parse_fault(text: str) -> Fault | None:
    """The fault that the header asks for; None if it is not one of `KINDS`."""
    kind, _, number = text.strip().lower().partition(":")
    if kind == "slow":
        good = number.isascii() and number.isdigit() and len(number) < 7
        return Fault(kind, int(number)) if good else None
    known = not number and (kind in STATUSES or kind in ("", "timeout", "reset", "truncate"))
    return Fault(kind) if known else None
