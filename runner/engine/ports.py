"""What a run is given: its ports to the world, and what it starts from."""

from __future__ import annotations

from collections.abc import Mapping

from runner.clock import Clock
from runner.engine.plan import Plan
from runner.entropy import Entropy
from runner.events import Warned
from runner.files import Files
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Environment
from runner.protocols.protocol import Protocol
from runner.sandbox.sandbox import Sandbox
from runner.secrets import Secrets
from runner.variables.scopes import Scopes


@dataclass(slots=True, kw_only=True)
class Ports:
    """What one run uses of the world; `protocols` has those of its items by kind."""

    protocols: Mapping[str, Protocol]
    sandbox: Sandbox
    files: Files
    clock: Clock
    entropy: Entropy
    secrets: Secrets


@dataclass(slots=True, kw_only=True)
class Inputs:
    """What a run starts from: the plan, the two files of variables and the rows of iteration data."""

    plan: Plan
    environment: Environment
    globals: Environment
    rows: tuple[JsonObject, ...] = ()
    warnings: tuple[Warned, ...] = ()

    def scopes(self) -> Scopes:
        """The variables before anything was run."""
        own = self.plan.collection.variables
        return Scopes(environment=self.environment.values, collection=own, globals=self.globals.values)
