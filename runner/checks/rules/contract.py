"""Requests beside the contract that `--contract` names: nothing is sent, what is not known is not judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runner.checks.finding import Severity
from runner.checks.subject import CollectionSubject
from runner.checks.tree import Node, Problem
from runner.reporters.text import plural

if TYPE_CHECKING:
    from runner.contract.planned import Verdict

MOST = 5
"""Violations of one request that a message names."""

STEPS = {"undeclared_operation": ("request", "url"), "request_parameter_conformance": ("request", "url")}
"""Where a finding of each check is shown; the others at the body."""


def undeclared(subject: CollectionSubject) -> Iterator[Problem]:
    """A request has no operation in the documents. If none goes to one of their servers, that is an error."""
    yield from _of_check(subject, "undeclared_operation")
    found = _verdicts(subject)
    if found and all(verdict is None for _, verdict in found):
        message = "no request goes to a server of the contract"
        hint = "--contract-server says where the API is, if the documents name other servers"
        yield subject.top.problem(message, "info", hint=hint, severity=Severity.ERROR)


def parameters(subject: CollectionSubject) -> Iterator[Problem]:
    """The parameters of a request are not as the documents say."""
    yield from _of_check(subject, "request_parameter_conformance")


def body(subject: CollectionSubject) -> Iterator[Problem]:
    """The body of a request is not as the documents say."""
    yield from _of_check(subject, "request_body_conformance")


def unused_operation(subject: CollectionSubject) -> Iterator[Problem]:
    """No request is for an operation of the documents."""
    contracts = subject.known.contracts
    used = {id(verdict.operation) for _, verdict in _verdicts(subject) if verdict is not None}
    for contract in contracts.contracts if contracts else ():
        for route in contract.routes.routes:
            for method, operation in route.operations.items():
                if id(operation) not in used:
                    yield subject.top.problem(f"no request is for {method} {route.path}", "info")


def unjudged(subject: CollectionSubject) -> Iterator[Problem]:
    """Parts of requests depend on values that are not known before a run."""
    found = [(node, verdict.unjudged) for node, verdict in _verdicts(subject) if verdict is not None and verdict.unjudged]
    if found:
        parts, requests = sum(number for _, number in found), len(found)
        of = f"{plural(parts, 'part')} of {plural(requests, 'request')}"
        message = f"not judged by the contract, since values are not known: {of}"
        yield subject.top.problem(message, "info", hint="give their variables with -e or --env-var; a run judges them all")


def _verdicts(subject: CollectionSubject) -> list[tuple[Node, Verdict | None]]:
    return subject.beside_contract


def _of_check(subject: CollectionSubject, name: str) -> Iterator[Problem]:
    for node, verdict in _verdicts(subject):
        for check in verdict.checks if verdict is not None else ():
            if check.name == name:
                told = [str(one) for one in check.violations[:MOST]]
                more = len(check.violations) - len(told)
                text = "; ".join(told) + (f" and {more} more" if more > 0 else "")
                steps = STEPS.get(name) or ("request", "body")
                yield node.problem(text, *(steps if node.get(*steps) is not None else ("name",)))
