"""Whether a run has seen enough of the documents of its contract."""

from __future__ import annotations

from runner.errors import NotCovered, PostrunnerError, UsageError
from runner.results.coverage import ContractCoverage

NAME = "examples"
"""The document of requests that are judged by their saved examples."""

NAMED = 5
"""Operations that a message names."""


def too_little(coverage: ContractCoverage, percent: int | None) -> PostrunnerError | None:
    """What is wrong if a run met none of its documents, or covered less than `percent` of their operations."""
    if not coverage.judged:
        if coverage.operations and all(one.document == NAME for one in coverage.operations):
            return UsageError("no request that has a saved example was sent", where="--contract examples")
        hint = "--contract-server says where the API is, if the documents name other servers"
        return UsageError("no request went to a server of the documents", where="--contract", hint=hint)
    if percent is None or coverage.percent >= percent:
        return None
    missing = [f"{one.method} {one.path}" for one in coverage.operations if not one.covered]
    named = ", ".join(missing[:NAMED]) + (f" and {len(missing) - NAMED} more" if len(missing) > NAMED else "")
    return NotCovered(f"{coverage.said}; asked for are {percent} %", hint=f"without one: {named}")
