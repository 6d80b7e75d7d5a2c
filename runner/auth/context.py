"""What an auth type gets beside its parameters and the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from runner.auth.token_store import TokenStore
from runner.clock import Clock
from runner.effects import Lease, Send
from runner.entropy import Entropy
from runner.model.quick_dataclass import dataclass
from runner.model.request import ProtocolProfileBehavior, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthContext:
    """The surroundings of one send: `state` lives as long as the auth object (nonces and their counters).

    The whole run shares `tokens`. The auth type tells `learn` every secret that it gets or makes, before a report can see
    it; without reports nobody has to learn anything.
    """

    clock: Clock
    entropy: Entropy
    behavior: ProtocolProfileBehavior = ProtocolProfileBehavior()
    source: str = "item"
    state: dict[str, object] = field(default_factory=dict)
    tokens: TokenStore = field(default_factory=TokenStore)
    learn: Callable[[str], None] = lambda secret: None

    def send(self, request: Request, lease: Lease | None = None) -> Send:
        """The effect that sends a request whose response may be the item's."""
        return Send(request, self.behavior, self.source, lease=lease)

    def send_helper(self, request: Request, lease: Lease | None = None) -> Send:
        """The effect that sends a request whose response is never the item's."""
        return Send(request, self.behavior, "auth", lease=lease)
