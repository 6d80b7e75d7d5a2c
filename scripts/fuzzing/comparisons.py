"""What `postrunner diff` compares: pairs of JSON values under rules, and reports of runs."""

from __future__ import annotations

import io
import json
from contextlib import ExitStack
from functools import lru_cache
from typing import Any

from fuzzing.spoil import by_nodes
from fuzzing.target import Defect, Target, own_errors

PAIR: dict[str, Any] = {
    "left": {"id": 1, "tags": ["a", "b"], "users": [{"id": 1, "n": 1.5}, {"id": 2}], "x y": None},
    "right": {"id": 2, "tags": ["b", "a"], "users": [{"id": 2}, {"id": 1, "n": 1.6}, {"id": 3}], "z": True},
    "ignore": ["$.id", "$..n"],
    "unordered": ["$.tags", "$.users=id"],
    "tolerance": ["all=0.2", "$.users=1%"],
}

REPORT: dict[str, Any] = {
    "collection": {
        "info": {"name": "API", "_postman_id": "c"},
        "item": [{"name": "f", "item": [{"name": "a", "id": "1"}]}, {"name": "b", "id": "2"}],
    },
    "environment": {"name": "staging"},
    "run": {
        "executions": [
            {
                "cursor": {"ref": f"ref-{number}", "iteration": 0},
                "item": {"id": str(number), "name": "ab"[number - 1]},
                "request": {"method": "GET"},
                "response": {
                    "status": "OK",
                    "code": 200,
                    "header": [{"key": "X-A", "value": "1"}],
                    "stream": {"data": [123, 125]},
                    "responseTime": 5,
                    "responseSize": 2,
                },
                "assertions": [{"assertion": "is ok", "skipped": False}],
            }
            for number in (1, 2)
        ],
        "failures": [],
        "error": None,
    },
}


def two_values(data: bytes) -> str:
    """Compare two values: there and back the same is told of whether they differ, and nothing of a value and itself."""
    from runner.comparison import Rules, differences
    from runner.errors import InvalidDocument
    from runner.formats.json_text import parse_json

    try:
        given: Any = parse_json(data.decode("utf-8", "replace"))
    except InvalidDocument:
        return "no input"
    given = {**PAIR, **given} if isinstance(given, dict) else PAIR
    texts = {name: given[name] if isinstance(given[name], list) else [] for name in ("ignore", "unordered", "tolerance")}
    try:
        rules = Rules.of(**{name: [one for one in ones if isinstance(one, str)] for name, ones in texts.items()})
    except ValueError:
        return "no rule"
    left, right = given["left"], given["right"]
    found, back = list(differences(left, right, rules)), list(differences(right, left, rules))
    if bool(found) != bool(back):
        raise Defect("a difference in one direction only")
    if list(differences(left, left, rules)):
        raise Defect("a value differs from itself")
    return f"{min(len(found), 9)} {' '.join(sorted({one.kind for one in found}))}{len(found and found[0].path) // 10}"


def report_beside(data: bytes) -> str:
    """Compare a report with the one that it was made from, by every output; what is refused is an error of one line."""
    from runner.diff.choice import check_causes, choice_of
    from runner.diff.compare import compare
    from runner.diff.report import Given, is_report, read_report

    text, outcome = data.decode("utf-8", "replace"), list[str]()
    with own_errors(outcome), ExitStack() as stack:
        given = Given("spoiled.json", text)
        if not is_report(given):
            return "no report"
        choice = check_causes(choice_of(fail_on=["status,slower:2x"]), collections=False)
        found = compare(read_report(given, stack), read_report(Given("report.json", json.dumps(REPORT)), stack), choice)
        outcome += [*found.counts, str(len(found.entries))]
        for write in _texts():
            write(found, _context()).encode("utf-8", "backslashreplace")
    return " ".join(outcome)


@lru_cache(maxsize=1)
def _texts() -> list[Any]:
    from runner.diff.reports.writing import TEXTS

    return [*TEXTS.values()]


def _context() -> Any:
    from runner.options import RunOptions
    from runner.reporters.context import ReporterContext

    return ReporterContext(options=RunOptions(), stream=io.StringIO())


TARGETS = {
    "difference": Target(two_values, lambda: [json.dumps(PAIR).encode()], by_nodes(("id", "n", "tags", "all=1"))),
    "diff": Target(
        report_beside,
        lambda: [json.dumps(REPORT).encode()],
        by_nodes(("own", "subRequests", "requestError", "skipped", "part", "collectionIndex", "collections")),
        ("runner.diff",),
        cost=10,
    ),
}
