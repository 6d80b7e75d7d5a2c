"""What an auth flow is given beside its parameters and the request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from runner.chance import Chance
from runner.effects import Send
from runner.model.request import ProtocolProfileBehavior, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthContext:
    """The surroundings of one send: `state` lives as long as the auth object (nonces and their counters)."""

    chance: Chance
    behavior: ProtocolProfileBehavior = ProtocolProfileBehavior()
    source: str = "item"
    state: dict[str, Any] = field(default_factory=dict)

    def send(self, request: Request) -> Send:
        """The effect that sends a request whose answer may be the final one."""
        return Send(request, self.behavior, self.source)

    def send_helper(self, request: Request) -> Send:
        """The effect that sends a request whose answer is never the final one."""
        return Send(request, self.behavior, "auth")
