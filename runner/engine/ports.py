"""What a run is given: its ports to the world, and what it starts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace

from runner.clock import Clock
from runner.engine.plan import Plan
from runner.entropy import Entropy
from runner.errors import PostrunnerError
from runner.events import Assertion, ItemPlace, RunFinished, RunStarted, Warned
from runner.files import Files
from runner.model.collection import Collection
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.response import Exchange
from runner.model.variable import Environment
from runner.protocols.protocol import Protocol
from runner.sandbox.sandbox import Sandbox
from runner.secrets import Secrets
from runner.variables.scopes import Scopes


@dataclass(frozen=True, slots=True)
class Judged:
    """An exchange that somebody else than the scripts judges, and whose it is; `by_script` if a script ran the item."""

    exchange: Exchange
    place: ItemPlace
    collection: Collection
    by_script: bool


Judge = Callable[[Judged], Sequence[Assertion | Warned]]
"""What somebody else than the scripts has to say of an exchange: assertions, warnings; several runs may call it at once."""


@dataclass(slots=True, kw_only=True)
class Ports:
    """What one run uses of the world; `protocols` has those of its items by kind, `judges` look at each exchange.

    They have the names that stand in reports in the place of the kind of a script.
    """

    protocols: Mapping[str, Protocol]
    sandbox: Sandbox
    files: Files
    clock: Clock
    entropy: Entropy
    secrets: Secrets
    judges: Mapping[str, Judge] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Inputs:
    """What a run starts from: the plan, the two files of variables and the rows of iteration data.

    A part of a run, beside which others go on, has the `iterations` and the `span` of items (by position) that are its own;
    so has a shard its `iterations`.
    """

    plan: Plan
    environment: Environment
    globals: Environment
    rows: tuple[JsonObject, ...] = ()
    warnings: tuple[Warned, ...] = ()
    iterations: Sequence[int] | None = None
    span: range | None = None

    def cycles(self, count: int | None) -> int:
        """How many iterations there are: `count`, else one for each row of data."""
        return (count or len(self.rows) or 1) if self.plan.items else 0

    def scopes(self) -> Scopes:
        """The variables before anything was run."""
        own = self.plan.collection.variables
        return Scopes(environment=self.environment.values, collection=own, globals=self.globals.values)

    def started(self, moment: float) -> RunStarted:
        """The beginning of a run; `moment` is in milliseconds since the epoch."""
        return RunStarted(
            collection=self.plan.collection,
            environment=self.environment,
            globals=self.globals,
            items=tuple(planned.item for planned in self.plan.items),
            started=moment,
            part=self.plan.part,
        )

    def finished(self, scopes: Scopes, completed: float, error: PostrunnerError | None) -> RunFinished:
        """The end of a run with this state; `completed` is in milliseconds since the epoch."""
        return RunFinished(
            completed=completed,
            environment=replace(self.environment, values=tuple(scopes.environment.variables)),
            globals=replace(self.globals, values=tuple(scopes.globals.variables)),
            collection_variables=Environment(name=self.plan.collection.name, values=tuple(scopes.collection.variables)),
            error=error,
        )

    def values(self) -> dict[str, list[Json]]:
        """All values that files give each variable, by name."""
        found: dict[str, list[Json]] = {}
        for variable in (*self.environment.values, *self.globals.values, *self.plan.collection.variables):
            found.setdefault(variable.key, []).append(variable.value)
        for row in self.rows:
            for name, value in row.items():
                found.setdefault(name, []).append(value)
        return found
