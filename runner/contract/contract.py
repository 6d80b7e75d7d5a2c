"""The documents that a run is judged by, and its judgement of each exchange, as assertions of their own."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from runner.contract.findings import Check, Violation
from runner.contract.requests import Requests
from runner.contract.responses import Responses
from runner.contract.routes import Found, Routes
from runner.contract.styles import Sent
from runner.contract.validation.schemas import Schemas
from runner.events import Assertion, ScriptError
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.operations import Operation
from runner.model.payload import BodyBytes
from runner.model.response import Exchange, Hop
from runner.results.coverage import ContractCoverage, OperationCoverage

KEEP_BODY = (307, 308)
"""Redirects after which the same body is sent again (RFC 9110, section 15.4)."""


class Contract:
    """One document."""

    def __init__(self, document: Document, servers: Sequence[str], *, old: bool, formats: bool) -> None:
        self._document = document
        self._name = document.path
        self.routes = Routes(document, servers)
        self._responses = Responses(document, Schemas(document, "writeOnly", old=old, formats=formats))
        self._requests = Requests(document, Schemas(document, "readOnly", old=old, formats=formats))
        self.coverage = {id(one): self._coverage(one) for route in self.routes.routes for one in route.operations.values()}

    def _coverage(self, operation: Operation) -> OperationCoverage:
        declared = tuple(f"{param.get('in')} {param.get('name')}" for param in operation.parameters)
        statuses = tuple(map(str, self._document.resolved(operation.node.get("responses"))))
        method, path = operation.method.upper(), operation.path
        return OperationCoverage(document=self._name, method=method, path=path, statuses=statuses, parameters=declared)

    def checks(self, found: Found, hop: Hop, body: BodyBytes) -> list[Check]:
        """What the document finds wrong with this request and its response, and what it cannot tell."""
        operation = found.operation
        if operation is None:
            return [self._undeclared(found, hop.method)]
        coverage = self.coverage[id(operation)]
        coverage.requests += 1
        coverage.seen_statuses.add(str(hop.response.code))
        sent = Sent(hop.href, found.values, hop.headers)
        of_request = self._requests.checks(operation, sent, body, coverage.seen_parameters)
        of_response, validated = self._responses.checks(operation, hop.method, hop.response)
        coverage.covered |= validated
        return [check for check in (*of_request, *of_response) if check.violations or check.unchecked]

    def checks_of_request(
        self, found: Found, method: str, href: str, headers: Sequence[tuple[str, str]], body: BodyBytes
    ) -> list[Check]:
        """What the document finds wrong with a request alone."""
        if found.operation is None:
            return [self._undeclared(found, method)]
        checks = self._requests.checks(found.operation, Sent(href, found.values, headers), body, set())
        return [check for check in checks if check.violations or check.unchecked]

    def _undeclared(self, found: Found, method: str) -> Check:
        methods = ", ".join(sorted(found.route.operations)) if found.route else ""
        wanted = f"{found.route.path} with {methods}" if found.route else f"a path of {self._name}"
        return Check("undeclared_operation", [Violation(found.path, wanted, f"{method} {found.path}")])


class Contracts:
    """All documents of a run; a request belongs to the first that has it below its servers."""

    def __init__(self, contracts: Sequence[Contract]) -> None:
        self.contracts = contracts
        operations = [one for contract in contracts for one in contract.coverage.values()]
        self.coverage = ContractCoverage(operations=operations)
        self._lock = threading.Lock()

    def find(self, method: str, href: str) -> tuple[Contract, Found] | None:
        """The document that a request belongs to, and where it goes; None if no document has its server."""
        first: tuple[Contract, Found] | None = None
        for contract in self.contracts:
            found = contract.routes.find(method, href)
            if found is not None and found.operation:
                return contract, found
            first = first or (None if found is None else (contract, found))
        return first

    def judge_request(
        self, method: str, href: str, headers: Sequence[tuple[str, str]] = (), body: BodyBytes = b""
    ) -> list[Check] | None:
        """What is wrong with a request alone: empty if nothing is, None if no document has its server.

        `href` is an absolute URL. Checks that could not be made have `unchecked`, and no violations.
        """
        found = self.find(method, href)
        return None if found is None else found[0].checks_of_request(found[1], method, href, headers, body)

    def judge(self, exchange: Exchange) -> list[Assertion]:
        """An assertion for each check that an exchange fails; one that passed if all is as it should be.

        Nothing for a request to a server that no document has.
        """
        if not exchange.hops:
            return []
        *before, hop = exchange.hops
        kept = all(one.response.code in KEEP_BODY for one in before)
        body = exchange.request.body if kept and hop.method == exchange.request.method else b""
        found = self.find(hop.method, hop.href)
        if found is None:
            return []
        contract, there = found
        where = f"{hop.method} {there.route.path if there.route else there.path}"
        with self._lock:  # runs beside each other are judged by one contract
            self.coverage.judged += 1
            checks = contract.checks(there, hop, body)
        if not checks:
            return [Assertion(name=f"contract: {where}", index=0, passed=True)]
        return [_assertion(check, where, at) for at, check in enumerate(checks)]


def _assertion(check: Check, where: str, index: int) -> Assertion:
    name = f"contract: {check.name} {where}"
    if check.unchecked:
        return Assertion(name=f"{name}: {check.unchecked}", index=index, passed=True, skipped=True)
    message = "\n".join(map(str, check.violations))
    return Assertion(name=name, index=index, passed=False, error=ScriptError(name="ContractError", message=message))
