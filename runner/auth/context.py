"""What an auth flow is given beside its parameters and the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

from runner.auth.token_store import TokenStore
from runner.clock import Clock
from runner.effects import Lease, Send
from runner.entropy import Entropy
from runner.model.quick_dataclass import dataclass
from runner.model.request import ProtocolProfileBehavior, Request


def _keep_quiet(secret: str) -> None:
    """Nobody listens: where there are no reports, there is nothing to mask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthContext:
    """The surroundings of one send: `state` lives as long as the auth object (nonces and their counters).

    `tokens` is shared by the whole run; `learn` is told every secret that the flow gets or makes, before it can be told to
    a report.
    """

    clock: Clock
    entropy: Entropy
    behavior: ProtocolProfileBehavior = ProtocolProfileBehavior()
    source: str = "item"
    state: dict[str, Any] = field(default_factory=dict)
    tokens: TokenStore = field(default_factory=TokenStore)
    learn: Callable[[str], None] = _keep_quiet

    def send(self, request: Request, lease: Lease | None = None) -> Send:
        """The effect that sends a request whose answer may be the final one."""
        return Send(request, self.behavior, self.source, lease=lease)

    def send_helper(self, request: Request, lease: Lease | None = None) -> Send:
        """The effect that sends a request whose answer is never the final one."""
        return Send(request, self.behavior, "auth", lease=lease)
