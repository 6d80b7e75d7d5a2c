"""Narrows a run to a shard's part, in the place where all other selections are made, so that all use the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runner.engine.ports import Inputs
from runner.errors import UsageError
from runner.events import Warned
from runner.options import RunOptions
from runner.options.values import parse_shard
from runner.reruns import RERUN
from runner.shards import SHARD
from runner.shards.division import Unit, divided
from runner.shards.times import load_times
from runner.shards.units import groups_of


def shard_inputs(whole: Sequence[Inputs], chosen: Sequence[Inputs], options: RunOptions) -> list[Inputs]:
    """The chosen inputs, narrowed to a shard's part; a warning at the first collection says how much that is.

    `whole` is divided into shards. `chosen` is `whole` after an earlier run's results narrowed or reordered it: these must
    not decide which shard runs an item. Raises `LoadError` if the times cannot be read, and `UsageError`.
    """
    assert options.shard is not None
    index, count = parse_shard(options.shard)
    if options.last_failed and options.shard_by:
        hint = "a request may have moved to another shard since it failed; --rerun takes the report of all shards"
        raise UsageError("does not go with --last-failed", where="--shard-by", hint=hint)
    collections = [one.plan.collection for one in whole]
    times = load_times(options.shard_by, collections) if options.shard_by else None
    groups = groups_of(whole, options, times)
    shards = divided(groups, count, timed=times is not None)
    own = [unit for group, shard in zip(groups, shards, strict=True) if shard == index for unit in group]
    parts = [_part(one, [unit for unit in own if unit.collection == number]) for number, one in enumerate(whole)]
    left = [_meet(one, parts[number]) for number, one in zip(_numbers(whole, chosen), chosen, strict=True)]
    notes = [_said(whole, left, options)]
    if options.last_failed and not _requests(left) and _requests(parts):
        left = parts
        notes = ["nothing failed in this shard last time: all of it is run", _said(whole, left, options)]
    return _noted(left, chosen, notes)


def _part(one: Inputs, units: Sequence[Unit]) -> Inputs:
    """The part of a collection that these units form."""
    items = one.plan.items if units else ()
    if any(unit.items is not None for unit in units):
        items = tuple(items[at] for unit in sorted(units, key=_start) for at in unit.items or ())
    iterations = tuple(sorted(unit.iteration for unit in units if unit.iteration is not None)) or None
    return replace(one, plan=replace(one.plan, items=items, whole=one.plan), iterations=iterations)


def _start(unit: Unit) -> int:
    return unit.items.start if unit.items is not None else 0


def _meet(chosen: Inputs, part: Inputs) -> Inputs:
    """The intersection of the chosen items and the part, in the chosen order."""
    own = {id(planned) for planned in part.plan.items}
    items = tuple(planned for planned in chosen.plan.items if id(planned) in own)
    return replace(chosen, plan=replace(chosen.plan, items=items, whole=part.plan.whole), iterations=part.iterations)


def _numbers(whole: Sequence[Inputs], chosen: Sequence[Inputs]) -> list[int]:
    """For each chosen input its index in the whole, since the order may differ."""
    places: dict[int, list[int]] = {}
    for number in reversed(range(len(whole))):
        places.setdefault(id(whole[number].plan.collection), []).append(number)
    return [places[id(one.plan.collection)].pop() for one in chosen]


def _requests(inputs: Sequence[Inputs]) -> int:
    return sum(len(one.plan.items) for one in inputs)


def _said(whole: Sequence[Inputs], left: Sequence[Inputs], options: RunOptions) -> str:
    run, every = _requests(left), _requests(whole)
    said = f"{run or 'none'} of {every} request{'' if every == 1 else 's'}"
    if options.parallel == "iterations" and run:
        counts = (sum(part.cycles(options.iteration_count) for part in some if part.plan.items) for some in (whole,))
        rows = sum(len(one.iterations or ()) for one in left)
        said = f"{rows} of {sum(counts)} iterations"
    return f"shard {options.shard} has {said}"


def _noted(left: list[Inputs], chosen: Sequence[Inputs], notes: Sequence[str]) -> list[Inputs]:
    """The inputs, with all notes moved to the first one that is run, those about an earlier run included."""
    earlier = [warning for one in chosen for warning in one.warnings if warning.code == RERUN]
    left = [replace(one, warnings=tuple(w for w in one.warnings if w.code != RERUN)) for one in left]
    told = (*earlier, *(Warned(code=SHARD, message=note, note=True) for note in notes))
    first = next((at for at, one in enumerate(left) if one.plan.items), 0)
    left[first] = replace(left[first], warnings=(*left[first].warnings, *told))
    return left
