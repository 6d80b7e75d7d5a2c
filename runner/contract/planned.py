"""Judges requests that are not sent: what of them depends on unknown values is not judged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runner.contract.contract import Contracts
from runner.contract.findings import Check, Violation
from runner.deep_json import dumps
from runner.foreign.openapi.operations import Operation
from runner.model.payload import BodyBytes
from runner.model.quick_dataclass import dataclass

UNKNOWN = "postrunner-unknown-value"
"""What stands in the places of values that are not known."""

_STRING_OR_UNKNOWN = re.compile(rf'"(?:[^"\\]|\\.)*"|({UNKNOWN})', re.DOTALL)
OF_STRUCTURE = ("the property ", "no other property", 'type "')
"""How violations begin that do not depend on values inside of an object or list."""

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is known of a request. `may_have_more` says that more headers, parameters or another body may come."""

    method: str
    href: str
    headers: Headers
    body: BodyBytes
    may_have_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The violations of a request, by check; how many of its parts depend on unknown values; the operation, if known."""

    checks: tuple[Check, ...] = ()
    unjudged: int = 0
    operation: Operation | None = None


def judge_planned(contracts: Contracts, planned: Planned) -> Verdict | None:
    """What is wrong with a request that is not sent yet; None if it goes to no server of the documents."""
    told = [(contract, contract.routes.possible(planned.method, planned.href, UNKNOWN)) for contract in contracts.contracts]
    possible = [(contract, one) for contract, found in told for one in found or ()]
    if not possible:
        return None if all(found is None for _, found in told) else Verdict(unjudged=1)
    declared = [one for one in possible if one[1].operation]
    paths = {one.route.path for _, one in declared if one.route}
    if len(paths) > 1 and UNKNOWN in planned.href.partition("?")[0]:
        return Verdict(unjudged=1)
    contract, there = (declared or possible)[0]
    body = _with_strings(planned.body, planned.headers)
    checks = contract.checks_of_request(there, planned.method, planned.href, planned.headers, body)
    kept: list[Check] = []
    unjudged = 0
    for check in checks:
        sure = [one for one in check.violations if _is_sure(one, planned)]
        unjudged += len(check.violations) - len(sure) + bool(check.unchecked)
        kept += [Check(check.name, sure)] if sure else []
    return Verdict(checks=tuple(kept), unjudged=unjudged, operation=there.operation)


def _is_sure(violation: Violation, planned: Planned) -> bool:
    """Whether a violation stays one whatever the unknown values are."""
    if violation.actual == "none":  # a parameter, body or content type that is missing
        query = planned.href.partition("?")[2]
        unknown_name = any(UNKNOWN in pair.partition("=")[0] for pair in query.split("&"))
        unknown_header = any(UNKNOWN in name for name, _ in planned.headers)
        return not (planned.may_have_more or unknown_name or unknown_header or violation.path.startswith("cookie."))
    if planned.may_have_more and not violation.path.startswith(("path.", "query.", "/")):
        return False
    if UNKNOWN in violation.actual and not isinstance(violation.value, (dict, list)):
        return False
    if UNKNOWN not in dumps(violation.value):
        return True
    inside = isinstance(violation.value, (dict, list)) and violation.expected.startswith(OF_STRUCTURE)
    names = violation.value if isinstance(violation.value, dict) else ()
    return inside and not any(UNKNOWN in name for name in names)


def _with_strings(body: BodyBytes, headers: Headers) -> BodyBytes:
    """A JSON body in which unknown values that stand outside of strings are strings."""
    if not isinstance(body, bytes) or UNKNOWN.encode() not in body:
        return body
    if not any(name.lower() == "content-type" and "json" in value.lower() for name, value in headers):
        return body
    text = body.decode("utf-8", "surrogateescape")
    made = _STRING_OR_UNKNOWN.sub(lambda found: f'"{UNKNOWN}"' if found[1] else found[0], text)
    return made.encode("utf-8", "surrogateescape")
