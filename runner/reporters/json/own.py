"""What the report says under its own key: which run it is of."""

from __future__ import annotations

from runner.model.json import JsonObject
from runner.results.whole import Whole

KEY = "postrunner"
"""The one key of the report that Newman's has not."""

SCHEMA = 1
"""The version of what stands under that key: another one is not read."""


def head(whole: Whole, options: JsonObject) -> JsonObject:
    """What is said of the run; of a shard also what of the whole it is, and the options that decide what fails."""
    found: JsonObject = {"schema": SCHEMA, "plan": whole.plan, "shard": {"index": whole.index, "count": whole.count}}
    if not whole.sharded:
        return found
    parts = [
        {
            "unit": one.unit,
            "key": one.key,
            "items": [*one.items],
            "own": [*one.own],
            **({} if one.iterations is None else {"iterations": [*one.iterations]}),
            **({"path": one.path} if one.path else {}),
        }
        for one in whole.collections
    ]
    return {**found, "narrowed": whole.narrowed, "options": options, "collections": parts}
