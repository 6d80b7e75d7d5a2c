"""`postrunner run --list`: what would be run, as text or JSON; nothing is sent."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import TextIO

from runner.engine.plan import Plan
from runner.engine.selection import leaves, nothing_hint
from runner.loading import load_all, load_plans, make_secrets
from runner.model.json import JsonObject
from runner.options import RunOptions
from runner.reporters.text import one_line, plural
from runner.reruns import RERUN
from runner.rules.tags import tags_in
from runner.shards import SHARD
from runner.sources.pipes import settle_pipes


def list_items(collections: Sequence[str], options: RunOptions, stream: TextIO) -> int:
    """Print every request that would be run, in order, without jumps; returns the exit code: 1 if there is none."""
    with ExitStack() as stack:
        options = settle_pipes(collections, options, stack)
        plans = load_plans(collections, options)
        inputs = load_all(plans, options)
    plans = [one.plan for one in inputs]
    shown = make_secrets(options).mask_name
    for warning in (warning for one in inputs for warning in one.warnings if warning.code in (RERUN, SHARD)):
        print(one_line(f"{'note' if warning.note else 'warning'}: {shown(warning.message)}"), file=sys.stderr)
    iterations = max((len(one.iterations) for one in inputs if one.iterations), default=0)
    iterations = iterations or options.iteration_count or len(inputs[0].rows) or 1
    listed = [{"name": shown(plan.collection.name), "items": list(_items(plan, shown))} for plan in plans]
    empty = not any(plan.items or plan.left_to_others for plan in plans)
    if options.list_items == "json":
        print(json.dumps({"iterations": iterations, "collections": listed}, indent=2), file=stream)
    else:
        hints = [hint for plan in plans if empty and (hint := nothing_hint(plan.collection, options))]
        for line in _lines(listed, iterations, hints):
            print(one_line(line), file=stream)
    return int(empty and not options.allow_empty and not options.suppress_exit_code)


def _items(plan: Plan, shown: Callable[[str], str]) -> Iterator[JsonObject]:
    """Each item; setup and teardown only if something runs between them."""
    tags = {id(item): tags_in((plan.collection, *trail, item)) for trail, item in leaves((), plan.collection.items)}
    for part in plan.parts if plan.items else ():
        for planned in part.items:
            yield {
                "name": shown(planned.item.name),
                "path": [*map(shown, planned.location[1:])],
                "part": part.part or "iteration",
                "kind": planned.item.kind,
                "method": planned.item.request.method,
                "tags": [*map(shown, tags[id(planned.item)])],
            }


def _lines(listed: Sequence[JsonObject], iterations: int, hints: Sequence[str]) -> Iterator[str]:
    count = 0
    for collection in listed:
        yield collection["name"]
        for item in collection["items"]:
            part = "" if item["part"] == "iteration" else f"{item['part']}: "
            count += not part
            yield f"  {part}{'/'.join(item['path'])}"
    each = f" in each of {iterations} iterations" if iterations > 1 else ""
    yield f"{plural(count, 'request')}{each}" if count else "; ".join(["nothing would be run", *hints])
