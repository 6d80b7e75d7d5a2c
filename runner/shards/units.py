"""The units into which a run is divided: collections, top-level folders and requests, or iterations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from runner.engine.ports import Inputs
from runner.flow.ties import tied
from runner.options import RunOptions
from runner.reruns.needs import flow_of_inputs
from runner.shards.division import Group, Unit
from runner.shards.times import Taken, Times
from runner.units.independence import folders_of


def groups_of(inputs: Sequence[Inputs], options: RunOptions, times: Times | None) -> list[Group]:
    """The units of a run, in groups that stay together; an input of which nothing is selected has none."""
    names = list(_counted(one.plan.collection.name for one in inputs))
    found: list[Group] = []
    for number, one in enumerate(inputs):
        if not one.plan.items:
            continue
        taken = times.of(one.plan) if times else []
        if options.parallel == "iterations":
            iterations = range(one.cycles(options.iteration_count))
            found += ([_iteration(names[number], number, at, taken)] for at in iterations)
        elif options.parallel == "folders" or len(inputs) == 1:
            found += _entries(one, number, names[number], options, taken)
        else:
            found.append([Unit(identity=names[number], collection=number, time=_total(taken))])
    return found


def _iteration(name: str, number: int, iteration: int, taken: Sequence[Taken]) -> Unit:
    here = [{iteration: times[iteration]} for times in taken if iteration in times]
    return Unit(identity=f"{name}\0{iteration}", collection=number, iteration=iteration, time=_total(here))


def _total(taken: Sequence[Taken]) -> float | None:
    """The milliseconds of several items; None if no time is known."""
    return sum(sum(times.values()) for times in taken) if any(taken) else None


def _entries(one: Inputs, number: int, name: str, options: RunOptions, taken: Sequence[Taken]) -> Iterator[Group]:
    """The top-level folders and requests. Those that depend on each other stay together; all do if that is unknown."""
    spans = folders_of(one.plan)
    firsts = (one.plan.items[span.start] for span in spans)
    names = _counted((*first.path, first.item.name)[0] for first in firsts)
    units = [
        Unit(identity=f"{name}\0{own}", collection=number, items=span, time=_total(taken[span.start : span.stop]))
        for own, span in zip(names, spans, strict=True)
    ]
    if len(units) < 2 or (options.parallel and options.force_parallel):
        yield from ([unit] for unit in units)
        return
    flow = flow_of_inputs(one)
    repeats = one.cycles(options.iteration_count) > 1
    groups = [list(range(len(units)))] if flow is None else tied(flow, spans, repeats=repeats)
    yield from ([units[at] for at in group] for group in groups)


def _counted(names: Iterable[str]) -> Iterator[str]:
    """The names, numbered from their second occurrence on."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}\0{seen[name]}"
