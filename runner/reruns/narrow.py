"""Which requests are run again: those that failed with what they need, or all of them with the failed ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runner.engine.plan import Plan
from runner.engine.ports import Inputs
from runner.engine.selection import NAMED, leaves
from runner.errors import UsageError
from runner.events import Warned
from runner.options.selection import SelectionOptions
from runner.reruns import RERUN
from runner.reruns.failures import Failures, Key, paths_in, plain_path
from runner.reruns.needs import flow_of_inputs, may_move, needed
from runner.reruns.reports import load_report
from runner.reruns.state import load_state


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
    chosen, known = [], set[Key]()
    for one in inputs:
        places, whole, there = _failed_in(one.plan, failures)
        chosen.append(set(range(len(one.plan.items))) if whole and (only or not places) else places)
        known |= there
    warnings, notes = _missing(failures, known), list[str]()
    changed = list(inputs)
    if not any(chosen):
        what = "nothing that is selected failed" if failures.failed else "nothing failed"
        notes.append(f"{what} {failures.source}: everything is run")
    elif not only:
        pairs = [_failed_first(one, places) for one, places in zip(inputs, chosen, strict=True)]
        notes += [note for _, note in pairs if note]
        order = sorted(range(len(inputs)), key=lambda at: not chosen[at])
        changed = [pairs[at][0] for at in order]
    else:
        changed = [_only(one, places) for one, places in zip(inputs, chosen, strict=True)]
        notes.append(_said(inputs, changed, sum(map(len, chosen)), failures))
    warnings += [Warned(code=RERUN, message=note, note=True) for note in notes]
    first = next((at for at, one in enumerate(changed) if one.plan.items), 0)
    changed[first] = replace(changed[first], warnings=(*changed[first].warnings, *warnings))
    return changed


def _failed_in(plan: Plan, failures: Failures) -> tuple[set[int], bool, set[Key]]:
    """The places of the items that failed, whether everything counts as failed, and the keys that this collection has.

    Everything does where the run itself, a setup or a teardown failed, on which all depends.
    """
    collection = plan.collection
    there = {failures.key_of(collection, (), None)}
    whole, places = bool(there & failures.failed.keys()), set[int]()
    known = paths_in(collection)
    for part in plan.parts:
        for at, planned in enumerate(part.items):
            path = (*planned.path, planned.item.name)
            key = failures.key_of(collection, plain_path(path, known) if part.part else path, planned.item)
            if key in failures.failed:
                whole = whole or bool(part.part)
                places |= set() if part.part else {at}
    for trail, item in leaves((), collection.items):
        there.add(failures.key_of(collection, (*(folder.name for folder in trail), item.name), item))
    return places, whole, there


def _missing(failures: Failures, known: set[Key]) -> list[Warned]:
    missing = [shown for key, shown in failures.failed.items() if key not in known]
    if not missing:
        return []
    named = ", ".join(map(repr, missing[:NAMED])) + (", …" if len(missing) > NAMED else "")
    return [Warned(code=RERUN, message=f"what failed {failures.source} is no longer there: {named}")]


def _only(inputs: Inputs, places: set[int]) -> Inputs:
    """Only these items and what they need; without items, nothing of the collection."""
    plan = inputs.plan
    run = places if len(places) in (0, len(plan.items)) else needed(plan, flow_of_inputs(inputs), places)
    return replace(inputs, plan=replace(plan, items=tuple(plan.items[at] for at in sorted(run))))


def _said(before: Sequence[Inputs], after: Sequence[Inputs], failed: int, failures: Failures) -> str:
    every, run = (sum(len(one.plan.items) for one in some) for some in (before, after))
    more = f", and {run - failed} that they may depend on" if run > failed else ""
    return f"{failed} of {every} requests are run, which failed {failures.source}{more}"


def _failed_first(inputs: Inputs, places: set[int]) -> tuple[Inputs, str]:
    """Top-level folders and requests in which something failed, with what they need, before the others.

    The order stays if another one might change the result; the second value says so.
    """
    plan = inputs.plan
    if len(places) in (0, len(plan.items)):
        return inputs, ""
    top_of = {id(leaf[1]): at for at, entry in enumerate(plan.collection.items) for leaf in leaves((), (entry,))}
    tops = [top_of[id(planned.item)] for planned in plan.items]  # equal in the same top-level folder
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
