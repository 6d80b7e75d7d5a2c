"""Compares responses with the saved examples of their requests: what is missing, new, or of another type."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from runner.contract.coverage import NAME
from runner.contract.examples.shapes import Shape, shape_of
from runner.contract.findings import Violation
from runner.contract.values import strict_json
from runner.engine.ports import Judged
from runner.events import Assertion, ScriptError, Warned
from runner.foreign.openapi.media import family
from runner.model.collection import Collection, Folder, Item
from runner.model.json import Json, JsonObject
from runner.model.response import Response
from runner.results.coverage import ContractCoverage, OperationCoverage

MOST = 20
"""Differences of one response that are told; items of lists differ alike, so each path is told once."""


class Examples:
    """The examples of all collections of a run. With `fail` drift is a failed assertion, else a warning.

    Requests that have examples are operations of the `coverage`.
    """

    def __init__(self, collections: Sequence[Collection], coverage: ContractCoverage, *, fail: bool) -> None:
        self._fail = fail
        self._known: dict[int, _OfRequest] = {}
        for collection in collections:
            for item, place in _items(collection.items, ""):
                found = _OfRequest(item, place)
                if found.statuses:
                    self._known[id(item)] = found
        coverage.operations = [*coverage.operations, *(one.coverage for one in self._known.values())]
        self._coverage = coverage
        self._lock = threading.Lock()

    def judge(self, judged: Judged) -> list[Assertion | Warned]:
        """What differs from the examples of the request; nothing for a request without one."""
        known = self._known.get(id(judged.place.item))
        if known is None:
            return []
        response = judged.exchange.response
        with self._lock:
            self._coverage.judged += 1
            known.coverage.requests += 1
            known.coverage.seen_statuses.add(str(response.code))
            known.coverage.covered |= response.code in known.statuses
        drift = list(_once(known.drift(response)))
        lines = [str(one) for one in drift[:MOST]] + ([f"and {len(drift) - MOST} more"] if len(drift) > MOST else [])
        name = f"contract: examples {known.coverage.method} {known.place}"
        if not drift:
            return [Assertion(name=name, index=0, passed=True)]
        if self._fail:
            error = ScriptError(name="ContractError", message="\n".join(lines))
            return [Assertion(name=f"{name}: drift", index=0, passed=False, error=error)]
        return [Warned(code="contract-drift", message=f"drift from the examples: {'; '.join(lines)}", where=known.place)]


class _OfRequest:
    """The shapes of the examples of one request by status; None for one that has no JSON body."""

    def __init__(self, item: Item, place: str) -> None:
        self.place = place
        bodies: dict[int, list[Json]] = {}
        responses = item.source.get("response")
        for example in responses if isinstance(responses, list) else ():
            if not isinstance(example, dict):
                continue
            code = example.get("code", 200)
            if isinstance(code, int) and not isinstance(code, bool):
                found = bodies.setdefault(code, [])
                found += _json_of(example)
        self.statuses: dict[int, Shape | None] = {
            code: shape_of(found) if found else None for code, found in bodies.items()
        }
        statuses = tuple(map(str, self.statuses))
        method = item.request.method.upper() or "GET"
        self.coverage = OperationCoverage(document=NAME, method=method, path=place, statuses=statuses)

    def drift(self, response: Response) -> Iterator[Violation]:
        """How a response differs from the examples of its status."""
        if response.code not in self.statuses:
            seen = ", ".join(map(str, self.statuses))
            yield Violation("status", f"one of those with examples ({seen})", f"{response.code} (new)")
            return
        shape = self.statuses[response.code]
        if shape is None:
            return
        media_type = response.header("content-type") or ""
        if media_type and family(media_type) != "json":
            yield Violation("Content-Type", "JSON, as in the examples", f"{media_type} (other type)")
            return
        try:
            value = strict_json(response.body.decode("utf-8-sig"))
        except ValueError as error:
            yield Violation("$", "JSON, as in the examples", str(error))
            return
        yield from shape.drift(value)


def _json_of(example: JsonObject) -> list[Json]:
    """The JSON in the body of an example; nothing if it is none, or has variables where values would stand."""
    try:
        return [strict_json(str(example.get("body") or ""))]
    except ValueError:
        return []


def _once(drift: Iterator[Violation]) -> Iterator[Violation]:
    """Each difference of the items of a list at the first of them."""
    seen: set[tuple[str, str, str]] = set()
    for one in drift:
        path = "".join(part.partition("]")[2] if at else part for at, part in enumerate(one.path.split("[")))
        key = (path, one.expected, one.actual)
        if key not in seen:
            seen.add(key)
            yield one


def _items(entries: Sequence[Item | Folder], above: str) -> Iterator[tuple[Item, str]]:
    for entry in entries:
        place = f"{above}/{entry.name}" if above else entry.name
        if isinstance(entry, Folder):
            yield from _items(entry.items, place)
        else:
            yield entry, place
