"""HTTP: the request of an item with its auth, `pm.sendRequest`, and the cookies of scripts."""

from __future__ import annotations

from collections.abc import Callable

from runner.effects import CookiesFor, Performers, Send, StartSend, Step, UseCookies, WaitToken
from runner.model.json import JsonObject
from runner.model.request import ProtocolProfileBehavior
from runner.model.response import Cookie, Exchange
from runner.protocols.http.item import AuthStates, HttpItem
from runner.protocols.http.script_cookies import use_jar
from runner.protocols.http.sender import Sender, Starter
from runner.protocols.protocol import ItemContext, Parts, World
from runner.request.behavior import parse_behavior

__all__ = ["Http", "open_protocol"]


class Http:
    """The protocol `http` for one run."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._auth_states = AuthStates()
        self._behavior = self._behavior_of({})

    def steps(self, item: ItemContext) -> Step[Exchange | None]:
        """Send one item with its scripts."""
        behavior = self._behavior_of(item.behavior) if item.behavior else self._behavior
        return HttpItem(item, self._parts, behavior, self._auth_states).steps()

    def _behavior_of(self, source: JsonObject) -> ProtocolProfileBehavior:
        behavior = parse_behavior(source, self._parts.options)
        return behavior if self._parts.memo is None else self._parts.memo.same_behavior(behavior)

    def add_performers(self, performers: Performers, world: World) -> None:
        """Add those for sending, for cookies and for tokens."""
        parts = self._parts

        def wait_token(effect: WaitToken) -> None:
            parts.tokens.wait(effect.identity, world.cancel)

        def cookies_for(effect: CookiesFor) -> tuple[Cookie, ...]:
            return parts.jar.cookies_for(effect.url) if len(parts.jar) else ()

        def use_cookies(effect: UseCookies) -> object:
            return use_jar(parts.jar, effect.operation, effect.arguments)

        performers.add(Send, Sender(parts, world, parts.entropy).send)
        performers.add(StartSend, Starter(parts, world).start)
        performers.add(WaitToken, wait_token)
        performers.add(CookiesFor, cookies_for)
        performers.add(UseCookies, use_cookies)

    def remember(self) -> Callable[[], None]:
        """What brings the cookies back to what they are now; tokens and nonces are the server's affair and stay."""
        return self._parts.jar.remember()


def open_protocol(parts: Parts) -> Http:
    """HTTP for one run."""
    return Http(parts)
