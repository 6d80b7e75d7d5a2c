"""Which requests are run again: those that failed with what they need, or all of them with the failed ones first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from runner.engine.plan import Plan
from runner.engine.ports import Inputs
from runner.engine.selection import NAMED, leaves
from runner.errors import UsageError
from runner.events import Warned
from runner.history import RERUN
from runner.history.failures import Failures, Key, Rounds, paths_in, plain_path, shown
from runner.history.needs import flow_of_inputs, may_move, needed, needed_in_iterations
from runner.history.reports import load_report
from runner.history.state import load_state
from runner.model.quick_dataclass import dataclass
from runner.options.selection import SelectionOptions
from runner.reporters.text import plural


def rerun_inputs(inputs: Sequence[Inputs], options: SelectionOptions) -> list[Inputs]:
    """What is run after `--last-failed`, `--failed-first` or `--rerun`; reports it in warnings of the first collection.

    Raises `LoadError` if it is unknown what failed, and `UsageError`.
    """
    if options.rerun and (options.last_failed or options.failed_first):
        raise UsageError(
            "says what failed, as --last-failed and --failed-first do", where="--rerun", hint="give one of them"
        )
    collections = [one.plan.collection for one in inputs]
    failures = load_report(options.rerun, collections) if options.rerun else load_state(collections)
    only = options.last_failed or bool(options.rerun)
    found = [_failed_in(one.plan, failures, one.cycles(options.iteration_count)) for one in inputs]
    chosen = [
        dict.fromkeys(range(len(one.plan.items))) if its.whole and (only or not its.places) else its.places
        for one, its in zip(inputs, found, strict=True)
    ]
    warnings, notes = _missing(failures, found), list[str]()
    changed = list(inputs)
    if not any(chosen):
        what = "nothing that is selected failed" if failures.failed else "nothing failed"
        notes.append(f"{what} {failures.source}: everything is run")
    elif not only:
        pairs = [_failed_first(one, set(places)) for one, places in zip(inputs, chosen, strict=True)]
        notes += [note for _, note in pairs if note]
        order = sorted(range(len(inputs)), key=lambda at: not chosen[at])
        changed = [pairs[at][0] for at in order]
    else:
        pairs_of = zip(inputs, chosen, strict=True)
        changed = [_only(one, places, one.cycles(options.iteration_count)) for one, places in pairs_of]
        notes.append(_said(inputs, changed, sum(map(len, chosen)), failures, options))
    warnings += [Warned(code=RERUN, message=note, note=True) for note in notes]
    first = next((at for at, one in enumerate(changed) if one.plan.items), 0)
    changed[first] = replace(changed[first], warnings=(*changed[first].warnings, *warnings))
    return changed


@dataclass(slots=True)
class Found:
    """The places of the items of a collection that failed, with their iterations, and the keys that the collection has.

    `whole` is whether everything counts as failed: the run itself, a setup or a teardown failed, on which all depends.
    `beyond` names iterations that there no longer are.
    """

    places: dict[int, Rounds]
    whole: bool
    there: set[Key]
    beyond: list[str]


def _failed_in(plan: Plan, failures: Failures, cycles: int) -> Found:
    collection = plan.collection
    run = failures.key_of(collection, (), None)
    found = Found({}, run in failures.failed, {run}, [])
    known, beyond = paths_in(collection), dict[str, None]()
    for part in plan.parts:
        for at, planned in enumerate(part.items):
            path = (*planned.path, planned.item.name)
            key = failures.key_of(collection, plain_path(path, known) if part.part else path, planned.item)
            if key not in failures.failed:
                continue
            rounds = failures.failed[key]
            here = rounds and frozenset(one for one in rounds if one < cycles)
            beyond |= {f"{shown(key)} (iteration {one + 1})": None for one in sorted((rounds or set()) - (here or set()))}
            if part.part:
                found.whole = True
            elif here is None or here:
                found.places[at] = here
    for trail, item in leaves((), collection.items):
        found.there.add(failures.key_of(collection, (*(folder.name for folder in trail), item.name), item))
    found.beyond = list(beyond)
    return found


def _missing(failures: Failures, found: Sequence[Found]) -> list[Warned]:
    known = {key for its in found for key in its.there}
    missing = [shown(key) for key in failures.failed if key not in known] + [name for its in found for name in its.beyond]
    if not missing:
        return []
    named = ", ".join(map(repr, missing[:NAMED])) + (", …" if len(missing) > NAMED else "")
    return [Warned(code=RERUN, message=f"what failed {failures.source} is no longer there: {named}")]


def _only(inputs: Inputs, places: Mapping[int, Rounds], cycles: int) -> Inputs:
    """Only these items and what they need, each in the iterations in which it failed; nothing if there are none."""
    plan = inputs.plan
    if all(rounds is None for rounds in places.values()):
        known = len(places) in (0, len(plan.items))
        run = frozenset(places if known else needed(plan, flow_of_inputs(inputs), places))
        return replace(inputs, plan=replace(plan, items=tuple(plan.items[at] for at in sorted(run))))
    grid = needed_in_iterations(plan, flow_of_inputs(inputs), _by_iteration(places, cycles))
    run = frozenset[int]().union(*grid.values())
    narrowed = replace(inputs, plan=replace(plan, items=tuple(plan.items[at] for at in sorted(run))))
    if len(grid) < cycles:
        narrowed = replace(narrowed, iterations=tuple(grid))
    if any(own != run for own in grid.values()):
        ids = {own: frozenset(id(plan.items[at]) for at in own) for own in set(grid.values())}
        narrowed = replace(narrowed, chosen={iteration: ids[own] for iteration, own in grid.items()})
    return narrowed


def _by_iteration(places: Mapping[int, Rounds], cycles: int) -> dict[int, frozenset[int]]:
    """The places that failed in each iteration; where that is not known, it may be any."""
    found: dict[int, set[int]] = {}
    for at, rounds in places.items():
        for iteration in range(cycles) if rounds is None else rounds:
            found.setdefault(iteration, set()).add(at)
    return {iteration: frozenset(own) for iteration, own in found.items()}


def _said(
    before: Sequence[Inputs], after: Sequence[Inputs], failed: int, failures: Failures, options: SelectionOptions
) -> str:
    every, run = (sum(len(one.plan.items) for one in some) for some in (before, after))
    more = f", and {run - failed} that they may depend on" if run > failed else ""
    all_rounds = sum(one.cycles(options.iteration_count) for one in after)
    rounds = sum(one.cycles(options.iteration_count) if one.iterations is None else len(one.iterations) for one in after)
    where = f", in {rounds} of {plural(all_rounds, 'iteration')}" if rounds < all_rounds else ""
    return f"{failed} of {every} requests are run, which failed {failures.source}{more}{where}"


def _failed_first(inputs: Inputs, places: set[int]) -> tuple[Inputs, str]:
    """Top-level folders and requests in which something failed, with what they need, before the others.

    The order stays if another one might change the result; the second value says so.
    """
    plan = inputs.plan
    if len(places) in (0, len(plan.items)):
        return inputs, ""
    tops = _tops(plan)
    flow = flow_of_inputs(inputs)
    first = needed(plan, flow, (at for at, top in enumerate(tops) if top in {tops[place] for place in places}))
    first = {at for at, top in enumerate(tops) if top in {tops[place] for place in first}}
    rest = [at for at in range(len(tops)) if at not in first]
    passed = [at for at in rest if at < max(first)]
    if not passed:
        return inputs, ""
    if not may_move(flow, sorted(first), passed):
        return inputs, f"{plan.collection.name} keeps its order: its requests may depend on one another"
    return replace(inputs, plan=replace(plan, items=tuple(plan.items[at] for at in (*sorted(first), *rest)))), ""


def _tops(plan: Plan) -> list[int]:
    """A number for each item, equal for items in the same top-level folder."""
    ids = {id(leaf[1]): at for at, entry in enumerate(plan.collection.items) for leaf in leaves((), (entry,))}
    return [ids[id(planned.item)] for planned in plan.items]
