"""What has to run so that a part of a collection runs as it does in the whole, according to the flow of variables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runner.engine.plan import Plan
from runner.engine.ports import Inputs
from runner.errors import SandboxError
from runner.flow.access import Access
from runner.flow.flow import Flow, Writes, flow_of
from runner.sandbox.analysis import Analysis


def flow_of_inputs(inputs: Inputs) -> Flow | None:
    """The flow of what is run, with the values of files; None if the scripts cannot be analysed."""
    try:
        with Analysis() as analysis:
            return flow_of(inputs.plan.items, inputs.values(), analysis.analyse)
    except SandboxError:
        return None


def needed(plan: Plan, flow: Flow | None, wanted: Iterable[int]) -> set[int]:
    """The positions of wanted items, of those that they depend on, and of those that they jump to.

    An item that reads computed names needs its whole folder, one that jumps to a computed name everything.
    """
    every = set(range(len(plan.items)))
    if flow is None:
        return every
    found: set[int] = set()
    waiting = list(wanted)
    while waiting:
        at = waiting.pop()
        if at in found:
            continue
        found.add(at)
        waiting += flow.depends(at)
        for name in flow.items[at].jumps:
            if name is None:
                return every
            target = plan.position_of(name)
            waiting += [] if target is None else [target]
        if any(read.name is None for read in flow.reads(at)):
            folder = plan.items[at].path
            waiting += [other for other in every if plan.items[other].path[: len(folder)] == folder]
    return found


def may_move(flow: Flow | None, moved: Sequence[int], passed: Sequence[int]) -> bool:
    """Whether items may run before others above them: none jumps, none sets what the others read or set."""
    if flow is None or any(item.jumps or item.ends for item in flow.items):
        return False
    both = [[*_accesses(flow, moved)], [*_accesses(flow, passed)]]
    return not any(_touch(one, other) for one, other in (both, reversed(both)))


def _accesses(flow: Flow, places: Iterable[int]) -> Iterable[tuple[bool, Access]]:
    for at in places:
        yield from ((False, read) for read in flow.reads(at))
        yield from ((True, write) for write in flow.items[at].writes)


def _touch(one: Sequence[tuple[bool, Access]], other: Sequence[tuple[bool, Access]]) -> bool:
    """Whether anything that one side writes is read or written by the other."""
    writes = Writes((0, access) for writes, access in one if writes)
    return any(next(writes.meeting(access), None) is not None for _, access in other)
