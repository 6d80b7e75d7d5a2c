"""Checks that reports are those of all shards of one run; each error names the report at fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from runner.errors import LoadError
from runner.results.whole import Whole, WholeCollection
from runner.shards.report import HINT, ShardReport

DIVIDED = "give all jobs the same files, options, --shard-by and number of shards"

UnitKey = tuple[str, int]
"""The identity of a collection in all shards: the digest of its plan, and how many equal ones come before it."""


def check_shards(reports: Sequence[ShardReport]) -> list[ShardReport]:
    """The reports in the order of their shards; raises `LoadError` unless each shard of one run is there once."""
    first = reports[0]
    known: dict[int, ShardReport] = {}
    for report in reports:
        whole = report.whole
        if whole.plan != first.whole.plan:
            raise _wrong(report, f"is of another run: its plan is not that of {first.path}", DIVIDED)
        if whole.count != first.whole.count:
            raise _wrong(report, f"is of {_named(whole)}, but {first.path} of {_named(first.whole)}", DIVIDED)
        if not 1 <= whole.index <= whole.count:
            raise _wrong(report, f"is of {_named(whole)}, which does not exist", HINT)
        if whole.index in known:
            raise _wrong(report, f"is of {_named(whole)}, as is {known[whole.index].path}", "name each report once")
        known[whole.index] = report
    missing = [str(index) for index in range(1, first.whole.count + 1) if index not in known]
    if missing:
        several, named = ("s", "are") if len(missing) > 1 else ("", "is")
        shards = f"shard{several} {', '.join(missing[:20])}{', …' if len(missing) > 20 else ''} of {first.whole.count}"
        raise LoadError(f"{shards} {named} missing: there is no report", where=first.path, hint=HINT)
    ordered = [known[index] for index in sorted(known)]
    _check_division(ordered)
    return ordered


def _named(whole: Whole) -> str:
    return f"shard {whole.index}/{whole.count}"


def _wrong(report: ShardReport, reason: str, hint: str) -> LoadError:
    return LoadError(reason, where=report.path, hint=hint)


def units_of(report: ShardReport) -> dict[UnitKey, WholeCollection]:
    """The identities of a report's collections, in order."""
    seen: Counter[str] = Counter()
    found: dict[UnitKey, WholeCollection] = {}
    for one in report.whole.collections:
        found[one.key, seen[one.key]] = one
        seen[one.key] += 1
    return found


def _check_division(reports: Sequence[ShardReport]) -> None:
    """Raise `LoadError` if the shards were divided in different ways, so that an item is in two of them, or in none."""
    units = [units_of(report) for report in reports]
    for key, one in units[0].items():
        parts: dict[tuple[int, int | None], ShardReport] = {}
        for report, own in ((report, found[key]) for report, found in zip(reports, units, strict=True)):
            rows: Sequence[int | None] = (None,) if own.iterations is None else own.iterations
            for part in ((item, row) for row in rows for item in own.own):
                if part in parts:
                    raise _wrong(report, f"runs what {parts[part].path} runs, too: they were divided differently", DIVIDED)
                parts[part] = report
        if {item for item, _ in parts} < set(one.items) and not any(report.whole.narrowed for report in reports):
            raise _wrong(reports[0], "and the others leave something out: they were divided differently", DIVIDED)
