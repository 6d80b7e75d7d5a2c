"""The coverage of a contract by all shards together, from their reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runner.model.json import Json
from runner.results.coverage import ContractCoverage, OperationCoverage
from runner.shards.report import ShardReport


def merged_coverage(reports: Sequence[ShardReport]) -> ContractCoverage | None:
    """What the shards saw together; None if they had no contract. Raises `InvalidDocument` if only some had one."""
    having = [report for report in reports if report.contract is not None]
    if not having:
        return None
    merged: dict[tuple[str, str, str], OperationCoverage] = {}
    judged = 0
    for report in reports:
        if report.contract is None:
            raise report.invalid("is of a run without --contract, other shards had one")
        try:
            operations, count = _read(report.contract)
        except (KeyError, TypeError, ValueError) as error:
            raise report.invalid(f"does not say what it covered of its contract: {error!r}") from None
        judged += count
        for one in operations:
            whole = merged.setdefault((one.document, one.method, one.path), one)
            if whole is not one:
                whole.seen_statuses |= one.seen_statuses
                whole.seen_parameters |= one.seen_parameters
                whole.requests += one.requests
                whole.covered |= one.covered
    return ContractCoverage(operations=list(merged.values()), judged=judged)


def _read(found: Json) -> tuple[list[OperationCoverage], int]:
    if not isinstance(found, dict) or not isinstance(found["operations"], list):
        raise TypeError("no operations")
    return [_operation(one) for one in found["operations"]], _count(found["judged"])


def _operation(one: Any) -> OperationCoverage:
    return OperationCoverage(
        document=_text(one["document"]),
        method=_text(one["method"]),
        path=_text(one["path"]),
        statuses=_texts(one["statuses"]),
        parameters=_texts(one["parameters"]),
        seen_statuses=set(_texts(one["seenStatuses"])),
        seen_parameters=set(_texts(one["seenParameters"])),
        requests=_count(one["requests"]),
        covered=one["covered"] is True,
    )


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return tuple(map(_text, value))


def _count(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not a number of requests")
    return value
