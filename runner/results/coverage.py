"""How much of the documents of a contract a run has covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from runner.model.quick_dataclass import dataclass


@dataclass(slots=True, kw_only=True)
class OperationCoverage:
    """What a run saw of an operation; it is covered if one of its responses was validated against the document.

    `statuses` and `parameters` (as `in name`) are what the document declares, `seen_statuses` and `seen_parameters` what
    came and what was sent.
    """

    document: str
    method: str
    path: str
    statuses: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    seen_statuses: set[str] = field(default_factory=set)
    seen_parameters: set[str] = field(default_factory=set)
    requests: int = 0
    covered: bool = False


@dataclass(slots=True, kw_only=True)
class ContractCoverage:
    """All operations of the documents. `judged` counts the requests that went to one of their servers."""

    operations: Sequence[OperationCoverage] = ()
    judged: int = 0

    @property
    def covered(self) -> int:
        """How many operations are covered."""
        return sum(one.covered for one in self.operations)

    @property
    def said(self) -> str:
        """A short description."""
        count = f"{self.covered} of {len(self.operations)} operations"
        return f"{count} got a response that was checked against the contract ({self.percent:.0f} %)"

    @property
    def percent(self) -> float:
        """The covered operations of 100; 100 if there are none."""
        return 100 * self.covered / len(self.operations) if self.operations else 100.0
