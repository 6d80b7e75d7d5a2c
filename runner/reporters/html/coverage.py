"""What the page tells of a contract: the operations, statuses and parameters that a run saw."""

from __future__ import annotations

from runner.model.json import JsonObject
from runner.results.coverage import ContractCoverage, OperationCoverage

LISTED = 500
"""Operations that are listed."""

OPEN = 30
"""The most operations that are shown without a click."""


def coverage_rows(coverage: ContractCoverage | None) -> JsonObject | None:
    """What the page shows; None without a contract. Operations without a response that was checked come first."""
    if coverage is None:
        return None
    operations = sorted(coverage.operations, key=lambda one: one.covered)
    several = len({one.document for one in operations}) > 1
    return {
        "said": coverage.said,
        "count": len(operations),
        "open": len(operations) <= OPEN,
        "rows": [_row(one, several) for one in operations[:LISTED]],
        "more": max(0, len(operations) - LISTED),
    }


def _row(one: OperationCoverage, several: bool) -> JsonObject:
    statuses = [(status, _is_seen(status, one)) for status in one.statuses]
    others = sorted(one.seen_statuses - _declared(one))
    parameters = [(name.partition(" ")[2], name.partition(" ")[0], name in one.seen_parameters) for name in one.parameters]
    return {
        "operation": f"{one.method} {one.path}",
        "document": one.document if several else "",
        "covered": one.covered,
        "requests": one.requests,
        "statuses": statuses,
        "others": others,
        "parameters": parameters,
    }


def _is_seen(declared: str, one: OperationCoverage) -> bool:
    """Whether a status that the document declares came, by its number, its class or as the default."""
    if declared == "default":
        return bool(one.seen_statuses - _declared(one))
    return any(seen == declared or f"{seen[0]}XX" == declared.upper() for seen in one.seen_statuses)


def _declared(one: OperationCoverage) -> set[str]:
    """The seen statuses that are declared by number or class."""
    named = {status.upper() for status in one.statuses}
    return {seen for seen in one.seen_statuses if seen in named or f"{seen[0]}XX" in named}
