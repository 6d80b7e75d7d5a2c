"""What a run is given: its ports to the world, and what it starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runner.auth import TokenStore
from runner.client.http import Client
from runner.clock import Clock
from runner.cookies.jar import CookieJar
from runner.engine.plan import Plan
from runner.entropy import Entropy
from runner.events import Warned
from runner.files import Files
from runner.model.variable import Environment
from runner.sandbox.sandbox import Sandbox
from runner.secrets import Secrets


@dataclass(slots=True, kw_only=True)
class Ports:
    """What one run uses of the world: one object for each kind of effect."""

    client: Client
    jar: CookieJar
    sandbox: Sandbox
    files: Files
    clock: Clock
    entropy: Entropy
    secrets: Secrets
    tokens: TokenStore = field(default_factory=TokenStore)


@dataclass(slots=True, kw_only=True)
class Inputs:
    """What a run starts from: the plan, the two files of variables and the rows of iteration data."""

    plan: Plan
    environment: Environment
    globals: Environment
    rows: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[Warned, ...] = ()
