"""The description, in a shard's report, of the whole run that it is a part of."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence

from runner.engine.plan import Plan, PlannedItem
from runner.engine.ports import Inputs
from runner.options import RunOptions
from runner.options.values import parse_shard
from runner.results.whole import Whole, WholeCollection, requests_of


def whole_of(inputs: Sequence[Inputs], options: RunOptions) -> Whole:
    """The description of a whole run with these inputs, one unit each."""
    index, count = parse_shard(options.shard) if options.shard else (1, 1)
    return Whole(
        collections=[_collection(str(unit), one, options) for unit, one in enumerate(inputs)],
        index=index,
        count=count,
        sharded=options.shard is not None,
        narrowed=options.reruns,
    )


def _collection(unit: str, one: Inputs, options: RunOptions) -> WholeCollection:
    plan = one.plan.whole or one.plan
    places = {id(item): place for place, item in enumerate(requests_of(plan.collection))}
    cycles = (options.iteration_count or len(one.rows) or 1) if plan.items else 0
    return WholeCollection(
        unit=unit,
        key=_key(plan, cycles, options),
        items=tuple(places[id(planned.item)] for planned in plan.items),
        own=tuple(places[id(planned.item)] for planned in one.plan.items),
        iterations=None if one.iterations is None else tuple(one.iterations),
        path=_below(plan.collection.path),
    )


def _below(path: str) -> str:
    """A path relative to the current folder, so that it means the same in other jobs; empty if it is not below that."""
    try:
        found = os.path.relpath(path).replace(os.sep, "/") if os.path.exists(path) else ""
    except ValueError:  # on another drive
        return ""
    return "" if found.split("/")[0] == ".." else found


def _key(plan: Plan, cycles: int, options: RunOptions) -> str:
    """A digest of everything planned: names, the ids in the file, setup and teardown, iterations."""
    parts = [[_named(planned) for planned in part.items] for part in plan.parts]
    told = [plan.collection.name, [part.part for part in plan.parts], parts, cycles, options.parallel]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _named(planned: PlannedItem) -> list[object]:
    item = planned.item
    return [*planned.path, item.name, str(item.source.get("id", "")), item.kind, item.request.method]
