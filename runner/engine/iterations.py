"""All iterations of a run, as one generator: item after item in the order of the plan and of `setNextRequest`."""

from __future__ import annotations

from collections.abc import Callable

from runner.effects import Step
from runner.engine.bail import Bail, check_executions
from runner.engine.item import ItemOutcome
from runner.engine.place import Place
from runner.engine.plan import Plan, PlannedItem, find_item
from runner.engine.ports import Inputs
from runner.engine.selection import nothing_hint
from runner.entropy import Entropy
from runner.errors import Bailed, NothingRun
from runner.events import Cursor, IterationFinished, IterationStarted, NextRequestSet, Warned
from runner.model.json import JsonObject
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.variables.scopes import Scopes

EMPTY = "nothing was run: this shard is empty"
"""What is said of a collection whose requests are all in other shards."""

RunItem = Callable[[PlannedItem, Cursor], Step[ItemOutcome]]


class Iterations:
    """The walk over the grid of iterations and items. `bail` sees the events that come of it, and `run_item` makes them."""

    def __init__(
        self, inputs: Inputs, options: RunOptions, scopes: Scopes, entropy: Entropy, bail: Bail, run_item: RunItem
    ) -> None:
        self._inputs = inputs
        self._options = options
        self._scopes = scopes
        self._entropy = entropy
        self._bail = bail
        self._run_item = run_item
        self._executed = False

    def steps(self) -> Step[None]:
        """Run every iteration, or a setup or teardown once; raises `RunAborted` for one without end, and `NothingRun`."""
        plan, rows = self._inputs.plan, self._inputs.rows
        if plan.part:
            yield from self._part()
            return
        place = Place(plan, self._inputs.cycles(self._options.iteration_count), self._entropy, self._inputs.span)
        for iteration in self._inputs.iterations or range(place.cycles):
            row = dict(rows[min(iteration, len(rows) - 1)]) if rows else {}
            yield from self.one(place, iteration, row)
            if self._bail.ends_run:
                break
        if not self._executed and self._inputs.iterations is None:
            yield nothing_run(plan, self._options)

    def one(self, place: Place, iteration: int, row: JsonObject) -> Step[None]:
        """Run the iteration of this number, with this row of data."""
        place.begin(iteration)
        if row or self._scopes.data.variables:
            self._scopes.data.assign(Variable(key, value) for key, value in row.items())
        yield IterationStarted(cursor=place.cursor(), data=row)
        yield from self._iteration(place)
        yield IterationFinished(cursor=place.cursor())

    def _part(self) -> Step[None]:
        """Run a setup or a teardown; a setup ends with its first failure, and the run with it."""
        plan = self._inputs.plan
        yield from self._iteration(Place(plan, 1, self._entropy))
        if plan.part == "setup" and self._bail.ends_iteration:
            raise Bailed("the setup failed: nothing else was run", where=plan.collection.name)

    def _iteration(self, place: Place) -> Step[None]:
        items, executions = self._inputs.plan.items, 0
        self._bail.begin_iteration()
        while place.in_iteration:
            planned, cursor = items[place.position], place.cursor()
            check_executions(executions, self._options.max_requests, len(items), planned)
            executions += 1
            outcome = yield from self._run_item(planned, cursor)
            self._executed = self._executed or not outcome.skipped
            if self._bail.ends_iteration:
                return
            if not outcome.jumps:
                place.step()
                continue
            name = outcome.next_request
            found = place.jump(name)
            yield NextRequestSet(name=name, found=found, cursor=cursor, item=planned.item, path=planned.path)
            if name is not None and not found:
                there = find_item(self._inputs.plan.collection, name) is not None
                what = "a request that was not selected" if there else "no request of this run"
                message = f'setNextRequest("{name}") names {what}: the iteration ends here'
                yield Warned(code="unknown-next-request", message=message, where=planned.item.name, cursor=cursor)


def nothing_run(plan: Plan, options: RunOptions) -> Warned:
    """A warning that nothing was run; raises `NothingRun`, so that a folder somebody emptied is not green by mistake.

    A whole collection without any request, and one whose scripts skip them all, only warn: Newman passes both. That a shard
    is empty is no more than a note: its requests are in the others.
    """
    reason = "every request was skipped by a script" if plan.items else "there is no request in what was selected"
    if plan.left_to_others:
        return Warned(code="nothing-run", message=EMPTY, note=True)
    if plan.items or not options.selects or options.allow_empty:
        return Warned(code="nothing-run", message=f"nothing was run: {reason}")
    near = nothing_hint(plan.collection, options)
    hint = f"{near}; --allow-empty lets this pass" if near else "--allow-empty lets this pass"
    raise NothingRun(f"nothing was run: {reason}", where=plan.collection.name, hint=hint)
