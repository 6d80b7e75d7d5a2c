"""Whether the iterations or folders of a collection may run in parallel, according to the flow of its variables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from runner.engine.plan import Plan
from runner.errors import UsageError

if TYPE_CHECKING:
    from runner.engine.ports import Inputs
    from runner.flow.flow import Flow

FORCE = "--force-parallel runs them in parallel all the same"


def folders_of(plan: Plan) -> list[range]:
    """The positions of each top-level folder, and of each request that is in none, in order."""
    tops = [planned.path[:1] or (planned.item.id, position) for position, planned in enumerate(plan.items)]
    groups = (list(group) for _, group in groupby(range(len(tops)), key=tops.__getitem__))
    return [range(group[0], group[-1] + 1) for group in groups]


def check_independence(inputs: Inputs, parallel: str, cycles: int) -> None:
    """Raise `UsageError` if one part may read what an earlier one sets, naming both places."""
    plan = inputs.plan
    parts = folders_of(plan) if parallel == "folders" else [range(len(plan.items))] * min(cycles, 2)
    if len(parts) < 2:
        return
    from runner.flow.flow import flow_of
    from runner.sandbox.analysis import Analysis

    with Analysis() as analysis:
        flow = flow_of(plan.items, inputs.values(), analysis.analyse)
    where = f"--parallel {parallel}"
    for conflict in flow.conflicts(parts):
        raise UsageError(f"{conflict}", where=where, hint=FORCE)
    for reason in _jumps(plan, flow, parts) if parallel == "folders" else ():
        raise UsageError(reason, where=where, hint=FORCE)


def _jumps(plan: Plan, flow: Flow, parts: Sequence[range]) -> Iterator[str]:
    """Why folders cannot run in parallel: an item jumps out of its folder or ends the iteration."""
    for part in parts:
        own = {name for at in part for name in (plan.items[at].item.id, plan.items[at].item.name)}
        for at in part:
            item = flow.items[at]
            for name in item.jumps:
                if name not in own:
                    yield f"{item.path}: setNextRequest may name {'any request' if name is None else repr(name)}"
            if item.ends:
                yield f"{item.path}: setNextRequest(null) ends the iteration"
